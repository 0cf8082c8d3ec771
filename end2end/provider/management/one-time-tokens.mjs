// One-time tokens of magic links.

import { refuse } from '../api.mjs';
import { page } from './paging.mjs';

export function oneTimeTokenRoutes({ oneTimeTokens, log }) {
  const path = '/one-time-tokens';
  const known = (id) => oneTimeTokens.get(id) ?? refuse(404, 'entity.not_found');
  return {
    [`GET ${path}`]: ({ query }) => page(oneTimeTokens.all, query, path),
    [`POST ${path}`]: ({ body: { email, expiresIn, context } }) => {
      const isLifetime = expiresIn === undefined || (Number.isSafeInteger(expiresIn) && expiresIn > 0);
      if (typeof email !== 'string' || email === '' || !isLifetime) {
        refuse(400, 'guard.invalid_input');
      }
      const created = oneTimeTokens.create({ email, expiresIn, context });
      log.addSecret('one-time token', created.token);
      return [201, created];
    },
    [`POST ${path}/verify`]: ({ body: { token, email } }) => {
      const problem = oneTimeTokens.problem({ token, email });
      return problem ? refuse(...problem) : [200, oneTimeTokens.consume(token)];
    },
    [`GET ${path}/:id`]: ({ params: { id } }) => [200, known(id)],
    [`PUT ${path}/:id/status`]: ({ params: { id }, body: { status } }) => {
      if (status !== 'revoked') {
        refuse(400, 'guard.invalid_input');
      }
      return [200, Object.assign(known(id), { status })];
    },
  };
}
