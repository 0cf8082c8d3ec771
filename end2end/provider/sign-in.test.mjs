import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Browser, provider, redirectUri } from './testing.mjs';

describe('signing in', () => {
  const client = provider();

  test('discovery lists the endpoints of a Logto server', async () => {
    const metadata = await (await fetch(client.endpoint('/.well-known/openid-configuration'))).json();
    const paths = {
      authorization_endpoint: '/auth',
      token_endpoint: '/token',
      userinfo_endpoint: '/me',
      jwks_uri: '/jwks',
      revocation_endpoint: '/token/revocation',
      introspection_endpoint: '/token/introspection',
      end_session_endpoint: '/session/end',
      pushed_authorization_request_endpoint: '/request',
    };
    for (const [name, path] of Object.entries(paths)) {
      assert.equal(metadata[name], `${client.baseUrl}/oidc${path}`);
    }
    assert.equal(metadata.issuer, `${client.baseUrl}/oidc`);
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
    assert.deepEqual(metadata.id_token_signing_alg_values_supported, ['ES384']);
    assert.equal(metadata.claims_parameter_supported, false);
  });

  test('keys are served with no-cache and an ETag that allows a 304', async () => {
    const first = await fetch(client.endpoint('/jwks'));
    const { keys } = await first.json();
    assert.equal(keys.length, 1);
    assert.deepEqual([keys[0].kty, keys[0].crv, keys[0].alg], ['EC', 'P-384', 'ES384']);
    assert.equal(keys[0].d, undefined);
    assert.equal(first.headers.get('cache-control'), 'no-cache');
    // fetch adds `cache-control: no-cache` to conditional requests, which asks for a full response.
    const headers = { 'if-none-match': first.headers.get('etag'), 'cache-control': 'max-age=0' };
    const second = await fetch(client.endpoint('/jwks'), { headers });
    assert.equal(second.status, 304);
  });

  test('the callback carries code, state and iss, and the ID token the nonce', async () => {
    const { callback, state, nonce, tokens } = await client.signIn('ada');
    assert.deepEqual(Object.keys(callback).sort(), ['code', 'iss', 'state']);
    assert.equal(callback.state, state);
    assert.equal(callback.iss, client.issuer);
    const keys = createLocalJWKSet(await (await fetch(client.endpoint('/jwks'))).json());
    const { payload, protectedHeader } = await jwtVerify(tokens.id_token, keys, {
      issuer: client.issuer,
      audience: 'quick-start',
    });
    assert.equal(payload.nonce, nonce);
    assert.equal(payload.aud, 'quick-start');
    assert.deepEqual(Object.keys(protectedHeader).sort(), ['alg', 'kid']);
    assert.equal(protectedHeader.alg, 'ES384');
  });

  test('no consent page is shown', async () => {
    const browser = new Browser();
    const page = await browser.open(client.authorization().url);
    assert.match(page.address.pathname, /^\/sign-in\//);
    const result = await browser.submit(page, { username: 'ada', password: 'ada-demo', action: 'sign-in' });
    assert.ok(result.left);
  });

  test('offline_access without prompt=consent is dropped', async () => {
    const { tokens } = await client.signIn('ada', { prompt: undefined });
    assert.equal(tokens.refresh_token, undefined);
    assert.doesNotMatch(tokens.scope, /offline_access/);
  });

  test('without prompt=consent "always issue" still issues a refresh token', async () => {
    await client.control('settings', { always_issue_refresh_token: true });
    const { tokens } = await client.signIn('ada', { prompt: undefined });
    assert.ok(tokens.refresh_token);
  });

  test('a second sign-in in the same browser shows no form, prompt=login does', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    assert.ok((await browser.open(client.authorization().url)).left);
    assert.match((await browser.open(client.authorization({ prompt: 'login consent' }).url)).html, /Password/);
  });

  test('max_age asks for the password again once the last time is longer ago', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    await client.advance(3);
    assert.ok((await browser.open(client.authorization({ max_age: '60' }).url)).left);
    assert.match((await browser.open(client.authorization({ max_age: '1' }).url)).html, /Password/);
    const { tokens } = await client.signIn('ada', { max_age: '1' }, browser);
    const { iat, auth_time } = JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
    assert.ok(iat - auth_time <= 2, `${iat} ${auth_time}`);
  });

  test('auth_time is present only if the request has max_age', async () => {
    const claims = (tokens) => JSON.parse(Buffer.from(tokens.id_token.split('.')[1], 'base64url'));
    assert.equal(claims((await client.signIn('ada', { prompt: 'login consent' })).tokens).auth_time, undefined);
    const { tokens } = await client.signIn('ada', { max_age: '60' });
    assert.equal(typeof claims(tokens).auth_time, 'number');
    const refreshed = await client.refresh(tokens.refresh_token);
    assert.equal(claims(refreshed.body).auth_time, claims(tokens).auth_time);
  });

  test('prompt=none without a session returns login_required to the callback', async () => {
    const { left } = await new Browser().open(client.authorization({ prompt: 'none' }).url);
    assert.equal(left.searchParams.get('error'), 'login_required');
    assert.equal(left.searchParams.get('iss'), client.issuer);
  });

  test('Cancel returns access_denied to the callback', async () => {
    const browser = new Browser();
    const request = client.authorization();
    const { left } = await browser.submit(await browser.open(request.url), {
      username: '',
      password: '',
      action: 'cancel',
    });
    assert.equal(left.searchParams.get('error'), 'access_denied');
    assert.equal(left.searchParams.get('state'), request.state);
    assert.equal(left.searchParams.get('iss'), client.issuer);
  });

  test('a wrong password shows the form again with the reason', async () => {
    const browser = new Browser();
    const page = await browser.submit(await browser.open(client.authorization().url), {
      username: 'ada',
      password: 'x',
      action: 'sign-in',
    });
    assert.equal(page.status, 401);
    assert.match(page.html, /role="alert">Wrong username or password/);
    assert.ok((await browser.submit(page, { username: 'ada', password: 'ada-demo', action: 'sign-in' })).left);
  });

  test('input is escaped', async () => {
    const browser = new Browser();
    const page = await browser.submit(await browser.open(client.authorization().url), {
      username: '"><b>',
      password: 'x',
      action: 'sign-in',
    });
    assert.ok(!page.html.includes('"><b>'));
  });

  test('two sign-ins side by side in one browser both succeed, in either order', async () => {
    for (const order of [
      [0, 1],
      [1, 0],
    ]) {
      const browser = new Browser();
      const requests = [client.authorization(), client.authorization()];
      const pages = [await browser.open(requests[0].url), await browser.open(requests[1].url)];
      for (const index of order) {
        const { left } = await browser.submit(pages[index], {
          username: 'ada',
          password: 'ada-demo',
          action: 'sign-in',
        });
        assert.equal(left.searchParams.get('state'), requests[index].state);
        const { status } = await client.exchange(left.searchParams.get('code'), requests[index].verifier);
        assert.equal(status, 200);
      }
    }
  });

  test('Logto’s parameters reach the sign-in page', async () => {
    const { html } = await new Browser().open(
      client.authorization({ first_screen: 'sign_in', login_hint: 'ada', ui_locales: 'de' }).url,
    );
    assert.match(html, /<dt>first_screen<\/dt><dd>sign_in<\/dd>/);
    assert.match(html, /<dt>ui_locales<\/dt><dd>de<\/dd>/);
    assert.match(html, /name="username"[^>]*value="ada"/);
  });

  test('one invalid Logto parameter drops all of them', async () => {
    const { html } = await new Browser().open(client.authorization({ first_screen: 'nonsense', ui_locales: 'de' }).url);
    assert.doesNotMatch(html, /<dt>/);
  });

  test('an unregistered redirect URI is a 400 JSON page and no redirect', async () => {
    for (const uri of [`${redirectUri}/`, 'http://127.0.0.1:3001/callback', 'https://evil.example/callback']) {
      const { status, html } = await new Browser().open(client.authorization({ redirect_uri: uri }).url);
      assert.equal(status, 400);
      assert.equal(JSON.parse(html).code, 'oidc.invalid_redirect_uri');
    }
  });

  test('localhost is registered as well as 127.0.0.1', async () => {
    const { html } = await new Browser().open(
      client.authorization({ redirect_uri: 'http://localhost:3000/callback' }).url,
    );
    assert.match(html, /Password/);
  });

  test('a user without access stays after a fresh sign-in, and later returns with access_denied', async () => {
    await client.control('settings', { denied: ['ada'] });
    const browser = new Browser();
    const form = await browser.open(client.authorization().url);
    const stays = await browser.submit(form, { username: 'ada', password: 'ada-demo', action: 'sign-in' });
    assert.deepEqual([stays.left, stays.status], [undefined, 403]);
    assert.equal((await browser.open(stays.address.href)).status, 403);
    for (const prompt of ['consent', 'none', undefined]) {
      const { left } = await browser.open(client.authorization({ prompt }).url);
      assert.equal(left.searchParams.get('error'), 'access_denied', prompt);
    }
  });

  test('a suspended user has no session, and cannot sign in', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    await client.control('settings', { suspended: ['ada'] });
    const silent = await browser.open(client.authorization({ prompt: 'none' }).url);
    assert.equal(silent.left.searchParams.get('error'), 'login_required');
    const form = await browser.open(client.authorization().url);
    const credentials = { username: 'ada', password: 'ada-demo', action: 'sign-in' };
    assert.match((await browser.submit(form, credentials)).html, /This user is suspended/);
    await client.control('settings', { suspended: [] });
    assert.ok((await browser.submit(form, credentials)).left.searchParams.get('code'));
  });

  test('an unknown resource returns invalid_target to the callback', async () => {
    const { left } = await new Browser().open(client.authorization({ resource: 'https://unknown.example.com' }).url);
    const { error, error_description, iss } = Object.fromEntries(left.searchParams);
    assert.deepEqual([error, iss], ['invalid_target', client.issuer]);
    assert.ok(error_description);
  });

  test('plain PKCE and request objects are refused', async () => {
    const plain = await new Browser().open(client.authorization({ code_challenge_method: 'plain' }).url);
    assert.equal(plain.left.searchParams.get('error'), 'invalid_request');
    const object = await new Browser().open(client.authorization({ request: 'e30.e30.' }).url);
    assert.equal(object.left.searchParams.get('error'), 'request_not_supported');
  });

  test('a code works once, and reuse revokes its tokens', async () => {
    const { callback, verifier, tokens } = await client.signIn('ada');
    const again = await client.exchange(callback.code, verifier);
    assert.deepEqual([again.status, again.body.error], [400, 'invalid_grant']);
    assert.equal((await client.refresh(tokens.refresh_token)).body.error, 'invalid_grant');
    assert.equal((await client.userInfo(tokens.access_token)).status, 401);
  });

  test('the wrong code verifier is refused', async () => {
    const { callback } = await client.authorize('ada');
    const { status, body } = await client.exchange(callback.code, 'a'.repeat(43));
    assert.deepEqual([status, body.error], [400, 'invalid_grant']);
  });
});
