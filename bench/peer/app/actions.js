'use server';

import { getAccessToken } from '@logto/next/server-actions';
import { config, resource } from './logto';
import { claimsOf } from './token';

export async function accessToken() {
  return claimsOf(await getAccessToken(config, resource));
}
