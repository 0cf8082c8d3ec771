// One-time tokens of magic links.

import { refuse } from '../api.mjs';
import { page } from './paging.mjs';

const statuses = ['active', 'consumed', 'revoked', 'expired'];
const events = ['SignIn', 'Register', 'ForgotPassword'];

/** The known fields of a token's context. */
function checkedContext(context = {}) {
  const { jitOrganizationIds, interactionEvent } = context ?? refuse(400, 'guard.invalid_input');
  const isList = Array.isArray(jitOrganizationIds) && jitOrganizationIds.every((id) => typeof id === 'string');
  const isEvent = interactionEvent === undefined || events.includes(interactionEvent);
  if (!(jitOrganizationIds === undefined || isList) || !isEvent) {
    refuse(400, 'guard.invalid_input');
  }
  return { ...(jitOrganizationIds && { jitOrganizationIds }), ...(interactionEvent && { interactionEvent }) };
}

export function oneTimeTokenRoutes({ oneTimeTokens, log }) {
  const path = '/one-time-tokens';
  const known = (id) => oneTimeTokens.get(id) ?? refuse(404, 'entity.not_exists_with_id');
  return {
    [`GET ${path}`]: ({ query }) => {
      const [email, status] = [query.get('email'), query.get('status')];
      const isListed = (token) => (!email || token.email === email) && (!status || token.status === status);
      return page(oneTimeTokens.all.filter(isListed), query, path);
    },
    [`POST ${path}`]: ({ body: { email, expiresIn, context } }) => {
      const isLifetime = expiresIn === undefined || (Number.isSafeInteger(expiresIn) && expiresIn > 0);
      if (typeof email !== 'string' || email === '' || !isLifetime) {
        refuse(400, 'guard.invalid_input');
      }
      const created = oneTimeTokens.create({ email, expiresIn, context: checkedContext(context) });
      log.addSecret('one-time token', created.token);
      return [201, created];
    },
    [`POST ${path}/verify`]: ({ body: { token, email } }) => {
      const problem = oneTimeTokens.problem({ token, email });
      return problem ? refuse(...problem) : [200, oneTimeTokens.consume(token)];
    },
    [`GET ${path}/:id`]: ({ params: { id } }) => [200, known(id)],
    [`DELETE ${path}/:id`]: ({ params: { id } }) =>
      oneTimeTokens.delete(id) ? [204] : refuse(404, 'entity.not_found'),
    [`PUT ${path}/:id/status`]: ({ params: { id }, body: { status } }) => {
      if (!statuses.includes(status)) {
        refuse(400, 'guard.invalid_input');
      }
      known(id);
      return status === 'active'
        ? refuse(400, 'one_time_token.cannot_reactivate_token')
        : [200, oneTimeTokens.setStatus(id, status)];
    },
  };
}
