// Logto's Account API: what users see and change of their own account.

import { findUser } from '../directory.mjs';
import { userView } from '../management/users.mjs';
import { authentication, fieldAccess } from './access.mjs';
import { factorRoutes } from './factors.mjs';
import { grantRoutes } from './grants.mjs';
import { identifierRoutes } from './identifiers.mjs';
import { identityRoutes } from './identities.mjs';
import { mfaSettingRoutes } from './mfa-settings.mjs';
import { passwordRoutes } from './password.mjs';
import { profileRoutes } from './profile.mjs';
import { sessionRoutes } from './sessions.mjs';
import { verificationRoutes } from './verifications.mjs';

/** The routes of the Account API, for opaque access tokens of users. */
export function accountApi(context) {
  const shownUser = userView(context);
  /** Reports to webhooks that a user has changed their own data. */
  const changed = ({ id, user }, origin) => {
    user.updatedAt = Date.now();
    context.webhooks.report('User.Data.Updated', { ...origin, data: shownUser(...findUser(id)) });
  };
  const tools = { ...context, fields: fieldAccess(context.settings), changed };
  return {
    routes: {
      ...profileRoutes(tools),
      ...passwordRoutes(tools),
      ...identifierRoutes(tools),
      ...identityRoutes(tools),
      ...factorRoutes(tools),
      ...mfaSettingRoutes(tools),
      ...sessionRoutes(tools),
      ...grantRoutes(tools),
      ...verificationRoutes(tools),
    },
    authenticate: authentication(context),
  };
}
