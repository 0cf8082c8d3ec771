// Magic links: a request with a one-time token and the address whom it is for (`one_time_token`,
// `login_hint`). A problem of the token stays on the pages here: the application does not learn it.

import { organizations, users } from './demo.mjs';
import { findUser } from './directory.mjs';
import { join } from './management/members.mjs';

/** The token and the address of a request's options, or undefined. */
export const linkOf = ({ one_time_token: token, login_hint: email }) => token && email && { token, email };

/** Logto ignores the case of a user's address. */
const isFor = ({ email }, link) => email?.toLowerCase() === link.email.toLowerCase();

/**
 * Uses the token of a link up, and returns its `{ user }`, or `{ problem }`. Logto would register the
 * user of a new address.
 */
export function openLink({ oneTimeTokens, settings }, link) {
  const [username, user] = Object.entries(users).find(([, other]) => isFor(other, link)) ?? [];
  const code = problemCode(oneTimeTokens, link, user ? 'SignIn' : 'Register');
  if (!code && settings.suspended.includes(username)) {
    return { problem: 'This user is suspended.' };
  }
  if (!code && !user) {
    return { problem: 'There is no user with the address of this link.' };
  }
  return code ? { problem: explanation(code) } : consume(oneTimeTokens, link, user);
}

/**
 * A link in a browser with a session, after `prompt=consent`. The link's user continues, also with a
 * consumed token. For another one it returns `{ current }`, the name of the session's user, who can
 * stay.
 */
export function openLinkInSession({ oneTimeTokens }, link, session) {
  const [current, user] = findUser(session.accountId);
  if (!isFor(user, link)) {
    return { current };
  }
  const code = problemCode(oneTimeTokens, link, 'SignIn');
  if (code === 'one_time_token.token_consumed') {
    return { user };
  }
  return code ? { problem: explanation(code) } : consume(oneTimeTokens, link, user);
}

const problemCode = (oneTimeTokens, link, event) =>
  (oneTimeTokens.problem(link) ?? oneTimeTokens.eventProblem(link, event))?.[1];

const explanation = (code) => `This link cannot be used (${code}).`;

/** Uses the token up, and adds the user to its organizations. */
function consume(oneTimeTokens, { token }, user) {
  const { context } = oneTimeTokens.consume(token);
  const ids = context.jitOrganizationIds ?? [];
  ids.filter((id) => Object.hasOwn(organizations, id)).forEach((id) => join(user, id));
  return { user };
}
