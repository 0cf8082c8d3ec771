// Magic links: a request with a one-time token and the address whom it is for (`one_time_token`,
// `login_hint`). A problem of the token stays on the pages here: the application does not learn it.

import { organizations } from './demo.mjs';
import { addUser, findUser, findUserByEmail, isMember, join } from './directory.mjs';
import { membership } from './management/events.mjs';
import { isEmail } from './registration.mjs';

/** The token and the address of a request's options, or undefined. */
export const linkOf = ({ one_time_token: token, login_hint: email }) => token && email && { token, email };

/** Why a link cannot sign its user in, or undefined. */
export function problemOf({ oneTimeTokens, settings }, link) {
  const [username] = findUserByEmail(link.email) ?? [];
  const code = problemCode(oneTimeTokens, link, username ? 'SignIn' : 'Register');
  if (code) {
    return explanation(code);
  }
  if (settings.suspended.includes(username)) {
    return 'This user is suspended.';
  }
  return username || isEmail(link.email) ? undefined : 'The address of this link is not an email address.';
}

/**
 * Uses up a link without a problem, and returns its user, who joins the organizations of the token.
 * Like Logto, registers the user of a new address (`isNew`).
 */
export function useLink({ oneTimeTokens, webhooks }, { token, email }) {
  const { context } = oneTimeTokens.consume(token);
  const known = findUserByEmail(email)?.[1];
  const user = known ?? addUser({ email });
  const invited = (context.jitOrganizationIds ?? []).filter((id) => Object.hasOwn(organizations, id));
  for (const id of invited.filter((organization) => !isMember(user, organization))) {
    join(user, id);
    webhooks.report('Organization.Membership.Updated', membership(id, { added: [user.id] }));
  }
  return { user, isNew: !known };
}

/**
 * A link in a browser with a session, after `prompt=consent`. The link's user continues, also with a
 * consumed token. For another one it returns `{ current }`, the name of the session's user, who can
 * stay.
 */
export function openLinkInSession(context, link, { accountId }) {
  const [current, user] = findUser(accountId);
  if (findUserByEmail(link.email)?.[1] !== user) {
    return { current };
  }
  const code = problemCode(context.oneTimeTokens, link, 'SignIn');
  if (!code) {
    useLink(context, link);
  }
  return !code || code === 'one_time_token.token_consumed' ? {} : { problem: explanation(code) };
}

const problemCode = (oneTimeTokens, link, event) =>
  (oneTimeTokens.problem(link) ?? oneTimeTokens.eventProblem(link, event))?.[1];

const explanation = (code) => `This link cannot be used (${code}).`;
