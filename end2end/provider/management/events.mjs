// The events that calls of the Management API cause, for webhooks.

/** The calls whose event has their response as its data. */
const byCall = {
  'PATCH /users/:userId/password': 'User.Data.Updated',
  'PATCH /users/:userId/is-suspended': 'User.SuspensionStatus.Updated',
  'POST /organizations': 'Organization.Created',
  'DELETE /organizations/:id': 'Organization.Deleted',
};

/**
 * The same routes, which report the events of successful calls. Handlers get a function
 * `happened(event, data)` for events that have other data.
 */
export function reporting(routes, { webhooks }) {
  const reported = ([name, handler]) => [name, (request) => call(name, handler, request, webhooks)];
  return Object.fromEntries(Object.entries(routes).map(reported));
}

async function call(name, handler, request, webhooks) {
  const events = [];
  const answer = await handler({ ...request, happened: (...event) => events.push(event) });
  const [status, data] = answer;
  if (Object.hasOwn(byCall, name)) {
    events.push([byCall[name], { data }]);
  }
  const [method, matchedRoute] = name.split(' ');
  const { path, params, origin } = request;
  events.forEach(([event, own]) =>
    webhooks.report(event, { ...origin, path, method, status, params, matchedRoute, ...own }),
  );
  return answer;
}

/** The most ids that Logto names in a list. */
const limit = 5000;

/** The data of a change of members. Logto leaves empty lists out. */
export function membership(organizationId, { added = [], removed = [] }) {
  return {
    organizationId,
    ...(added.length > 0 && { addedUserIds: added.slice(0, limit) }),
    ...(removed.length > 0 && { removedUserIds: removed.slice(0, limit) }),
  };
}
