import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { orders, organizationResource, products, provider } from './testing.mjs';

const isJwt = (token) => token.split('.').length === 3;

describe('access tokens', () => {
  const client = provider();
  const refreshed = async (username, parameters, request) => {
    const { tokens } = await client.signIn(username, request);
    const { status, body } = await client.refresh(tokens.refresh_token, parameters);
    assert.equal(status, 200, JSON.stringify(body));
    return { ...body, claims: isJwt(body.access_token) ? decodeJwt(body.access_token) : undefined };
  };

  test('a code exchange returns an opaque token for userinfo', async () => {
    const { tokens } = await client.signIn('ada');
    assert.ok(!isJwt(tokens.access_token));
    assert.equal((await client.userInfo(tokens.access_token)).status, 200);
  });

  test('a refresh without resource returns an opaque token for userinfo', async () => {
    const { access_token } = await refreshed('ada');
    assert.ok(!isJwt(access_token));
    assert.equal((await client.userInfo(access_token)).status, 200);
  });

  test('a refresh with resource returns a JWT with exactly Logto’s claims', async () => {
    const { access_token, claims, scope } = await refreshed('ada', { resource: products });
    assert.equal(decodeProtectedHeader(access_token).typ, 'at+jwt');
    assert.equal(decodeProtectedHeader(access_token).alg, 'ES384');
    assert.deepEqual(Object.keys(claims).sort(), ['aud', 'client_id', 'exp', 'iat', 'iss', 'jti', 'scope', 'sub']);
    assert.equal(claims.aud, products);
    assert.equal(claims.scope, 'read:products write:products');
    assert.equal(scope, claims.scope);
  });

  test('the requested scopes apply to every resource, limited to the user’s permissions', async () => {
    assert.equal((await refreshed('bob', { resource: products })).scope, 'read:products');
    assert.equal((await refreshed('ada', { resource: orders })).scope, 'read:orders');
  });

  test('a user without permissions gets an empty scope, not an error', async () => {
    const { scope, claims } = await refreshed('cleo', { resource: products });
    assert.equal(scope, '');
    assert.equal(claims.aud, products);
  });

  test('an organization token has the organization as audience and no organization_id', async () => {
    const { claims, scope } = await refreshed('ada', { organization_id: 'acme' });
    assert.equal(claims.aud, 'urn:logto:organization:acme');
    assert.ok(!('organization_id' in claims));
    assert.equal(scope, 'read:members write:members');
    assert.equal((await refreshed('ada', { organization_id: 'globex' })).scope, 'read:members');
  });

  test('without the reserved resource an organization token has an empty scope', async () => {
    const { scope } = await refreshed('ada', { organization_id: 'acme' }, { resource: [products] });
    assert.equal(scope, '');
  });

  test('resource and organization together: the audience is the resource, the organization a claim', async () => {
    const acme = await refreshed('ada', { resource: products, organization_id: 'acme' });
    assert.deepEqual(
      [acme.claims.aud, acme.claims.organization_id, acme.scope],
      [products, 'acme', 'read:products write:products'],
    );
    const globex = await refreshed('ada', { resource: products, organization_id: 'globex' });
    assert.deepEqual([globex.claims.organization_id, globex.scope], ['globex', 'read:products']);
  });

  test('down-scoping works, and without openid there is no ID token', async () => {
    const down = await refreshed('ada', { resource: products, scope: 'read:products' });
    assert.equal(down.scope, 'read:products');
    assert.equal(down.id_token, undefined);
    assert.ok((await refreshed('ada', { resource: products, scope: 'openid read:products' })).id_token);
  });

  test('nonce and subject stay in a refreshed ID token', async () => {
    const { tokens, nonce } = await client.signIn('ada');
    const claims = decodeJwt((await client.refresh(tokens.refresh_token)).body.id_token);
    assert.deepEqual([claims.nonce, claims.sub, claims.aud], [nonce, 'ada0demouser', 'quick-start']);
  });

  test('client_secret_basic and client_secret_post both work', async () => {
    const { tokens } = await client.signIn('ada');
    const body = new URLSearchParams({
      grant_type: 'refresh_token',
      refresh_token: tokens.refresh_token,
      client_id: 'quick-start',
      client_secret: 'quick-start-secret',
    });
    assert.equal((await fetch(client.endpoint('/token'), { method: 'POST', body })).status, 200);
    assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
  });

  test('userinfo refuses resource tokens and garbage with 401 invalid_token', async () => {
    const { access_token } = await refreshed('ada', { resource: products });
    for (const token of [access_token, 'garbage']) {
      const { status, body, headers } = await client.userInfo(token);
      assert.deepEqual([status, body.error], [401, 'invalid_token']);
      assert.match(headers.get('www-authenticate'), /^Bearer .*error="invalid_token"/);
    }
  });

  test('an access token expires', async () => {
    const { access_token } = await refreshed('ada');
    await client.advance(3599);
    assert.equal((await client.userInfo(access_token)).status, 200);
    await client.advance(2);
    assert.equal((await client.userInfo(access_token)).status, 401);
  });

  test('the reserved resource is a resource like any other', async () => {
    const { claims } = await refreshed('ada', { resource: organizationResource });
    assert.equal(claims.aud, organizationResource);
  });
});
