// The Account API: sessions and grants.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountOf } from './account/testing.mjs';
import { allScopes, provider } from './testing.mjs';

describe('sessions and grants of the account', () => {
  const client = provider();

  const sessionsOf = async (account) => (await account.get('/my-account/sessions')).sessions;
  const grantsOf = async (account, query = '') => (await account.get(`/my-account/grants${query}`)).grants;

  it('lists the grants of the user, and revokes one', async () => {
    const [ada, bob] = [await accountOf(client), await accountOf(client, 'bob')];
    const [grant, ...others] = await grantsOf(ada);
    assert.deepEqual([others, grant.application.id], [[], 'quick-start']);
    assert.ok(grant.payload.openid.scope.split(' ').includes('urn:logto:scope:sessions'));
    assert.deepEqual(await grantsOf(ada, '?appType=thirdParty'), []);
    await ada.refused(400, 'guard.invalid_input', 'GET', '/my-account/grants?appType=other');
    await bob.refused(404, 'oidc.invalid_grant', 'DELETE', `/my-account/grants/${grant.id}`);
    await bob.refused(404, 'oidc.invalid_grant', 'DELETE', '/my-account/grants/unknown');
    const another = await accountOf(client);
    await another.done('DELETE', `/my-account/grants/${grant.id}`);
    await ada.refused(401, 'auth.unauthorized', 'GET', '/my-account');
    assert.equal((await client.refresh(ada.tokens.refresh_token)).body.error, 'invalid_grant');
    assert.equal((await grantsOf(another)).length, 1);
    const authorizations = (await sessionsOf(another)).map(({ payload }) => Object.keys(payload.authorizations));
    assert.deepEqual(authorizations.flat(), ['quick-start'], 'the revoked one is gone');
  });

  it('ends a session without its grants, unless they need the session', async () => {
    const offline = await accountOf(client);
    const online = await accountOf(client, 'ada', {
      scope: `${allScopes.replace('offline_access ', '')} urn:logto:scope:sessions`,
    });
    const here = (await sessionsOf(offline)).find(({ isCurrent }) => isCurrent).payload.uid;
    const there = (await sessionsOf(online)).find(({ isCurrent }) => isCurrent).payload.uid;
    await offline.done('DELETE', `/my-account/sessions/${there}`);
    await online.refused(401, 'auth.unauthorized', 'GET', '/my-account');
    await offline.done('DELETE', `/my-account/sessions/${here}`);
    assert.equal((await client.refresh(offline.tokens.refresh_token)).status, 200);
  });

  for (const target of ['all', 'firstParty']) {
    it(`ends a session with the grants of ${target}`, async () => {
      const [ada, other] = [await accountOf(client), await accountOf(client)];
      const { uid } = (await sessionsOf(ada)).find(({ isCurrent }) => isCurrent).payload;
      await other.done('DELETE', `/my-account/sessions/${uid}?revokeGrantsTarget=${target}`);
      assert.equal((await client.refresh(ada.tokens.refresh_token)).body.error, 'invalid_grant');
    });
  }

  it('refuses the session of another user, other targets, and calls without a record or the scope', async () => {
    const [ada, bob] = [await accountOf(client), await accountOf(client, 'bob')];
    const [{ payload }] = await sessionsOf(bob);
    const path = `/my-account/sessions/${payload.uid}`;
    await ada.refused(400, 'oidc.invalid_session_account_id', 'DELETE', path);
    await ada.refused(400, 'guard.invalid_input', 'DELETE', `${path}?revokeGrantsTarget=none`);
    const plain = await accountOf(client, 'ada', { scope: 'openid', resource: undefined });
    for (const request of [
      ['GET', '/my-account/sessions'],
      ['GET', '/my-account/grants'],
      ['DELETE', path],
      ['DELETE', '/my-account/grants/x'],
    ]) {
      const denied = [401, 'verification_record.permission_denied', ...request, undefined];
      await ada.refused(...denied, { record: null });
      await ada.refused(...denied, { record: bob.record });
      await plain.refused(401, 'auth.unauthorized', ...request);
    }
  });
});
