import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { products, provider } from './testing.mjs';

describe('errors at the token endpoint', () => {
  const client = provider();
  const refused = async (username, parameters, request) => {
    const { tokens } = await client.signIn(username, request);
    return client.refresh(tokens.refresh_token, parameters);
  };

  test('the body has Logto’s code and message besides error and error_description', async () => {
    const { body } = await client.refresh('unknown');
    assert.deepEqual(body, {
      code: 'oidc.invalid_grant',
      message: 'Grant request is invalid.',
      error: 'invalid_grant',
      error_description: 'grant request is invalid',
    });
  });

  test('unknown resource: 400 invalid_target', async () => {
    const { status, body } = await refused('ada', { resource: 'https://unknown.example.com' });
    assert.deepEqual([status, body.error], [400, 'invalid_target']);
  });

  test('a resource that the authorization request did not have: 400 invalid_target', async () => {
    const { status, body } = await refused('ada', { resource: products }, { resource: undefined });
    assert.deepEqual([status, body.error], [400, 'invalid_target']);
  });

  test('not a member, or no such organization: 403 access_denied', async () => {
    for (const organization_id of ['globex', 'nowhere', 'constructor']) {
      const { status, body } = await refused('bob', { organization_id });
      assert.deepEqual(
        [status, body.error, body.error_description],
        [403, 'access_denied', 'user is not a member of the organization'],
      );
      assert.equal(body.code, 'oidc.access_denied');
    }
  });

  test('an organization that requires a second factor: 403 access_denied for a user without one', async () => {
    await client.control('settings', { organizations_with_mfa: ['acme'] });
    for (const target of [{ organization_id: 'acme' }, { organization_id: 'acme', resource: products }]) {
      const { status, body } = await refused('bob', target);
      assert.deepEqual(
        [status, body.error, body.error_description],
        [403, 'access_denied', 'organization requires MFA but user has no MFA configured'],
      );
    }
    const { tokens } = await client.signIn('ada');
    assert.equal((await client.refresh(tokens.refresh_token, { organization_id: 'acme' })).status, 200);
  });

  test('an organization without the user’s consent for a third-party application: 403 access_denied', async () => {
    await client.control('settings', { organizations_without_consent: ['acme'], organizations_with_mfa: ['acme'] });
    for (const target of [{ organization_id: 'acme' }, { organization_id: 'acme', resource: products }]) {
      const { status, body } = await refused('bob', target);
      assert.equal(status, 403);
      assert.deepEqual(body, {
        code: 'oidc.access_denied',
        message: 'Access denied.',
        error: 'access_denied',
        error_description: 'organization access is not granted to the application',
      });
    }
    const { tokens } = await client.signIn('ada');
    for (const target of [{}, { organization_id: 'globex' }]) {
      assert.equal((await client.refresh(tokens.refresh_token, target)).status, 200);
    }
  });

  test('a user without access to the application: 400 access_denied, and the refresh token stays valid', async () => {
    const { tokens } = await client.signIn('ada');
    await client.control('settings', { denied: ['ada'], rotate: 'always' });
    for (const target of [{}, { resource: products }, { organization_id: 'acme' }, { organization_id: 'nowhere' }]) {
      const { status, body } = await client.refresh(tokens.refresh_token, target);
      assert.deepEqual([status, body.error, body.code], [400, 'access_denied', 'oidc.access_denied']);
    }
    await client.advance(60);
    await client.control('settings', { denied: [] });
    assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
  });

  test('no organizations scope: 403 insufficient_scope', async () => {
    const { status, body } = await refused('ada', { organization_id: 'acme' }, { scope: 'openid offline_access' });
    assert.deepEqual([status, body.error, body.scope], [403, 'insufficient_scope', 'urn:logto:scope:organizations']);
  });

  test('a scope that was not granted: 400 invalid_scope', async () => {
    const { status, body } = await refused('bob', { resource: products, scope: 'write:products' });
    assert.deepEqual([status, body.error], [400, 'invalid_scope']);
  });

  test('wrong secret: 401 invalid_client; unknown client: 400 invalid_client', async () => {
    const form = { grant_type: 'refresh_token', refresh_token: 'x' };
    const wrong = await client.token(form, ['quick-start', 'wrong']);
    assert.deepEqual([wrong.status, wrong.body.code], [401, 'oidc.invalid_client']);
    const unknown = await client.token(form, ['nobody', 'wrong']);
    assert.deepEqual([unknown.status, unknown.body.code], [400, 'oidc.invalid_client']);
  });

  test('a missing parameter: 400 invalid_request; another grant type: 400 unsupported_grant_type', async () => {
    assert.equal((await client.token({ grant_type: 'refresh_token' })).body.error, 'invalid_request');
    assert.equal((await client.token({ grant_type: 'password' })).body.error, 'unsupported_grant_type');
  });

  test('unknown, expired, suspended and reused refresh tokens get the same answer', async () => {
    const answers = [await client.refresh('unknown')];

    const expired = await client.signIn('ada');
    await client.advance(14 * 24 * 3600 + 1);
    answers.push(await client.refresh(expired.tokens.refresh_token));

    const suspended = await client.signIn('bob');
    await client.control('settings', { suspended: ['bob'] });
    answers.push(await client.refresh(suspended.tokens.refresh_token));

    await client.control('settings', { rotate: 'always' });
    const { tokens } = await client.signIn('ada');
    await client.refresh(tokens.refresh_token);
    await client.advance(4);
    answers.push(await client.refresh(tokens.refresh_token));

    for (const { status, body } of answers) {
      assert.equal(status, 400);
      assert.deepEqual(body, answers[0].body);
    }
  });

  test('the grant ends after 14 days regardless of the refresh token’s lifetime', async () => {
    await client.control('settings', { refresh_token_ttl: 60 * 24 * 3600 });
    const { tokens } = await client.signIn('ada');
    await client.advance(14 * 24 * 3600 - 10);
    assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
    await client.advance(20);
    assert.equal((await client.refresh(tokens.refresh_token)).body.error, 'invalid_grant');
  });
});
