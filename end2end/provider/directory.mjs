// Looks up users and their permissions in the demo data.

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

/** The user with this username and password, or undefined. */
export function authenticate(username, password) {
  const user = Object.hasOwn(users, username) ? users[username] : undefined;
  return user?.password === password ? user : undefined;
}

/** The user with this id (the `sub` claim) as `[username, user]`, or undefined. */
export function findUser(id) {
  return Object.entries(users).find(([, user]) => user.id === id);
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
