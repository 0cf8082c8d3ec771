// Members of organizations, and their roles. A change takes effect in the tokens that are issued
// next.

import { refuse } from '../api.mjs';
import { organizationRoles, users } from '../demo.mjs';
import { findUser, isMember, join, organizationPermissions } from '../directory.mjs';
import { membership } from './events.mjs';
import { checkOrganization, roleId, roleName, rolesOf } from './organizations.mjs';
import { page } from './paging.mjs';
import { knownUser, userView } from './users.mjs';

const noRelation = [422, 'entity.relation_foreign_key_not_found'];

/** A field of a body that is a list of strings. */
function strings(value = []) {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
    ? value
    : refuse(400, 'guard.invalid_input');
}

/** The user, who is a member. `error` is the error of one who is not. */
function member({ id, userId }, error) {
  const user = knownUser(userId);
  return isMember(user, id) ? user : refuse(...error);
}

export function memberRoutes(context) {
  const shown = userView(context);
  const list = '/organizations/:id/users';
  const one = `${list}/:userId`;
  return {
    [`GET ${list}`]: ({ params: { id }, query }) => {
      checkOrganization(id);
      const members = Object.entries(users).filter(([, user]) => isMember(user, id));
      return page(
        members.map(([name, user]) => ({ ...shown(name, user), organizationRoles: rolesOf(user, id) })),
        query,
        `/organizations/${id}/users`,
      );
    },
    [`POST ${list}`]: ({ params: { id }, body, happened }) => {
      checkOrganization(id);
      const ids = strings(body.userIds);
      if (ids.length === 0) {
        refuse(400, 'guard.invalid_input');
      }
      const added = ids.map((userId) => findUser(userId)?.[1] ?? refuse(...noRelation));
      const isNew = (userId) => !isMember(findUser(userId)[1], id);
      happened('Organization.Membership.Updated', membership(id, { added: [...new Set(ids)].filter(isNew) }));
      added.forEach((user) => join(user, id));
      return [201, 'Created'];
    },
    [`DELETE ${one}`]: ({ params, happened }) => {
      const user = member(params, [404, 'entity.not_found']);
      delete user.organizations[params.id];
      happened('Organization.Membership.Updated', membership(params.id, { removed: [user.id] }));
      return [204];
    },
    [`POST ${one}/roles`]: ({ params, body }) => {
      const byName = (name) => (Object.hasOwn(organizationRoles, name) ? name : refuse(...noRelation));
      const byId = strings(body.organizationRoleIds).map((id) => roleName(id));
      const names = [...byId, ...strings(body.organizationRoleNames).map(byName)];
      join(member(params, noRelation), params.id, names);
      return [201, { organizationRoleIds: names.map(roleId) }];
    },
    [`DELETE ${one}/roles/:roleId`]: ({ params }) => {
      const user = member(params, noRelation);
      const name = roleName(params.roleId, [404, 'entity.not_found']);
      const names = user.organizations[params.id];
      if (!names.includes(name)) {
        refuse(404, 'entity.not_found');
      }
      user.organizations[params.id] = names.filter((held) => held !== name);
      return [204];
    },
    [`GET ${one}/scopes`]: ({ params }) => {
      const names = organizationPermissions(member(params, noRelation), params.id);
      return [200, names.map((name) => ({ tenantId: 'default', id: `scope_${name}`, name }))];
    },
  };
}
