// Organizations, and the roles of their template.

import { randomBytes } from 'node:crypto';
import { refuse } from '../api.mjs';
import { organizationRoles, organizations, users } from '../demo.mjs';
import { page } from './paging.mjs';

const prefix = 'role_';

/** The id of a role of the organization template. */
export const roleId = (name) => prefix + name;

/** The name of the role with this id, or the error of an unknown one. */
export function roleName(id, [status, code] = [422, 'entity.relation_foreign_key_not_found']) {
  const name = String(id).slice(prefix.length);
  return Object.hasOwn(organizationRoles, name) && id === roleId(name) ? name : refuse(status, code);
}

/** The roles of a member. */
export const rolesOf = (user, organizationId) =>
  user.organizations[organizationId].map((name) => ({ id: roleId(name), name }));

/** Ends the request with an error if there is no such organization. */
export function checkOrganization(id, [status, code] = [404, 'entity.not_found']) {
  if (!Object.hasOwn(organizations, id)) {
    refuse(status, code);
  }
}

/** An organization as the API shows it. */
export function shownOrganization(id) {
  const { name, description, customData = {}, isMfaRequired = false, createdAt = Date.UTC(2024, 0, 15) } =
    organizations[id];
  return { tenantId: 'default', id, name, description, customData, isMfaRequired, createdAt };
}

/** Deletes an organization with its memberships and invitations. */
function deleteOrganization(id, invitations) {
  checkOrganization(id);
  delete organizations[id];
  Object.values(users).forEach((user) => delete user.organizations[id]);
  invitations.deleteOf(id);
}

export function organizationRoutes({ invitations }) {
  return {
    'GET /organizations': ({ query }) =>
      page(Object.keys(organizations).map(shownOrganization), query, '/organizations'),
    'POST /organizations': ({ body: { name, description = null, customData, isMfaRequired } }) => {
      if (typeof name !== 'string' || name === '' || name.length > 128) {
        refuse(400, 'guard.invalid_input');
      }
      const id = randomBytes(6).toString('hex');
      organizations[id] = { name, description, customData, isMfaRequired, createdAt: Date.now() };
      return [201, shownOrganization(id)];
    },
    'GET /organizations/:id': ({ params: { id } }) => {
      checkOrganization(id);
      return [200, shownOrganization(id)];
    },
    'DELETE /organizations/:id': ({ params: { id } }) => {
      deleteOrganization(id, invitations);
      return [204];
    },
    'GET /organization-roles': ({ query }) => {
      const roles = Object.keys(organizationRoles).map((name) => ({ tenantId: 'default', id: roleId(name), name }));
      return page(roles, query, '/organization-roles');
    },
  };
}
