// The tenant's script for custom claims, as far as it refuses access tokens. Logto runs it for every
// access token of a user, opaque ones included, after the refresh token has rotated.

import { errors } from 'oidc-provider';

/**
 * Throws Logto's error if the script of the setting `claims_script` refuses the token:
 * `access_denied` if it denies access, `invalid_request` if it fails and the tenant blocks tokens on
 * errors.
 */
export function runClaimsScript(script, token) {
  const isFor = token.kind === 'AccessToken' && (script?.audiences?.includes(token.aud) ?? true);
  if (!script || !isFor) {
    return;
  }
  throw 'denies' in script ? new errors.AccessDenied(script.denies) : new errors.InvalidRequest(script.fails);
}

/** Whether this is a valid value of the setting. */
export function isClaimsScript(value) {
  if (value === null) {
    return true;
  }
  const { denies, fails, audiences = [], ...rest } = Object(value);
  const isOneText = [denies, fails].filter((text) => text !== undefined).map((text) => typeof text).join() === 'string';
  const isList = Array.isArray(audiences) && audiences.every((audience) => typeof audience === 'string');
  return isOneText && isList && Object.keys(rest).length === 0;
}
