'use server';

import { getAccessToken } from '@logto/next/server-actions';
import { config, resource } from './logto';

/** What may be shown of a token: not the token. */
export async function accessToken() {
  const token = await getAccessToken(config, resource);
  const { aud, scope, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  return { audience: aud, scopes: scope.split(' '), expires: exp };
}
