// Users, and the organizations of one.

import { refuse } from '../api.mjs';
import { users } from '../demo.mjs';
import { findUser, usernameOf } from '../directory.mjs';
import { rolesOf, shownOrganization } from './organizations.mjs';
import { page } from './paging.mjs';

/** The user with this id, or the error of an unknown one. */
export const knownUser = (id) => findUser(id)?.[1] ?? refuse(404, 'entity.not_found');

/** How the API shows users: `shown(key, user)`. */
export function userView({ provider, settings }) {
  return (key, user) => ({
    id: user.id,
    username: usernameOf(key),
    primaryEmail: user.email,
    primaryPhone: user.phone,
    name: user.name,
    avatar: user.picture && new URL(user.picture, provider.issuer).href,
    customData: user.customData,
    isSuspended: settings.suspended.includes(key),
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
  });
}

export function userRoutes(context) {
  const shown = userView(context);
  return {
    'GET /users': ({ query }) =>
      page(
        Object.entries(users).map((entry) => shown(...entry)),
        query,
        '/users',
      ),
    'GET /users/:userId': ({ params: { userId: id } }) => {
      const user = knownUser(id);
      return [200, shown(findUser(id)[0], user)];
    },
    'PATCH /users/:userId/password': ({ params: { userId: id }, body: { password } }) => {
      if (typeof password !== 'string' || password === '') {
        refuse(400, 'guard.invalid_input');
      }
      const user = knownUser(id);
      user.password = password;
      return [200, shown(findUser(id)[0], user)];
    },
    'PATCH /users/:userId/is-suspended': ({ params: { userId: id }, body: { isSuspended } }) => {
      if (typeof isSuspended !== 'boolean') {
        refuse(400, 'guard.invalid_input');
      }
      const user = knownUser(id);
      const [key] = findUser(id);
      const others = context.settings.suspended.filter((name) => name !== key);
      context.settings.change({ suspended: isSuspended ? [...others, key] : others });
      if (isSuspended) {
        context.store.deleteOf(id);
      }
      return [200, shown(key, user)];
    },
    'DELETE /users/:userId': ({ params: { userId: id }, happened }) => {
      const user = knownUser(id);
      const [key] = findUser(id);
      happened('User.Deleted', { data: shown(key, user) });
      delete users[key];
      context.store.deleteOf(id);
      return [204];
    },
    // Like Logto, with an empty list for an unknown user.
    'GET /users/:userId/roles': ({ params: { userId: id }, query }) => {
      const names = findUser(id)?.[1].roles ?? [];
      return page(
        names.map((name) => ({ id: `role-${name}`, name, type: 'User' })),
        query,
        `/users/${id}/roles`,
      );
    },
    'GET /users/:userId/organizations': ({ params: { userId: id } }) => {
      const user = knownUser(id);
      const organizations = Object.keys(user.organizations);
      return [
        200,
        organizations.map((of) => ({ ...shownOrganization(of), organizationRoles: rolesOf(user, of) })),
      ];
    },
  };
}
