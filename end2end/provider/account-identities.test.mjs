// The Account API: linked accounts of social connectors.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Account, accountOf, scope } from './account/testing.mjs';
import { managementClient } from './management/testing.mjs';
import { provider } from './testing.mjs';

const path = '/my-account/identities';

describe('linked accounts', () => {
  const client = provider();
  const manage = managementClient(client);

  const start = (connectorId = 'github') => [
    'POST',
    '/verifications/social',
    { connectorId, redirectUri: 'http://127.0.0.1:3000/linked', state: 'the-state', scope: 'read:user' },
  ];
  const finish = (verificationRecordId, connectorData) => [
    'POST',
    '/verifications/social/verify',
    { verificationRecordId, connectorData },
  ];

  /** The body that links an account of the connector. */
  async function proven(account, code) {
    const { body } = await account.call(...start());
    const { status } = await account.call(...finish(body.verificationRecordId, { code, state: 'the-state' }));
    assert.equal(status, 200);
    return { newIdentifierVerificationRecordId: body.verificationRecordId };
  }

  it('are added, replaced and removed', async () => {
    const bob = await accountOf(client, 'bob');
    const { status, body } = await bob.call(...start());
    const { searchParams } = new URL(body.authorizationUri);
    assert.deepEqual(
      [status, Object.fromEntries(searchParams)],
      [201, { redirect_uri: 'http://127.0.0.1:3000/linked', state: 'the-state', scope: 'read:user' }],
    );
    await bob.done('POST', path, await proven(bob, '1906'));
    assert.equal((await bob.get('/my-account')).identities.github.userId, '1906');
    await bob.refused(400, 'user.identity_already_in_use', 'POST', path, await proven(bob, '1907'));
    await bob.done('PUT', path, await proven(bob, '1907'));
    assert.equal((await bob.get('/my-account')).identities.github.userId, '1907');
    await bob.refused(422, 'user.identity_already_in_use', 'PUT', path, await proven(bob, '1815'));
    await bob.done('DELETE', `${path}/github`);
    await bob.refused(404, 'user.identity_not_exist', 'DELETE', `${path}/github`);
  });

  it('need a verification record, unless the user can have none', async () => {
    const bob = await accountOf(client, 'bob');
    const body = await proven(bob, '1906');
    await bob.refused(401, 'verification_record.permission_denied', 'POST', path, body, { record: null });
    await bob.refused(401, 'verification_record.permission_denied', 'DELETE', `${path}/github`, undefined, {
      record: body.newIdentifierVerificationRecordId,
    });
    // A user of a magic link has no password. Without the address no proof is left to demand.
    const email = 'new@example.com';
    const { token } = (await manage('POST', '/one-time-tokens', { email })).body;
    const parameters = { scope, resource: undefined, prompt: 'login', one_time_token: token, login_hint: email };
    const fresh = new Account(client.baseUrl, (await client.signIn('new', parameters)).tokens);
    fresh.record = await fresh.prove(client, { type: 'email', value: email });
    await fresh.done('POST', path, await proven(fresh, '1907'));
    await fresh.done('DELETE', '/my-account/primary-email');
    assert.equal((await fresh.get('/my-account')).hasSecurityVerificationMethod, false);
    fresh.record = null;
    await fresh.done('PUT', path, await proven(fresh, '1908'));
    await fresh.done('POST', '/my-account/password', { password: 'a new password' });
    const refused = [401, 'verification_record.permission_denied'];
    await fresh.refused(...refused, 'POST', '/my-account/password', { password: 'a new password' });
  });

  it('are refused for unproven records, unknown connectors and without the scope', async () => {
    const ada = await accountOf(client);
    await ada.refused(422, 'session.invalid_connector_id', ...start('unknown'));
    const { body } = await ada.call(...start());
    const unproven = { newIdentifierVerificationRecordId: body.verificationRecordId };
    await ada.refused(400, 'verification_record.not_found', 'PUT', path, unproven);
    await ada.refused(400, 'connector.general', ...finish(body.verificationRecordId, {}));
    await ada.refused(400, 'verification_record.not_found', ...finish('unknown', { code: '1' }));
    const plain = await accountOf(client, 'ada', { scope: 'openid', resource: undefined });
    await plain.refused(401, 'auth.unauthorized', 'POST', path, unproven);
    await plain.refused(400, 'auth.unauthorized', 'DELETE', `${path}/github`);
    await plain.refused(401, 'auth.unauthorized', 'GET', `${path}/github/access-token`);
  });

  it('leave a token in the vault, which expires', async () => {
    const bob = await accountOf(client, 'bob');
    const unknown = [404, 'secrets.third_party_token_set.token_not_found'];
    await bob.refused(...unknown, 'GET', `${path}/github/access-token`);
    await bob.refused(...unknown, 'GET', '/my-account/sso-identities/any/access-token');
    await bob.done('POST', path, await proven(bob, '1906'));
    const { access_token, ...token } = await bob.get(`${path}/github/access-token`);
    assert.ok(access_token);
    assert.deepEqual([token.scope, token.token_type, token.expires_in > 28_790], ['read:user', 'bearer', true]);
    await client.advance(8 * 60 * 60);
    const later = await accountOf(client, 'bob');
    await later.refused(401, 'secrets.third_party_token_set.access_token_expired', 'GET', `${path}/github/access-token`);
    await later.refused(...unknown, 'GET', `${path}/github/access-token`);
  });
});
