// The application's limit of grants for each user (`maxAllowedGrants`).

import { revokeGrant } from './refresh-grant.mjs';

/**
 * Ends the oldest grants of a user at an application until `limit` remain, with the sessions that
 * they belong to. A browser whose grant has ended has to sign in again.
 */
export async function limitGrants({ provider, store, webhooks }, { accountId, clientId }, limit) {
  if (limit === null) {
    return;
  }
  const now = Date.now() / 1000;
  const isOurs = (grant) => grant.accountId === accountId && grant.clientId === clientId && grant.exp > now;
  // In the order in which they were created.
  const grants = store.all('Grant').filter(isOurs);
  const revoked = grants.slice(0, Math.max(0, grants.length - limit)).map(({ jti }) => jti);
  for (const grantId of revoked) {
    await revokeGrant(provider, grantId);
    const hasGrant = ({ authorizations = {} }) => Object.values(authorizations).some((of) => of.grantId === grantId);
    for (const session of store.all('Session').filter(hasGrant)) {
      await store.adapter('Session').destroy(session.jti);
    }
  }
  if (revoked.length > 0) {
    webhooks.report('Grant.LimitExceeded', {
      userId: accountId,
      applicationId: clientId,
      revokedGrantIds: revoked,
      maxAllowedGrants: limit,
      preRevocationActiveGrantCount: grants.length,
    });
  }
}
