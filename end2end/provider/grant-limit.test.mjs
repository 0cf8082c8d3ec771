import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Browser, provider } from './testing.mjs';

describe('the limit of grants', () => {
  const client = provider();

  test('the next sign-in elsewhere ends the oldest grant and its session', async () => {
    await client.control('settings', { max_allowed_grants: 2 });
    const signIn = async (username = 'ada') => {
      const browser = new Browser();
      return { browser, ...(await client.signIn(username, {}, browser)) };
    };
    const [first, second, another] = [await signIn(), await signIn(), await signIn('bob')];
    assert.equal((await client.refresh(first.tokens.refresh_token)).status, 200);
    const third = await signIn();

    const { status, body } = await client.refresh(first.tokens.refresh_token);
    assert.equal(status, 400);
    assert.deepEqual(body, (await client.refresh('unknown')).body);
    assert.equal((await client.userInfo(first.tokens.access_token)).status, 401);
    const silent = async ({ browser }) =>
      (await browser.open(client.authorization({ prompt: 'none' }).url)).left.searchParams;
    assert.equal((await silent(first)).get('error'), 'login_required');
    for (const others of [second, another, third]) {
      assert.equal((await client.refresh(others.tokens.refresh_token)).status, 200);
      assert.ok((await silent(others)).get('code'));
    }
  });

  test('a browser that signs in again keeps its grant', async () => {
    await client.control('settings', { max_allowed_grants: 2 });
    const [first, second] = [new Browser(), new Browser()];
    const { tokens } = await client.signIn('ada', {}, first);
    for (let count = 0; count < 3; count += 1) {
      await client.signIn('ada', {}, second);
    }
    assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
  });
});
