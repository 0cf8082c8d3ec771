// The account: name, avatar, username, custom data and the profile.

import { refuse } from '../api.mjs';
import { findUser, hasKey, rekey, usernameOf } from '../directory.mjs';
import { hasSecurityMethod, requireScope, requireVerified } from './access.mjs';
import { requireIdentifierLeft } from './identifiers.mjs';
import { fromProfile, toProfile } from './profile-fields.mjs';
import { isText, requireUsername } from './values.mjs';
import { unexpired } from './stored.mjs';

const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const orNull = (isValid) => (value) => value === null || isValid(value);

/** The fields of `PATCH /my-account`, with their valid values. */
const editable = {
  name: orNull(isText),
  avatar: orNull((value) => isText(value) && URL.canParse(value)),
  username: orNull((value) => Boolean(requireUsername(value))),
  customData: isRecord,
};

export function profileRoutes({ provider, store, fields, changed }) {
  return {
    'GET /my-account': ({ caller }) => [200, account(caller)],
    'PATCH /my-account': ({ caller, body, origin }) => {
      const changes = Object.entries(body);
      if (!changes.every(([field, value]) => Object.hasOwn(editable, field) && editable[field](value))) {
        refuse(400, 'guard.invalid_input');
      }
      changes.forEach(([field]) => fields.requireEditable(field));
      requireScope(caller, 'profile', 400);
      if ('customData' in body) {
        requireScope(caller, 'custom_data', 400);
      }
      if ('username' in body) {
        requireVerified(caller);
        checkUsername(caller, body.username);
      }
      const names = { name: 'name', avatar: 'picture', customData: 'customData' };
      changes.filter(([field]) => field in names).forEach(([field, value]) => (caller.user[names[field]] = value));
      if ('username' in body) {
        rekey(caller.user, body.username);
      }
      changed(caller, origin);
      return [200, account(caller)];
    },
    'PATCH /my-account/profile': ({ caller, body, origin }) => {
      const claims = fromProfile(body);
      fields.requireEditable('profile');
      requireScope(caller, 'profile', 400);
      if ('address' in claims) {
        requireScope(caller, 'address', 400);
      }
      Object.assign(caller.user.profile, claims);
      changed(caller, origin);
      return [200, profile(caller)];
    },
  };

  /** The fields that the tenant and the scopes of the token let the user read. */
  function account(caller) {
    const { id, scopes, user } = caller;
    const signIns = unexpired(store, 'Session').filter(({ accountId }) => accountId === id);
    const lastSignInAt = Math.max(...signIns.map(({ loginTs }) => loginTs * 1000));
    const readable = [
      ['username', 'profile', 'username', () => usernameOf(findUser(id)[0])],
      ['name', 'profile', 'name', () => user.name],
      ['avatar', 'profile', 'avatar', () => user.picture && new URL(user.picture, provider.issuer).href],
      ['profile', 'profile', 'profile', () => profile(caller)],
      ['email', 'email', 'primaryEmail', () => user.email],
      ['phone', 'phone', 'primaryPhone', () => user.phone],
      ['customData', 'custom_data', 'customData', () => user.customData],
      ['social', 'identities', 'identities', () => user.identities],
      ['password', 'openid', 'hasPassword', () => user.password !== null],
    ].filter(([field, scope]) => scopes.has(scope) && fields.isReadable(field));
    return {
      id,
      ...Object.fromEntries(readable.map(([, , name, value]) => [name, value()])),
      lastSignInAt: Number.isFinite(lastSignInAt) ? lastSignInAt : null,
      createdAt: user.createdAt,
      updatedAt: user.updatedAt,
      applicationId: user.applicationId ?? null,
      isSuspended: false,
      hasSecurityVerificationMethod: hasSecurityMethod(user),
    };
  }
}

function profile({ user, scopes }) {
  const { address, ...claims } = user.profile;
  return toProfile({ ...claims, ...(scopes.has('address') && address && { address }) });
}

function checkUsername(caller, username) {
  if (username === null) {
    requireIdentifierLeft({ ...caller.user, username });
  } else if (username !== caller.username && hasKey(username)) {
    refuse(422, 'user.username_already_in_use');
  }
}
