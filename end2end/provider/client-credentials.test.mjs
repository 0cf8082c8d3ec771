import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { managementResource } from './directory.mjs';
import { assertRefused, machineToken, managementClient } from './management/testing.mjs';
import { products, provider } from './testing.mjs';

describe('client credentials', () => {
  const client = provider();
  const call = managementClient(client);
  const refusal = async (form) => {
    const { status, body } = await machineToken(client, form);
    return [status, body.error, body.error_description];
  };

  test('the machine-to-machine application gets a token for the Management API', async () => {
    const { status, body } = await machineToken(client);
    assert.equal(status, 200);
    assert.deepEqual(Object.keys(body).sort(), ['access_token', 'expires_in', 'scope', 'token_type']);
    assert.deepEqual([body.scope, body.expires_in, body.token_type], ['all', 3600, 'Bearer']);
    const claims = decodeJwt(body.access_token);
    assert.deepEqual([claims.aud, claims.sub, claims.client_id, claims.scope], [
      managementResource,
      'management',
      'management',
      'all',
    ]);
  });

  test('a scope that is not asked for is not granted, and the API forbids the token', async () => {
    for (const form of [{ resource: managementResource }, { resource: managementResource, scope: 'read:products' }]) {
      const { status, body } = await machineToken(client, form);
      assert.deepEqual([status, 'scope' in body], [200, false]);
      assertRefused(await call('GET', '/users', undefined, { token: body.access_token }), 403, 'auth.forbidden');
    }
  });

  test('a resource without permissions gives a token for it, without scope', async () => {
    const { status, body } = await machineToken(client, { resource: products, scope: 'read:products' });
    assert.deepEqual([status, 'scope' in body, decodeJwt(body.access_token).aud], [200, false, products]);
    assertRefused(await call('GET', '/users', undefined, { token: body.access_token }), 401, 'auth.unauthorized');
  });

  test('no resource and an unknown one are an invalid target, an organization is denied', async () => {
    for (const form of [{ scope: 'all' }, { resource: 'https://unknown.example.com', scope: 'all' }]) {
      assert.deepEqual((await refusal(form)).slice(0, 2), [400, 'invalid_target']);
    }
    const description = 'app has not associated with the organization';
    assert.deepEqual(await refusal({ organization_id: 'acme' }), [403, 'access_denied', description]);
  });

  test('a web application may not use the grant, and the machine-to-machine application may not refresh', async () => {
    const description = 'requested grant type is not allowed for this client';
    const form = { grant_type: 'client_credentials', resource: managementResource, scope: 'all' };
    const { status, body } = await client.token(form);
    assert.deepEqual([status, body.error, body.error_description], [400, 'invalid_request', description]);
    const other = { grant_type: 'refresh_token', refresh_token: 'unknown' };
    assert.deepEqual(await refusal(other), [400, 'invalid_request', description]);
  });

  test('a wrong secret is an invalid client', async () => {
    const form = { grant_type: 'client_credentials', resource: managementResource };
    const { status, body } = await client.token(form, ['management', 'wrong']);
    assert.deepEqual([status, body.error], [401, 'invalid_client']);
  });
});
