// Looks up users and their permissions in the demo data, and adds users who register.

import { randomBytes } from 'node:crypto';
import { organizationRoles, organizations, resources, roles, users } from './demo.mjs';

/** The reserved resource for the organization template (Logto RFC 0001). */
export const organizationResource = 'urn:logto:resource:organizations';
/** The scope a refresh token needs before it can be exchanged for an organization token. */
export const organizationsScope = 'urn:logto:scope:organizations';
/** The audience of an organization token is this prefix and the organization's id. */
export const organizationUrnPrefix = 'urn:logto:organization:';

/** The API resource of the Management API, at every Logto outside of the cloud. */
export const managementResource = 'https://default.logto.app/api';
/** The only permission of the Management API. */
export const managementPermission = 'all';

const initial = structuredClone({ organizations, users });

/** Undoes all changes of users and organizations. */
export function resetDirectory() {
  const copy = structuredClone(initial);
  restore(organizations, copy.organizations);
  restore(users, copy.users);
}

function restore(current, copy) {
  Object.keys(current).forEach((key) => delete current[key]);
  Object.assign(current, copy);
}

const unique = (values) => [...new Set(values)];

/** The user with this username or email address, and this password, as `[username, user]`. */
export function authenticate(identifier, password) {
  const found = Object.hasOwn(users, identifier) ? [identifier, users[identifier]] : findUserByEmail(identifier);
  // A user of a magic link has no password.
  return password && found?.[1].password === password ? found : undefined;
}

/** The user with this id (the `sub` claim) as `[username, user]`, or undefined. */
export function findUser(id) {
  return Object.entries(users).find(([, user]) => user.id === id);
}

/** The user with this email address as `[username, user]`, or undefined. Logto ignores the case. */
export function findUserByEmail(email) {
  const isSame = (other) => other?.toLowerCase() === email.toLowerCase();
  return Object.entries(users).find(([, user]) => isSame(user.email));
}

/**
 * Adds a user with an email address that no user has, and returns the user. As at a Logto server
 * such a user has no username: the address takes its place in `users`.
 */
export function addUser({ email, name = null, password = null }) {
  const now = Date.now();
  users[email] = {
    id: randomBytes(6).toString('hex'),
    password,
    secondFactor: false,
    name,
    picture: null,
    email,
    phone: null,
    profile: {},
    customData: {},
    identities: {},
    ssoIdentities: [],
    roles: [],
    organizations: {},
    createdAt: now,
    updatedAt: now,
  };
  return users[email];
}

/** The username behind a key of `users`, or null. A username cannot contain `@`. */
export const usernameOf = (key) => (key.includes('@') ? null : key);

/** Makes a user a member with these roles, in addition to those that they have. */
export function join(user, organizationId, names = []) {
  user.organizations[organizationId] = unique([...(user.organizations[organizationId] ?? []), ...names]);
}

/** Whether a user has this username, or registered with this address. */
export const hasKey = (key) => Object.hasOwn(users, key);

/** Moves a user to the key of a username, or of a user who has none. */
export function rekey(user, username) {
  const key = username ?? user.email ?? `@${user.id}`;
  restore(users, Object.fromEntries(Object.entries(users).map(([old, each]) => [each === user ? key : old, each])));
}

/** Whether the user belongs to the organization. */
export function isMember(user, organizationId) {
  return Object.hasOwn(user.organizations, organizationId);
}

/** The user's organizations as userinfo shows them. */
export function organizationData(user) {
  return Object.keys(user.organizations).map((id) => {
    const { name, description } = organizations[id];
    return { id, name, description };
  });
}

/** The user's permissions in the organization, by the roles there. */
export function organizationPermissions(user, organizationId) {
  const names = user.organizations[organizationId] ?? [];
  return unique(names.flatMap((name) => organizationRoles[name].permissions));
}

/** Whether an API resource, or the reserved organization resource, has this indicator. */
export function isResource(indicator) {
  return indicator === organizationResource || Object.hasOwn(resources, indicator);
}

/**
 * The user's permissions for a resource. In an organization only the roles there count. Outside of
 * one, the user's own roles and those in all organizations count, because the authorization request
 * comes before an organization is chosen.
 */
export function resourcePermissions(user, indicator, organizationId) {
  if (indicator === organizationResource) {
    return unique(Object.values(organizationRoles).flatMap((role) => role.permissions));
  }
  if (!user) {
    return [];
  }
  const inOrganizations = Object.entries(user.organizations)
    .filter(([id]) => organizationId === undefined || id === organizationId)
    .flatMap(([, names]) => names.flatMap((name) => organizationRoles[name].resources[indicator] ?? []));
  const own = organizationId === undefined ? user.roles.flatMap((name) => roles[name][indicator] ?? []) : [];
  return unique([...own, ...inOrganizations]);
}
