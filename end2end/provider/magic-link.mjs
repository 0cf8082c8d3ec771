// Magic links: a request with a one-time token and the address whom it is for (`one_time_token`,
// `login_hint`). A problem of the token stays on the pages here: the application does not learn it.

import { users } from './demo.mjs';
import { findUser } from './directory.mjs';

/** The token and the address of a request's options, or undefined. */
export const linkOf = ({ one_time_token: token, login_hint: email }) => token && email && { token, email };

/**
 * Returns `{ problem }` or `{ user }` for a link. This does not use the token up. Logto would
 * register the user of a new address.
 */
export function openLink({ oneTimeTokens, settings }, link) {
  const code = oneTimeTokens.problem(link)?.[1];
  const [username, user] = Object.entries(users).find(([, { email }]) => email === link.email) ?? [];
  if (!code && settings.suspended.includes(username)) {
    return { problem: 'This user is suspended.' };
  }
  if (!code && !user) {
    return { problem: 'There is no user with the address of this link.' };
  }
  return code ? { problem: `This link cannot be used (${code}).` } : { user };
}

/**
 * A link in a browser with a session, after `prompt=consent`. The link's user continues. For another
 * one it returns `{ current }`, the name of the session's user, who can stay.
 */
export function openLinkInSession(context, link, session) {
  const opened = openLink(context, link);
  const isSame = opened.user?.id === session.accountId;
  return isSame || opened.problem ? opened : { ...opened, current: findUser(session.accountId)[0] };
}
