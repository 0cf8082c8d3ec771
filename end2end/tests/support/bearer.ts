// Access tokens that the app got from the provider, for requests to the app's API without a browser.

import type { Provider } from './stack.ts';

/** The newest access token for an audience. */
export async function tokenFor(provider: Provider, audience: string): Promise<string> {
  const tokens = (await provider.secrets()).filter(({ name }) => name === 'access_token').map(({ value }) => value);
  const token = tokens.findLast((value) => audienceOf(value) === audience);
  if (!token) {
    throw new Error(`the app has got no token for ${audience}`);
  }
  return token;
}

/** An opaque token, which is for userinfo, has none. */
function audienceOf(token: string): string | undefined {
  const payload = token.split('.')[1];
  return payload && (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { aud?: string }).aud;
}
