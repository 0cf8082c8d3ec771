// Logto's Management API, with the calls for users, their tokens, organizations, invitations, magic
// links and webhooks.

import { refuse } from '../api.mjs';
import { managementPermission, managementResource } from '../directory.mjs';
import { reporting } from './events.mjs';
import { invitationRoutes } from './invitations.mjs';
import { memberRoutes } from './members.mjs';
import { oneTimeTokenRoutes } from './one-time-tokens.mjs';
import { organizationRoutes } from './organizations.mjs';
import { userTokenRoutes } from './user-tokens.mjs';
import { userRoutes } from './users.mjs';
import { webhookRoutes } from './webhooks.mjs';

/** The routes of the Management API, for tokens with the permission of machine-to-machine apps. */
export function managementApi(context) {
  const routes = {
    ...userRoutes(context),
    ...userTokenRoutes(context),
    ...organizationRoutes(context),
    ...memberRoutes(context),
    ...invitationRoutes(context),
    ...oneTimeTokenRoutes(context),
    ...webhookRoutes(context),
  };
  return {
    routes: reporting(routes, context),
    async authenticate(req) {
      const { authorization } = req.headers;
      if (!authorization?.startsWith('Bearer ')) {
        refuse(401, 'auth.authorization_header_missing');
      }
      const token = authorization.slice('Bearer '.length);
      const claims = (await context.verifyAccessToken(token, managementResource)) ?? refuse(401, 'auth.unauthorized');
      if (!claims.scope?.split(' ').includes(managementPermission)) {
        refuse(403, 'auth.forbidden');
      }
      return { id: claims.client_id };
    },
  };
}
