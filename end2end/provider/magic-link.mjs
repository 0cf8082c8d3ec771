// Magic links: a request with a one-time token and the address whom it is for (`one_time_token`,
// `login_hint`). A problem of the token stays on the pages here: the application does not learn it.

import { organizations } from './demo.mjs';
import { addUser, findUser, findUserByEmail, join } from './directory.mjs';
import { isEmail } from './registration.mjs';

/** The token and the address of a request's options, or undefined. */
export const linkOf = ({ one_time_token: token, login_hint: email }) => token && email && { token, email };

/** Why a link cannot be used, or undefined. */
export function problemOf({ oneTimeTokens, settings }, link) {
  const code = oneTimeTokens.problem(link)?.[1];
  if (code) {
    return `This link cannot be used (${code}).`;
  }
  const [username] = findUserByEmail(link.email) ?? [];
  if (settings.suspended.includes(username)) {
    return 'This user is suspended.';
  }
  return username || isEmail(link.email) ? undefined : 'The address of this link is not an email address.';
}

/**
 * Uses up a link without a problem, and returns its user, who joins the organizations of the token.
 * Like Logto, registers the user of a new address.
 */
export function useLink({ oneTimeTokens }, { token, email }) {
  const { context } = oneTimeTokens.consume(token);
  const user = findUserByEmail(email)?.[1] ?? addUser({ email });
  const invited = (context.jitOrganizationIds ?? []).filter((id) => Object.hasOwn(organizations, id));
  invited.forEach((id) => join(user, id));
  return user;
}

/** The name of a session's user, who can stay when a link is for another one, or undefined. */
export function otherUserOf({ accountId }, link) {
  const [username, user] = findUser(accountId);
  return findUserByEmail(link.email)?.[1] === user ? undefined : username;
}
