import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { orders, products, provider } from './testing.mjs';

const denies = 'This user is blocked in the billing system.';
const fails = 'Cannot read properties of undefined';

describe('the tenant’s script for custom claims', () => {
  const client = provider();
  const run = (claims_script) => client.control('settings', { claims_script });

  test('a denial is 400 access_denied with the script’s text, for the token alone', async () => {
    const { tokens } = await client.signIn('ada');
    await run({ denies, audiences: [products, 'urn:logto:organization:acme'] });
    for (const target of [{ resource: products }, { organization_id: 'acme' }]) {
      const { status, body } = await client.refresh(tokens.refresh_token, target);
      assert.equal(status, 400);
      assert.deepEqual(body, {
        code: 'oidc.access_denied',
        message: 'Access denied.',
        error: 'access_denied',
        error_description: denies,
      });
    }
    for (const target of [{}, { resource: orders }, { organization_id: 'globex' }]) {
      assert.equal((await client.refresh(tokens.refresh_token, target)).status, 200);
    }
  });

  test('a failure that blocks the token is 400 invalid_request', async () => {
    const { tokens } = await client.signIn('ada');
    await run({ fails, audiences: [products] });
    const { status, body } = await client.refresh(tokens.refresh_token, { resource: products });
    assert.equal(status, 400);
    assert.deepEqual(body, {
      code: 'oidc.invalid_request',
      message: 'Request is invalid.',
      error: 'invalid_request',
      error_description: fails,
    });
  });

  test('a script for all tokens also refuses opaque ones, and the exchange of a code', async () => {
    const { tokens } = await client.signIn('ada');
    await run({ denies });
    assert.equal((await client.refresh(tokens.refresh_token)).body.error_description, denies);
    const { callback, verifier } = await client.authorize('ada');
    const exchanged = await client.exchange(callback.code, verifier);
    assert.deepEqual([exchanged.status, exchanged.body.error_description], [400, denies]);
    await run(null);
    assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
  });

  test('the refresh token has rotated by then, so only the reuse window is left', async () => {
    for (const script of [{ denies }, { fails }]) {
      const { tokens } = await client.signIn('ada');
      await client.control('settings', { rotate: 'always' });
      await run({ ...script, audiences: [products] });
      assert.equal((await client.refresh(tokens.refresh_token, { resource: products })).status, 400);
      const saved = await client.refresh(tokens.refresh_token);
      assert.equal(saved.status, 200);
      await client.advance(4);
      assert.equal((await client.refresh(saved.body.refresh_token)).status, 200);
      assert.equal((await client.refresh(tokens.refresh_token)).body.error, 'invalid_grant');
    }
  });

  test('the setting has one text, and audiences', async () => {
    const invalid = [{}, { denies, fails }, { denies: 1 }, { denies, audiences: products }, { denies, other: 1 }, 'x'];
    for (const script of invalid) {
      assert.equal((await run(script)).status, 400, JSON.stringify(script));
    }
  });
});
