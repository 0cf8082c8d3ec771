// The Account API, as the page of the quick start uses it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { allScopes, Browser, provider } from './testing.mjs';

const scope = `${allScopes} urn:logto:scope:sessions`;

describe('the Account API', () => {
  const client = provider();

  async function call(method, path, { token, body, record } = {}) {
    const response = await fetch(`${client.baseUrl}/api${path}`, {
      method,
      headers: {
        ...(token && { authorization: `Bearer ${token}` }),
        ...(body && { 'content-type': 'application/json' }),
        ...(record && { 'logto-verification-id': record }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  }

  async function signIn(username = 'ada', parameters = { scope }) {
    const { tokens } = await client.signIn(username, parameters, new Browser());
    const token = tokens.access_token;
    const verified = await call('POST', '/verifications/password', { token, body: { password: `${username}-demo` } });
    return { token, refreshToken: tokens.refresh_token, record: verified.body.verificationRecordId };
  }

  it('reads and changes the account, and a reset undoes it', async () => {
    const { token } = await signIn();
    const before = await call('GET', '/my-account', { token });
    assert.equal(before.body.name, 'Ada Lovelace');
    const body = { name: 'Countess', customData: { theme: 'light' } };
    const after = await call('PATCH', '/my-account', { token, body });
    assert.deepEqual([after.status, after.body.name, after.body.customData], [200, 'Countess', { theme: 'light' }]);
    assert.equal((await client.userInfo(token)).body.name, 'Countess');
    await client.control('reset', {});
    assert.equal((await call('GET', '/my-account', { token })).body.name, 'Ada Lovelace');
  });

  it('refuses as Logto does', async () => {
    const { token, record } = await signIn();
    const code = async (...args) => {
      const { status, body } = await call(...args);
      return [status, body.code];
    };
    assert.deepEqual(await code('GET', '/my-account'), [401, 'auth.authorization_header_missing']);
    assert.deepEqual(await code('GET', '/my-account', { token: 'garbage' }), [401, 'auth.unauthorized']);
    const wrong = { token, body: { password: 'wrong' } };
    assert.deepEqual(await code('POST', '/verifications/password', wrong), [422, 'session.invalid_credentials']);
    const required = [401, 'verification_record.permission_denied'];
    assert.deepEqual(await code('GET', '/my-account/sessions', { token }), required);
    const bob = await signIn('bob');
    assert.deepEqual(await code('GET', '/my-account/sessions', { token, record: bob.record }), required);
    const unknown = await code('DELETE', '/my-account/sessions/unknown', { token, record });
    assert.deepEqual(unknown, [400, 'oidc.session_not_found']);
    const plain = await signIn('ada', { scope: allScopes });
    assert.deepEqual(await code('GET', '/my-account/sessions', plain), [401, 'auth.unauthorized']);
    const invalid = { token, body: { customData: [] } };
    assert.deepEqual(await code('PATCH', '/my-account', invalid), [400, 'guard.invalid_input']);
    await client.control('settings', { account_center: false });
    assert.deepEqual(await code('GET', '/my-account', { token }), [400, 'account_center.not_enabled']);
  });

  it('lists the sessions of the user, and ends one with its grants', async () => {
    const [here, there] = [await signIn(), await signIn()];
    await signIn('bob');
    const { body } = await call('GET', '/my-account/sessions', here);
    assert.equal(body.sessions.length, 2);
    const other = body.sessions.find(({ isCurrent }) => !isCurrent);
    const path = `/my-account/sessions/${other.payload.uid}?revokeGrantsTarget=all`;
    assert.equal((await call('DELETE', path, here)).status, 204);
    assert.equal((await call('GET', '/my-account/sessions', here)).body.sessions.length, 1);
    assert.equal((await call('GET', '/my-account', there)).status, 401);
    assert.equal((await client.refresh(there.refreshToken)).body.error, 'invalid_grant');
    assert.equal((await client.refresh(here.refreshToken)).status, 200);
  });
});
