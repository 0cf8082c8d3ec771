// The grants that the user has given to applications.

import { refuse } from '../api.mjs';
import { requireScope, requireVerified } from './access.mjs';
import { revokeGrant, unexpired } from './stored.mjs';

const scope = 'urn:logto:scope:sessions';

export function grantRoutes({ provider, store, fields }) {
  const shown = async (payload) => {
    const { clientId: id, clientName: name } = await provider.Client.find(payload.clientId);
    return { id: payload.jti, payload, application: { id, name }, expiresAt: payload.exp * 1000 };
  };
  return {
    'GET /my-account/grants': async ({ caller, query }) => {
      const appType = query.get('appType') ?? 'firstParty';
      if (!['firstParty', 'thirdParty'].includes(appType)) {
        refuse(400, 'guard.invalid_input');
      }
      requireVerified(caller);
      fields.requireReadable('session');
      requireScope(caller, scope);
      const own = unexpired(store, 'Grant').filter(({ accountId }) => accountId === caller.id);
      // The tenant has no third-party applications.
      return [200, { grants: await Promise.all(appType === 'firstParty' ? own.map(shown) : []) }];
    },
    'DELETE /my-account/grants/:id': async ({ caller, params: { id } }) => {
      requireVerified(caller);
      fields.requireEditable('session');
      requireScope(caller, scope);
      const grant = unexpired(store, 'Grant').find(({ jti }) => jti === id);
      if (grant?.accountId !== caller.id) {
        refuse(404, 'oidc.invalid_grant');
      }
      await revokeGrant(store, id);
      // The application has to ask again, although the browser's session goes on.
      for (const { authorizations = {} } of store.all('Session')) {
        const [clientId] = Object.entries(authorizations).find(([, { grantId }]) => grantId === id) ?? [];
        delete authorizations[clientId];
      }
      return [204];
    },
  };
}
