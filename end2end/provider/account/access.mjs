// The caller of the Account API, and what the tenant and the token let the caller do.

import { refuse } from '../api.mjs';
import { findUser, usernameOf } from '../directory.mjs';

const unauthorized = (status = 401) => refuse(status, 'auth.unauthorized');

/** Finds the user of the opaque access token of a request. */
export function authentication({ provider, settings, verifications }) {
  return async (req) => {
    const { authorization } = req.headers;
    if (!authorization?.startsWith('Bearer ')) {
      refuse(401, 'auth.authorization_header_missing');
    }
    const token = await provider.AccessToken.find(authorization.slice('Bearer '.length));
    const found = token && !token.isExpired && findUser(token.accountId);
    if (!found || settings.suspended.includes(found[0])) {
      unauthorized();
    }
    const scopes = new Set(token.scope?.split(' '));
    if (!scopes.has('openid')) {
      refuse(403, 'auth.forbidden');
    }
    if (!settings.account_center) {
      refuse(400, 'account_center.not_enabled');
    }
    const [key, user] = found;
    const { accountId: id, sessionUid } = token;
    const verified = verifications.proves(req.headers['logto-verification-id'], id);
    return { id, username: usernameOf(key), user, scopes, verified, sessionUid };
  };
}

/** Refuses a sensitive call without a verification record of the caller. */
export function requireVerified({ verified }) {
  if (!verified) {
    refuse(401, 'verification_record.permission_denied');
  }
}

/** Refuses a token without a scope. Some calls of Logto answer 400. */
export function requireScope({ scopes }, scope, status) {
  if (!scopes.has(scope)) {
    unauthorized(status);
  }
}

/** The users' permissions for the fields of their accounts. */
export function fieldAccess(settings) {
  const access = (name) => settings.account_fields[name] ?? 'Edit';
  const isReadable = (name) => access(name) !== 'Off';
  return {
    isReadable,
    requireReadable(name) {
      if (!isReadable(name)) {
        refuse(400, 'account_center.field_not_enabled');
      }
    },
    requireEditable(name) {
      if (access(name) !== 'Edit') {
        refuse(400, 'account_center.field_not_editable');
      }
    },
  };
}

/** Whether a user can prove their identity, so that sensitive calls need it. */
export const hasSecurityMethod = ({ password, email, phone }) => [password, email, phone].some(Boolean);
