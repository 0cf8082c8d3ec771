import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { provider } from './testing.mjs';

const day = 24 * 3600;

describe('refresh-token rotation', () => {
  const client = provider();
  const signIn = async () => (await client.signIn('ada')).tokens;
  const refresh = (token) => client.refresh(token);

  test('the same token comes back until 70 % of its lifetime has passed, then another', async () => {
    const { refresh_token } = await signIn();
    assert.equal((await refresh(refresh_token)).body.refresh_token, refresh_token);
    await client.advance(Math.round(0.69 * 14 * day));
    assert.equal((await refresh(refresh_token)).body.refresh_token, refresh_token);
    await client.advance(Math.round(0.02 * 14 * day));
    const { body } = await refresh(refresh_token);
    assert.notEqual(body.refresh_token, refresh_token);
    assert.equal((await refresh(body.refresh_token)).status, 200);
  });

  test('rotate=always returns another token on every use', async () => {
    await client.control('settings', { rotate: 'always' });
    let { refresh_token } = await signIn();
    const seen = new Set([refresh_token]);
    for (let count = 0; count < 3; count += 1) {
      refresh_token = (await refresh(refresh_token)).body.refresh_token;
      seen.add(refresh_token);
    }
    assert.equal(seen.size, 4);
  });

  test('a rotated token that is reused within 3 s returns another valid token', async () => {
    await client.control('settings', { rotate: 'always' });
    const { refresh_token } = await signIn();
    const first = (await refresh(refresh_token)).body.refresh_token;
    await client.advance(2);
    const second = await refresh(refresh_token);
    assert.equal(second.status, 200);
    assert.notEqual(second.body.refresh_token, first);
    assert.equal((await refresh(first)).status, 200);
    assert.equal((await refresh(second.body.refresh_token)).status, 200);
  });

  test('parallel refreshes all succeed and get different tokens', async () => {
    await client.control('settings', { rotate: 'always' });
    const { refresh_token } = await signIn();
    const answers = await Promise.all(Array.from({ length: 5 }, () => refresh(refresh_token)));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200, 200, 200],
    );
    assert.equal(new Set(answers.map(({ body }) => body.refresh_token)).size, 5);
  });

  test('a rotated token that is reused later is refused, and ends the grant with its newest tokens', async () => {
    await client.control('settings', { rotate: 'always' });
    const { refresh_token } = await signIn();
    const newest = (await refresh(refresh_token)).body;
    await client.advance(4);
    assert.deepEqual([(await refresh(refresh_token)).body.error], ['invalid_grant']);
    assert.equal((await refresh(newest.refresh_token)).body.error, 'invalid_grant');
    assert.equal((await client.userInfo(newest.access_token)).status, 401);
  });

  test('reuse within the window does not extend the window', async () => {
    await client.control('settings', { rotate: 'always' });
    const { refresh_token } = await signIn();
    await refresh(refresh_token);
    await client.advance(2);
    assert.equal((await refresh(refresh_token)).status, 200);
    await client.advance(2);
    assert.equal((await refresh(refresh_token)).body.error, 'invalid_grant');
  });

  test('the next sign-in works after the end of a grant', async () => {
    const { refresh_token } = await signIn();
    await client.post('/token/revocation', { token: refresh_token });
    assert.equal((await refresh((await signIn()).refresh_token)).status, 200);
  });

  test('a lost response to a rotation leaves only the reuse window', async () => {
    const { refresh_token } = await signIn();
    await client.control('settings', { rotate: 'always', faults: { token: { status: 502, after: true, times: 1 } } });
    assert.equal((await refresh(refresh_token)).status, 502);
    assert.equal((await refresh(refresh_token)).status, 200);
    await client.advance(4);
    assert.equal((await refresh(refresh_token)).body.error, 'invalid_grant');
  });
});
