// The claims that each scope adds, and the claims of a user.

import { findUser, organizationData, usernameOf } from './directory.mjs';

const profile = [
  'name',
  'family_name',
  'given_name',
  'middle_name',
  'nickname',
  'preferred_username',
  'profile',
  'picture',
  'website',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'updated_at',
  'username',
  'created_at',
];

/** Claims by scope. */
export const claimsByScope = {
  profile,
  email: ['email', 'email_verified'],
  phone: ['phone_number', 'phone_number_verified'],
  address: ['address'],
  roles: ['roles'],
  custom_data: ['custom_data'],
  identities: ['identities', 'sso_identities'],
  'urn:logto:scope:organizations': ['organizations', 'organization_data'],
  'urn:logto:scope:organization_roles': ['organization_roles'],
  'urn:logto:scope:sessions': [],
};

/** Claims that only userinfo carries, whatever the scopes. */
export const userInfoOnly = new Set(['custom_data', 'identities', 'sso_identities', 'organization_data']);

/**
 * All claims of a user for one use, `id_token` or `userinfo`; the provider keeps those that the
 * scopes allow. `baseUrl` makes the picture's address absolute. `leftOut` lists the claims that the
 * tenant excludes from ID tokens.
 */
export function claimsOf(id, use, baseUrl, leftOut = []) {
  const [key, user] = findUser(id);
  const all = {
    sub: user.id,
    username: usernameOf(key),
    name: user.name,
    picture: user.picture === null ? null : new URL(user.picture, baseUrl).href,
    ...user.profile,
    email: user.email,
    email_verified: user.email !== null,
    phone_number: user.phone,
    phone_number_verified: user.phone !== null,
    // Milliseconds, unlike the seconds of OpenID Connect Core §5.1: this is what Logto sends.
    created_at: user.createdAt,
    updated_at: user.updatedAt,
    roles: user.roles,
    organizations: Object.keys(user.organizations),
    organization_roles: Object.entries(user.organizations).flatMap(([organization, names]) =>
      names.map((name) => `${organization}:${name}`),
    ),
    organization_data: organizationData(user),
    custom_data: user.customData,
    identities: user.identities,
    sso_identities: user.ssoIdentities,
  };
  return Object.fromEntries(
    Object.entries(all).filter(([name]) => use === 'userinfo' || !(userInfoOnly.has(name) || leftOut.includes(name))),
  );
}
