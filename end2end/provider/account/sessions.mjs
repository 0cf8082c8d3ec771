// The user's sessions: the browsers that have signed in.

import { refuse } from '../api.mjs';
import { requireScope, requireVerified } from './access.mjs';
import { revokeGrant, unexpired } from './stored.mjs';

const scope = 'urn:logto:scope:sessions';
const targets = [null, 'all', 'firstParty'];

export function sessionRoutes({ provider, store, fields }) {
  /** The browsers, by the uid of their session. */
  const agents = new Map();
  provider.on('authorization.success', (ctx) => agents.set(ctx.oidc.session.uid, ctx.get('user-agent')));

  function shown(payload, current) {
    return {
      payload,
      lastSubmission: { signInContext: { ip: '127.0.0.1', userAgent: agents.get(payload.uid) ?? '' } },
      clientId: Object.keys(payload.authorizations ?? {})[0] ?? null,
      accountId: payload.accountId,
      expiresAt: payload.exp * 1000,
      isCurrent: payload.uid === current,
    };
  }

  return {
    'GET /my-account/sessions': ({ caller }) => {
      requireVerified(caller);
      fields.requireReadable('session');
      requireScope(caller, scope);
      const own = unexpired(store, 'Session').filter(({ accountId }) => accountId === caller.id);
      return [200, { sessions: own.map((payload) => shown(payload, caller.sessionUid)) }];
    },
    'DELETE /my-account/sessions/:uid': async ({ caller, params: { uid }, query }) => {
      const target = query.get('revokeGrantsTarget');
      if (!targets.includes(target)) {
        refuse(400, 'guard.invalid_input');
      }
      requireVerified(caller);
      fields.requireEditable('session');
      requireScope(caller, scope);
      const session = unexpired(store, 'Session').find((payload) => payload.uid === uid);
      if (!session) {
        refuse(400, 'oidc.session_not_found');
      }
      if (session.accountId !== caller.id) {
        refuse(400, 'oidc.invalid_session_account_id');
      }
      await store.adapter('Session').destroy(session.jti);
      // The tenant has no third-party applications: both targets mean all grants.
      for (const { grantId } of Object.values(session.authorizations ?? {})) {
        if (target && grantId) {
          await revokeGrant(store, grantId);
        }
      }
      return [204];
    },
  };
}
