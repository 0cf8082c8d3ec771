'use server';

import { getAccessToken } from '@logto/next/server-actions';
import { config, resource } from './logto';

/** The parts of a token that the page may show, without the token itself. */
export async function accessToken() {
  const token = await getAccessToken(config, resource);
  const { aud, scope, exp } = JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString());
  return { audience: aud, scopes: scope.split(' '), expires: exp };
}
