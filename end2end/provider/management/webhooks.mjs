// Webhooks of the tenant.

import { refuse } from '../api.mjs';
import { page } from './paging.mjs';

/** The events that a webhook can ask for, also those that this provider never reports. */
const events = [
  ...['PostRegister', 'PostSignIn', 'PostResetPassword', 'PostSignInAdaptiveMfaTriggered'],
  ...['User.Created', 'User.Deleted', 'User.Data.Updated', 'User.SuspensionStatus.Updated'],
  ...['Role.Created', 'Role.Deleted', 'Role.Data.Updated', 'Role.Scopes.Updated'],
  ...['Scope.Created', 'Scope.Deleted', 'Scope.Data.Updated'],
  ...['Organization.Created', 'Organization.Deleted', 'Organization.Data.Updated', 'Organization.Membership.Updated'],
  ...['OrganizationRole.Created', 'OrganizationRole.Deleted', 'OrganizationRole.Data.Updated'],
  'OrganizationRole.Scopes.Updated',
  ...['OrganizationScope.Created', 'OrganizationScope.Deleted', 'OrganizationScope.Data.Updated'],
  ...['Identifier.Lockout', 'Message.RateLimited', 'Grant.LimitExceeded'],
];

const isEvent = (value) => events.includes(value);
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

function isConfig(value) {
  const { url, headers = {}, retries = 0 } = isRecord(value) ? value : {};
  const areHeaders = isRecord(headers) && Object.values(headers).every((header) => typeof header === 'string');
  return typeof url === 'string' && areHeaders && [0, 1, 2, 3].includes(retries);
}

/** The fields that a request may set. */
const valid = {
  name: (value) => typeof value === 'string' && value !== '' && value.length <= 256,
  event: isEvent,
  events: (value) => Array.isArray(value) && value.length > 0 && value.every(isEvent),
  config: isConfig,
  enabled: (value) => typeof value === 'boolean',
};

/** The known fields of a body, as Logto accepts them. */
function checked(body) {
  const fields = Object.entries(body).filter(([name]) => Object.hasOwn(valid, name));
  if (!fields.every(([name, value]) => valid[name](value))) {
    refuse(400, 'guard.invalid_input');
  }
  const known = Object.fromEntries(fields);
  return known.events ? { ...known, events: [...new Set(known.events)] } : known;
}

export function webhookRoutes({ webhooks }) {
  const path = '/hooks';
  return {
    [`GET ${path}`]: ({ query }) => {
      const isPaged = query.has('page') || query.has('page_size');
      return isPaged ? page(webhooks.all, query, path) : [200, webhooks.all];
    },
    [`POST ${path}`]: ({ body }) => {
      const fields = checked(body);
      if (!fields.config) {
        refuse(400, 'guard.invalid_input');
      }
      if (!fields.events && !fields.event) {
        refuse(400, 'hook.missing_events');
      }
      return [201, webhooks.create(fields)];
    },
    [`GET ${path}/:id`]: ({ params: { id } }) => [200, webhooks.get(id) ?? refuse(404, 'entity.not_exists_with_id')],
    [`PATCH ${path}/:id`]: ({ params: { id }, body }) => [
      200,
      webhooks.update(id, checked(body)) ?? refuse(404, 'entity.not_exists'),
    ],
    [`PATCH ${path}/:id/signing-key`]: ({ params: { id } }) => [
      200,
      webhooks.renewKey(id) ?? refuse(404, 'entity.not_exists'),
    ],
    [`DELETE ${path}/:id`]: ({ params: { id } }) => (webhooks.delete(id) ? [204] : refuse(404, 'entity.not_found')),
  };
}
