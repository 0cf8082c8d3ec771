import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decodeJwt } from 'jose';
import { provider } from './testing.mjs';

const idTokenClaims = async (client, username, parameters) =>
  decodeJwt((await client.signIn(username, parameters)).tokens.id_token);

describe('claims', () => {
  const client = provider();

  test('with openid alone the ID token has only the subject and protocol claims', async () => {
    const claims = await idTokenClaims(client, 'ada', { scope: 'openid' });
    assert.deepEqual(Object.keys(claims).sort(), ['aud', 'exp', 'iat', 'iss', 'nonce', 'sub']);
    assert.equal(claims.sub, 'ada0demouser');
  });

  test('scopes add profile, email, phone, address, roles and organizations', async () => {
    const claims = await idTokenClaims(client, 'ada');
    assert.equal(claims.name, 'Ada Lovelace');
    assert.equal(claims.username, 'ada');
    assert.equal(claims.picture, `${client.baseUrl}/pictures/ada.svg`);
    assert.equal(claims.email, 'ada@example.com');
    assert.equal(claims.email_verified, true);
    assert.equal(claims.phone_number, '15550100');
    assert.equal(claims.address.country, 'United Kingdom');
    assert.deepEqual(claims.roles, ['manager']);
    assert.deepEqual(claims.organizations, ['acme', 'globex']);
    assert.deepEqual(claims.organization_roles, ['acme:admin', 'globex:member']);
  });

  test('the picture is served', async () => {
    const { picture } = await idTokenClaims(client, 'ada');
    const response = await fetch(picture);
    assert.deepEqual([response.status, response.headers.get('content-type')], [200, 'image/svg+xml']);
  });

  test('created_at and updated_at are milliseconds', async () => {
    const claims = await idTokenClaims(client, 'ada');
    assert.equal(claims.created_at, Date.UTC(2024, 0, 15, 9, 30));
    assert.ok(claims.updated_at > claims.created_at);
  });

  test('unknown name, picture, email and phone are null, unknown profile details are absent', async () => {
    const claims = await idTokenClaims(client, 'cleo');
    assert.deepEqual([claims.name, claims.picture, claims.email, claims.phone_number], [null, null, null, null]);
    assert.deepEqual([claims.email_verified, claims.phone_number_verified], [false, false]);
    assert.ok(!('given_name' in claims));
    assert.deepEqual([claims.roles, claims.organizations, claims.organization_roles], [[], [], []]);
  });

  test('at_hash and sid are absent', async () => {
    const claims = await idTokenClaims(client, 'ada');
    assert.deepEqual([claims.at_hash, claims.sid], [undefined, undefined]);
  });

  test('sid is present if the back-channel logout URI requires the session', async () => {
    await client.control('settings', { backchannel_logout_uri: 'http://127.0.0.1:9/logout' });
    assert.equal((await idTokenClaims(client, 'ada')).sid, undefined);
    await client.control('settings', { backchannel_logout_session_required: true });
    assert.equal(typeof (await idTokenClaims(client, 'ada')).sid, 'string');
  });

  test('only userinfo carries custom_data, identities, sso_identities and organization_data', async () => {
    const { tokens } = await client.signIn('ada');
    const claims = decodeJwt(tokens.id_token);
    const { body } = await client.userInfo(tokens.access_token);
    for (const name of ['custom_data', 'identities', 'sso_identities', 'organization_data']) {
      assert.ok(!(name in claims), name);
      assert.ok(name in body, name);
    }
    assert.equal(body.sub, claims.sub);
    assert.deepEqual(body.custom_data.plan, { name: 'pro', seats: 5 });
    assert.deepEqual(body.organization_data, [
      { id: 'acme', name: 'Acme Inc.', description: 'Makes everything.' },
      { id: 'globex', name: 'Globex Corporation', description: null },
    ]);
  });

  test('a tenant can exclude claims from ID tokens, also from refreshed ones; userinfo still has them', async () => {
    await client.control('settings', { left_out_of_id_tokens: ['organizations', 'organization_roles'] });
    const { tokens } = await client.signIn('ada');
    const refreshed = (await client.refresh(tokens.refresh_token)).body;
    for (const claims of [tokens.id_token, refreshed.id_token].map((token) => decodeJwt(token))) {
      assert.deepEqual(
        [claims.roles, 'organizations' in claims, 'organization_roles' in claims],
        [['manager'], false, false],
      );
    }
    const { body } = await client.userInfo(tokens.access_token);
    assert.deepEqual(
      [body.organizations, body.organization_roles],
      [
        ['acme', 'globex'],
        ['acme:admin', 'globex:member'],
      ],
    );
  });

  test('only optional claims can be excluded from ID tokens', async () => {
    assert.equal((await client.control('settings', { left_out_of_id_tokens: ['sub'] })).status, 400);
  });

  test('userinfo returns the claims that the scopes allow', async () => {
    const { tokens } = await client.signIn('ada', { scope: 'openid email' });
    assert.deepEqual(Object.keys((await client.userInfo(tokens.access_token)).body).sort(), [
      'email',
      'email_verified',
      'sub',
    ]);
  });

  test('lifetimes are one hour by default', async () => {
    const { tokens } = await client.signIn('ada');
    const claims = decodeJwt(tokens.id_token);
    assert.deepEqual([claims.exp - claims.iat, tokens.expires_in], [3600, 3600]);
    await client.control('settings', { id_token_ttl: 120, access_token_ttl: 60 });
    const refreshed = (await client.refresh(tokens.refresh_token)).body;
    const again = decodeJwt(refreshed.id_token);
    assert.deepEqual([again.exp - again.iat, refreshed.expires_in], [120, 60]);
  });
});
