// Tokens of users for other programs: subject tokens and personal access tokens.

import { refuse } from '../api.mjs';
import { subjectTokenLifetime } from '../delegation.mjs';
import { knownUser } from './users.mjs';

export function userTokenRoutes({ delegation, log }) {
  return {
    'POST /subject-tokens': ({ body: { userId } }) => {
      if (typeof userId !== 'string') {
        refuse(400, 'guard.invalid_input');
      }
      const subjectToken = delegation.createSubject(knownUser(userId).id);
      log.addSecret('subject token', subjectToken);
      return [201, { subjectToken, expiresIn: subjectTokenLifetime }];
    },
    'POST /users/:userId/personal-access-tokens': ({ params: { userId }, body: { name, expiresAt = null } }) => {
      if (typeof name !== 'string' || name === '') {
        refuse(400, 'guard.invalid_input');
      }
      if (expiresAt !== null && !(expiresAt > Date.now())) {
        refuse(400, 'request.invalid_input');
      }
      knownUser(userId);
      const token = { userId, name, expiresAt };
      const value = delegation.createPersonal(token) ?? refuse(422, 'user.personal_access_token_name_exists');
      log.addSecret('personal access token', value);
      return [201, { tenantId: 'default', ...token, value }];
    },
    'DELETE /users/:userId/personal-access-tokens/:name': ({ params: { userId: id, name } }) =>
      delegation.deletePersonal(id, name) ? [204] : refuse(404, 'entity.not_found'),
  };
}
