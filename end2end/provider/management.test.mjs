// The frame of the Management API: authentication, pages, users and their tokens.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertRefused, machineToken, managementClient } from './management/testing.mjs';
import { provider } from './testing.mjs';

describe('the Management API', () => {
  const client = provider();
  const call = managementClient(client);

  test('needs an unexpired token of a machine-to-machine application', async () => {
    const response = await fetch(`${client.baseUrl}/api/users`);
    assertRefused({ status: response.status, body: await response.json() }, 401, 'auth.authorization_header_missing');
    const { tokens } = await client.signIn('ada');
    for (const token of ['garbage', tokens.access_token, tokens.id_token]) {
      assertRefused(await call('GET', '/users', undefined, { token }), 401, 'auth.unauthorized');
    }
    const token = (await machineToken(client)).body.access_token;
    assert.equal((await call('GET', '/users', undefined, { token })).status, 200);
    await client.advance(3601);
    assertRefused(await call('GET', '/users', undefined, { token }), 401, 'auth.unauthorized');
  });

  test('lists users in pages', async () => {
    const { status, headers, body } = await call('GET', '/users?page=2&page_size=2');
    assert.deepEqual([status, headers.get('total-number'), body.map(({ username }) => username)], [200, '3', ['cleo']]);
    assert.match(headers.get('link'), /\/users\?page=3&page_size=2>; rel="next"/);
    assert.equal((await call('GET', '/users')).body.length, 3);
    for (const query of ['page=0', 'page=x', 'page_size=101']) {
      assertRefused(await call('GET', `/users?${query}`), 400, 'guard.invalid_input');
    }
  });

  test('shows a user without secrets', async () => {
    await client.control('settings', { suspended: ['ada'] });
    const { body } = await call('GET', '/users/ada0demouser');
    assert.deepEqual([body.id, body.username, body.primaryEmail, body.isSuspended], [
      'ada0demouser',
      'ada',
      'ada@example.com',
      true,
    ]);
    assert.equal(body.avatar, `${client.baseUrl}/pictures/ada.svg`);
    assert.ok(!JSON.stringify(body).includes('ada-demo'));
    assertRefused(await call('GET', '/users/unknown'), 404, 'entity.not_found');
    assertRefused(await call('GET', '/users/%ff'), 404, 'entity.not_found');
    assert.equal((await call('GET', '/unknown')).status, 404);
  });

  test('creates subject tokens of known users', async () => {
    const { status, body } = await call('POST', '/subject-tokens', { userId: 'bob0demouser' });
    assert.deepEqual([status, body.expiresIn], [201, 600]);
    assert.match(body.subjectToken, /^sub_/);
    assertRefused(await call('POST', '/subject-tokens', { userId: 'unknown' }), 404, 'entity.not_found');
    assertRefused(await call('POST', '/subject-tokens', {}), 400, 'guard.invalid_input');
  });

  test('creates personal access tokens with different names', async () => {
    const path = '/users/bob0demouser/personal-access-tokens';
    const create = (body, of = path) => call('POST', of, body);
    assert.equal((await create({ name: 'ci' })).status, 201);
    assertRefused(await create({ name: 'ci' }), 422, 'user.personal_access_token_name_exists');
    assertRefused(await create({ name: 'old', expiresAt: 1 }), 400, 'request.invalid_input');
    assertRefused(await create({}), 400, 'guard.invalid_input');
    assertRefused(await create({ name: 'a' }, '/users/unknown/personal-access-tokens'), 404, 'entity.not_found');
    assertRefused(await call('DELETE', `${path}/unknown`), 404, 'entity.not_found');
  });

  test('can fail on demand', async () => {
    await client.control('settings', { faults: { api: { status: 503, retry_after: 7, times: 1 } } });
    const { status, headers } = await call('GET', '/users');
    assert.deepEqual([status, headers.get('retry-after')], [503, '7']);
    assert.equal((await call('GET', '/users')).status, 200);
  });
});
