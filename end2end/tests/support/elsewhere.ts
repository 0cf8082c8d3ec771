// Another program with the application's secret, which has got hold of the session's refresh token.

import { application } from '../../provider/demo.mjs';
import { expect } from './fixtures.ts';
import type { Provider } from './stack.ts';

/** Uses the refresh token, so that Logto may rotate it. */
export async function refreshElsewhere(provider: Provider): Promise<void> {
  await send(provider, '/oidc/token', { grant_type: 'refresh_token', refresh_token: await refreshToken(provider) });
}

/** Revokes the refresh token, and the grant with it. The session at Logto goes on. */
export async function revokeElsewhere(provider: Provider): Promise<void> {
  const token = await refreshToken(provider);
  await send(provider, '/oidc/token/revocation', { token, token_type_hint: 'refresh_token' });
}

/** The newest refresh token of the app. */
async function refreshToken(provider: Provider): Promise<string> {
  const secrets = await provider.secrets();
  return secrets.filter(({ name }) => name === 'refresh_token').at(-1)!.value;
}

async function send(provider: Provider, path: string, form: Record<string, string>): Promise<void> {
  const response = await fetch(provider.url + path, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa(`${application.appId}:${application.appSecret}`)}` },
    body: new URLSearchParams(form),
  });
  expect(response.status).toBe(200);
}
