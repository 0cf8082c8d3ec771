// Changes of users through the Management API, and the tokens of these users.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertRefused, managementClient } from './management/testing.mjs';
import { Browser, provider } from './testing.mjs';

describe('changes of users', () => {
  const client = provider();
  const call = managementClient(client);
  const user = '/users/ada0demouser';

  test('a deleted user has no session, no tokens and no way to sign in', async () => {
    const browser = new Browser();
    const { tokens } = await client.signIn('ada', {}, browser);
    assert.equal((await call('DELETE', user)).status, 204);
    const { status, body } = await client.refresh(tokens.refresh_token);
    assert.deepEqual([status, body], [400, (await client.refresh('unknown')).body]);
    assert.equal((await client.userInfo(tokens.access_token)).status, 401);
    const { left } = await browser.open(client.authorization({ prompt: 'none' }).url);
    assert.equal(left.searchParams.get('error'), 'login_required');
    const form = await browser.open(client.authorization().url);
    const page = await browser.submit(form, { username: 'ada', password: 'ada-demo', action: 'sign-in' });
    assert.match(page.html, /Wrong username or password/);
    assertRefused(await call('GET', user), 404, 'entity.not_found');
    assertRefused(await call('DELETE', user), 404, 'entity.not_found');
  });

  test('a suspended user has no session, no tokens and no way to sign in until the suspension ends', async () => {
    const browser = new Browser();
    const { tokens } = await client.signIn('ada', {}, browser);
    const suspend = (isSuspended) => call('PATCH', `${user}/is-suspended`, { isSuspended });
    const { status, body } = await suspend(true);
    assert.deepEqual([status, body.id, body.isSuspended], [200, 'ada0demouser', true]);
    assert.equal((await client.userInfo(tokens.access_token)).status, 401);
    const { left } = await browser.open(client.authorization({ prompt: 'none' }).url);
    assert.equal(left.searchParams.get('error'), 'login_required');
    const form = await browser.open(client.authorization().url);
    const sent = { username: 'ada', password: 'ada-demo', action: 'sign-in' };
    const refused = await browser.submit(form, sent);
    assert.match(refused.html, /This user is suspended/);
    assert.equal((await suspend(false)).body.isSuspended, false);
    assert.equal((await client.refresh(tokens.refresh_token)).status, 400);
    assert.ok((await browser.submit(refused, sent)).left);
    assertRefused(await call('PATCH', `${user}/is-suspended`, {}), 400, 'guard.invalid_input');
    assertRefused(await call('PATCH', '/users/unknown/is-suspended', { isSuspended: true }), 404, 'entity.not_found');
  });

  test('a reset restores deleted users in their order', async () => {
    await call('DELETE', user);
    await client.control('reset', {});
    const names = (await call('GET', '/users')).body.map(({ username }) => username);
    assert.deepEqual(names, ['ada', 'bob', 'cleo']);
  });

  test('a changed password ends neither tokens nor sessions', async () => {
    const browser = new Browser();
    const { tokens } = await client.signIn('ada', {}, browser);
    const { status, body } = await call('PATCH', `${user}/password`, { password: 'another' });
    assert.deepEqual([status, body.id], [200, 'ada0demouser']);
    assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
    assert.ok((await browser.open(client.authorization({ prompt: 'none' }).url)).left.searchParams.get('code'));
    const other = new Browser();
    const form = await other.open(client.authorization().url);
    const refused = await other.submit(form, { username: 'ada', password: 'ada-demo', action: 'sign-in' });
    assert.equal(refused.status, 401);
    assert.ok((await other.submit(refused, { username: 'ada', password: 'another', action: 'sign-in' })).left);
    assertRefused(await call('PATCH', `${user}/password`, {}), 400, 'guard.invalid_input');
    assertRefused(await call('PATCH', '/users/unknown/password', { password: 'x' }), 404, 'entity.not_found');
  });
});
