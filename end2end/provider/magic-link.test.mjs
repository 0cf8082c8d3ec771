// One-time tokens, and the links with which their users sign in.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertRefused, managementClient } from './management/testing.mjs';
import { Browser, provider } from './testing.mjs';

const ada = 'ada@example.com';
const bob = 'bob@example.com';

describe('magic links', () => {
  const client = provider();
  const call = managementClient(client);
  const create = async (email, more = {}) => (await call('POST', '/one-time-tokens', { email, ...more })).body;
  const status = async ({ id }) => (await call('GET', `/one-time-tokens/${id}`)).body.status;
  const request = (token, email, more = {}) =>
    client.authorization({ one_time_token: token, login_hint: email, ...more });

  async function userOf({ verifier }, { left }) {
    const { body } = await client.exchange(left.searchParams.get('code'), verifier);
    return (await client.userInfo(body.access_token)).body.username;
  }

  test('a link signs its user in once', async () => {
    const token = await create(bob);
    const opened = request(token.token, bob);
    assert.equal(await userOf(opened, await new Browser().open(opened.url)), 'bob');
    assert.equal(await status(token), 'consumed');
    const again = await new Browser().open(request(token.token, bob).url);
    assert.match(again.html, /role="alert">[^<]*one_time_token.token_consumed/);
  });

  test('a link that cannot be used shows the reason and the form', async () => {
    const revoked = await create(bob);
    assert.equal((await call('PUT', `/one-time-tokens/${revoked.id}/status`, { status: 'revoked' })).body.status, 'revoked');
    const [expired, ofAda] = [await create(bob, { expiresIn: 60 }), await create(ada)];
    await client.advance(61);
    for (const [token, code] of [
      ['unknown', 'token_not_found'],
      [revoked.token, 'token_revoked'],
      [expired.token, 'token_expired'],
      [ofAda.token, 'email_mismatch'],
    ]) {
      const { html, left } = await new Browser().open(request(token, bob).url);
      assert.ok(!left && html.includes(`one_time_token.${code}`) && html.includes('Password'), code);
    }
    assert.equal(await status(ofAda), 'active');
  });

  test('a session ignores the token without a prompt', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    const token = await create(bob);
    for (const prompt of [undefined, 'none']) {
      const opened = request(token.token, bob, { prompt });
      assert.equal(await userOf(opened, await browser.open(opened.url)), 'ada');
    }
    assert.equal(await status(token), 'active');
  });

  test('a session of the same user continues, and the token is used', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    const token = await create(ada);
    const opened = request(token.token, ada);
    assert.equal(await userOf(opened, await browser.open(opened.url)), 'ada');
    assert.equal(await status(token), 'consumed');
  });

  test('a session of the same user continues with a used token, and with no other', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    const [used, revoked] = [await create(ada), await create(ada)];
    await call('PUT', `/one-time-tokens/${revoked.id}/status`, { status: 'revoked' });
    for (const _ of ['used', 'used again']) {
      const opened = request(used.token, ada);
      assert.equal(await userOf(opened, await browser.open(opened.url)), 'ada');
    }
    const refused = await browser.open(request(revoked.token, ada).url);
    assert.deepEqual([refused.status, /token_revoked/.test(refused.html)], [400, true]);
  });

  test('a session of another user can stay, and the token remains unused', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    const token = await create(bob);
    const opened = request(token.token, bob);
    const page = await browser.open(opened.url);
    assert.match(page.html, /signed in as <strong>ada<\/strong>, but the link is for <strong>bob@example.com/);
    assert.equal(await userOf(opened, await browser.submit(page, { action: 'stay' })), 'ada');
    assert.equal(await status(token), 'active');
  });

  test('the Management API verifies tokens, and refuses invalid ones', async () => {
    const token = await create(bob);
    const verify = (body) => call('POST', '/one-time-tokens/verify', body);
    assertRefused(await verify({ token: token.token, email: ada }), 400, 'one_time_token.email_mismatch');
    assertRefused(await verify({ token: 'unknown', email: bob }), 404, 'one_time_token.token_not_found');
    assert.equal((await verify({ token: token.token, email: bob })).body.status, 'consumed');
    assertRefused(await verify({ token: token.token, email: bob }), 400, 'one_time_token.token_consumed');
    assertRefused(await call('POST', '/one-time-tokens', { email: bob, expiresIn: 0 }), 400, 'guard.invalid_input');
    assertRefused(await call('GET', '/one-time-tokens/unknown'), 404, 'entity.not_exists_with_id');
    assert.equal((await call('GET', '/one-time-tokens')).headers.get('total-number'), '1');
  });
});
