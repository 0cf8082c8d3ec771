import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { machine, managementClient } from './management/testing.mjs';
import { allScopes, products, provider } from './testing.mjs';

const accessToken = 'urn:ietf:params:oauth:token-type:access_token';
const impersonation = 'urn:logto:token-type:impersonation_token';
const personal = 'urn:logto:token-type:personal_access_token';

describe('token exchange', () => {
  const client = provider();
  const call = managementClient(client);

  const exchange = (subject_token, subject_token_type, more = {}) =>
    client.token({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token,
      subject_token_type,
      ...more,
    });
  const subject = async (userId = 'bob0demouser') =>
    (await call('POST', '/subject-tokens', { userId })).body.subjectToken;
  const refusal = ({ status, body }) => [status, body.error];
  const invalid = [400, 'invalid_grant'];

  test('a subject token becomes one access token of the user', async () => {
    const token = await subject();
    const { status, body } = await exchange(token, impersonation, { scope: 'openid email' });
    assert.deepEqual([status, body.scope, body.expires_in, body.token_type], [200, 'openid email', 3600, 'Bearer']);
    assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'scope', 'token_type']);
    const info = await client.userInfo(body.access_token);
    assert.deepEqual([info.status, info.body.sub, info.body.email], [200, 'bob0demouser', 'bob@example.com']);
    assert.deepEqual(refusal(await exchange(token, impersonation)), invalid);
  });

  test('a subject token is consumed only by an exchange that succeeds', async () => {
    const token = await subject();
    for (const [more, expected] of [
      [{ resource: 'https://unknown.example.com' }, [400, 'invalid_target']],
      [{ organization_id: 'globex' }, [403, 'access_denied']],
      [{ actor_token: 'garbage', actor_token_type: accessToken }, invalid],
      [{ actor_token: 'garbage' }, [400, 'invalid_request']],
    ]) {
      assert.deepEqual(refusal(await exchange(token, impersonation, more)), expected);
    }
    assert.equal((await exchange(token, impersonation, { resource: products })).status, 200);
    assert.deepEqual(refusal(await exchange(token, impersonation, { resource: products })), invalid);
  });

  test('every exchange leaves a grant of the user', async () => {
    const scope = `${allScopes} urn:logto:scope:sessions`;
    const headers = { authorization: `Bearer ${(await client.signIn('bob', { scope })).tokens.access_token}` };
    const account = async (path, options) =>
      (await fetch(`${client.baseUrl}/api${path}`, { ...options, headers: { ...headers, ...options?.headers } })).json();
    const { verificationRecordId } = await account('/verifications/password', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ password: 'bob-demo' }),
    });
    headers['logto-verification-id'] = verificationRecordId;
    const grants = async (query = '') => (await account(`/my-account/grants${query}`)).grants;
    assert.deepEqual((await grants()).map(({ application }) => application.id), ['quick-start']);

    const form = { scope: 'openid read:products read:members' };
    await exchange(await subject(), impersonation, form);
    await exchange(await subject(), impersonation, { ...form, resource: products });
    await exchange(await subject(), impersonation, { ...form, organization_id: 'acme' });
    await exchange(await subject(), impersonation, { organization_id: 'globex' });
    const [, opaque, ofResource, ofOrganization, ...others] = await grants();
    assert.equal(opaque.payload.openid.scope, 'openid');
    assert.deepEqual(ofResource.payload.resources, { [products]: 'read:products' });
    assert.deepEqual(ofOrganization.payload.resources, { 'urn:logto:organization:acme': 'read:members' });
    assert.deepEqual([others, await grants('?appType=thirdParty')], [[], []]);
    assert.equal((await account('/my-account/grants?appType=x')).code, 'guard.invalid_input');
  });

  test('the token can be for a resource, an organization, or both', async () => {
    const scope = 'read:products write:products read:members write:members';
    const issued = async (target) => {
      const { body } = await exchange(await subject('ada0demouser'), accessToken, { scope, ...target });
      const claims = decodeJwt(body.access_token);
      assert.deepEqual([claims.sub, claims.client_id, 'act' in claims], ['ada0demouser', 'quick-start', false]);
      return [claims.aud, claims.organization_id, body.scope];
    };
    assert.deepEqual(await issued({ resource: products }), [products, undefined, 'read:products write:products']);
    const ofGlobex = { organization_id: 'globex' };
    assert.deepEqual(await issued(ofGlobex), ['urn:logto:organization:globex', undefined, 'read:members']);
    assert.deepEqual(await issued({ resource: products, ...ofGlobex }), [products, 'globex', 'read:products']);
  });

  test('without scope the token has none', async () => {
    const { body } = await exchange(await subject(), impersonation, { resource: products });
    assert.deepEqual([body.scope, 'scope' in decodeJwt(body.access_token)], ['', false]);
  });

  test('the actor is the claim act', async () => {
    const { tokens } = await client.signIn('ada');
    const actor = { actor_token: tokens.access_token, actor_token_type: accessToken };
    const { body } = await exchange(await subject(), impersonation, { resource: products, ...actor });
    assert.deepEqual(decodeJwt(body.access_token).act, { sub: 'ada0demouser' });
  });

  test('an actor token has to be opaque, valid and for openid', async () => {
    const { tokens } = await client.signIn('ada');
    const jwt = (await client.refresh(tokens.refresh_token, { resource: products })).body.access_token;
    const without = (await exchange(await subject('ada0demouser'), impersonation, { scope: 'profile' })).body;
    for (const [token, type] of [
      ['garbage', accessToken],
      [jwt, accessToken],
      [without.access_token, accessToken],
      [tokens.access_token, impersonation],
    ]) {
      const actor = { actor_token: token, actor_token_type: type };
      assert.deepEqual(refusal(await exchange(await subject(), impersonation, actor)), invalid);
    }
  });

  test('access tokens can be exchanged repeatedly, an ID token cannot', async () => {
    const { tokens } = await client.signIn('bob');
    const { body } = await client.refresh(tokens.refresh_token, { resource: products });
    for (const token of [tokens.access_token, body.access_token, body.access_token]) {
      const exchanged = await exchange(token, accessToken, { resource: products, scope: 'read:products' });
      assert.deepEqual([exchanged.body.scope, decodeJwt(exchanged.body.access_token).sub], [
        'read:products',
        'bob0demouser',
      ]);
    }
    assert.deepEqual(refusal(await exchange(body.id_token, accessToken)), invalid);
  });

  test('a personal access token works until it expires or is deleted', async () => {
    const path = '/users/bob0demouser/personal-access-tokens';
    const create = async (body) => (await call('POST', path, body)).body.value;
    const [ci, deleted] = [await create({ name: 'ci', expiresAt: Date.now() + 60_000 }), await create({ name: 'old' })];
    assert.match(ci, /^pat_/);
    const statuses = async () => [(await exchange(ci, personal)).status, (await exchange(deleted, personal)).status];
    assert.deepEqual([await statuses(), await statuses()], [[200, 200], [200, 200]]);
    assert.equal((await call('DELETE', `${path}/old`)).status, 204);
    assert.deepEqual(await statuses(), [200, 400]);
    await client.advance(61);
    assert.deepEqual(await statuses(), [400, 400]);
  });

  test('an expired or unknown subject and a wrong type are an invalid grant', async () => {
    const old = await subject();
    await client.advance(601);
    assert.deepEqual(refusal(await exchange(old, impersonation)), invalid);
    assert.deepEqual(refusal(await exchange('sub_unknown', accessToken)), invalid);
    assert.deepEqual(refusal(await exchange(await subject(), personal)), invalid);
    assert.deepEqual(refusal(await exchange(await subject(), 'urn:unknown')), invalid);
    assert.deepEqual(refusal(await exchange(await subject(), '')), [400, 'invalid_request']);
  });

  test('a suspended user cannot be impersonated', async () => {
    const token = await subject();
    await client.control('settings', { suspended: ['bob'] });
    assert.deepEqual(refusal(await exchange(token, impersonation)), invalid);
  });

  test('a user who may not use the application is denied, and the subject token stays usable', async () => {
    const token = await subject();
    await client.control('settings', { denied: ['bob'] });
    for (const target of [{}, { resource: products }, { organization_id: 'globex' }]) {
      const { status, body } = await exchange(token, impersonation, target);
      assert.deepEqual([status, body.error, body.error_description], [400, 'access_denied', 'Access denied.']);
    }
    await client.control('settings', { denied: [] });
    assert.equal((await exchange(token, impersonation)).status, 200);
  });

  test('a machine-to-machine application can exchange too', async () => {
    const form = async () => ({
      grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
      subject_token: await subject(),
      subject_token_type: impersonation,
      resource: products,
      scope: 'read:products',
    });
    // The access control of the web application does not apply to it.
    await client.control('settings', { denied: ['bob'] });
    const { status, body } = await client.token(await form(), machine);
    const { sub, client_id } = decodeJwt(body.access_token);
    assert.deepEqual([status, sub, client_id], [200, 'bob0demouser', 'management']);
    await client.control('settings', { token_exchange: false });
    assert.deepEqual(refusal(await client.token(await form(), machine)), [400, 'invalid_request']);
  });

  test('targets that the user may not have are refused', async () => {
    const target = async (form) => refusal(await exchange(await subject(), impersonation, form));
    assert.deepEqual(await target({ resource: 'https://unknown.example.com' }), [400, 'invalid_target']);
    assert.deepEqual(await target({ organization_id: 'globex' }), [403, 'access_denied']);
    await client.control('settings', { organizations_with_mfa: ['acme'] });
    assert.deepEqual(await target({ organization_id: 'acme' }), [403, 'access_denied']);
  });

  test('the tenant can forbid it', async () => {
    const token = await subject();
    await client.control('settings', { token_exchange: false });
    const { status, body } = await exchange(token, impersonation);
    assert.deepEqual([status, body.error, body.error_description], [
      400,
      'invalid_request',
      'requested grant type is not allowed for this client',
    ]);
  });
});
