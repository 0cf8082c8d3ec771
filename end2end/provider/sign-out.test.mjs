import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { createLocalJWKSet, decodeJwt, jwtVerify } from 'jose';
import { appUrl, Browser, products, provider } from './testing.mjs';

describe('sign-out', () => {
  const client = provider();

  /** Opens the end-session page and submits it as its script would. */
  async function signOut(browser, parameters) {
    const page = await browser.open(`${client.endpoint('/session/end')}?${new URLSearchParams(parameters)}`);
    const action = /action="([^"]+)"/.exec(page.html)?.[1];
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page.html)?.[1];
    const response = action && (await browser.fetch(action, { form: { xsrf, logout: 'yes' } }));
    return { page, status: response?.status, location: response?.headers.get('location') };
  }

  test('the end-session page submits itself by JavaScript, with a button for those without', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    const { page } = await signOut(browser, {});
    assert.equal(page.status, 200);
    assert.match(page.html, /form\.submit\(\)/);
    assert.match(page.html, /<noscript><button[^>]*>Sign out/);
  });

  test('with client_id it redirects to the registered URI with state and 303', async () => {
    for (const uri of [appUrl, `${appUrl}/`]) {
      const browser = new Browser();
      await client.signIn('ada', {}, browser);
      const { status, location } = await signOut(browser, {
        client_id: 'quick-start',
        post_logout_redirect_uri: uri,
        state: 's1',
      });
      assert.equal(status, 303);
      assert.equal(new URL(location).href, `${appUrl}/?state=s1`);
      assert.match((await browser.open(client.authorization().url)).html, /Password/);
    }
  });

  test('with id_token_hint alone it redirects too, even with an expired one', async () => {
    const browser = new Browser();
    const { tokens } = await client.signIn('ada', {}, browser);
    await client.advance(2 * 3600);
    const { location } = await signOut(browser, { id_token_hint: tokens.id_token, post_logout_redirect_uri: appUrl });
    assert.equal(new URL(location).origin, appUrl);
  });

  test('without client_id and id_token_hint the URI is ignored', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    const { location } = await signOut(browser, { post_logout_redirect_uri: appUrl });
    assert.equal(new URL(location).origin, client.baseUrl);
    assert.match((await browser.open(location)).html, /You have signed out/);
  });

  test('an unregistered URI is refused with 400', async () => {
    const { page } = await signOut(new Browser(), {
      client_id: 'quick-start',
      post_logout_redirect_uri: 'https://evil.example',
    });
    assert.equal(page.status, 400);
  });

  test('with offline_access the tokens survive the end of the session', async () => {
    const browser = new Browser();
    const { tokens } = await client.signIn('ada', {}, browser);
    await signOut(browser, { client_id: 'quick-start', post_logout_redirect_uri: appUrl });
    assert.equal((await client.refresh(tokens.refresh_token)).status, 200);
    assert.equal((await client.userInfo(tokens.access_token)).status, 200);
  });

  test('revoking the refresh or the opaque token ends the grant, not the session', async () => {
    for (const kind of ['refresh_token', 'access_token']) {
      const browser = new Browser();
      const { tokens } = await client.signIn('ada', {}, browser);
      assert.equal((await client.post('/token/revocation', { token: tokens[kind] })).status, 200);
      assert.equal((await client.refresh(tokens.refresh_token)).body.error, 'invalid_grant');
      assert.equal((await client.userInfo(tokens.access_token)).status, 401);
      assert.ok((await browser.open(client.authorization().url)).left, 'still signed in at the provider');
    }
  });

  test('revoking an unknown token returns 200, a JWT 400 unsupported_token_type', async () => {
    assert.equal((await client.post('/token/revocation', { token: 'unknown' })).status, 200);
    const { tokens } = await client.signIn('ada');
    const { access_token } = (await client.refresh(tokens.refresh_token, { resource: products })).body;
    const { status, body } = await client.post('/token/revocation', { token: access_token });
    assert.deepEqual([status, body.error], [400, 'unsupported_token_type']);
  });

  test('back-channel logout posts a logout token, and ignores the response', async () => {
    const received = [];
    const app = createServer(async (req, res) => {
      let body = '';
      for await (const chunk of req) body += chunk;
      received.push({ type: req.headers['content-type'], token: new URLSearchParams(body).get('logout_token') });
      res.writeHead(500).end();
    });
    app.listen(0, '127.0.0.1');
    await once(app, 'listening');
    try {
      await client.control('settings', {
        backchannel_logout_uri: `http://127.0.0.1:${app.address().port}/backchannel`,
        backchannel_logout_session_required: true,
      });
      const browser = new Browser();
      const { tokens } = await client.signIn('ada', {}, browser);
      const { status } = await signOut(browser, { client_id: 'quick-start', post_logout_redirect_uri: appUrl });
      assert.equal(status, 303);
      assert.equal(received.length, 1);
      assert.equal(received[0].type, 'application/x-www-form-urlencoded');
      const keys = createLocalJWKSet(await (await fetch(client.endpoint('/jwks'))).json());
      const { payload, protectedHeader } = await jwtVerify(received[0].token, keys, {
        issuer: client.issuer,
        audience: 'quick-start',
      });
      assert.deepEqual([protectedHeader.alg, protectedHeader.typ], ['ES384', 'logout+jwt']);
      assert.deepEqual(Object.keys(payload).sort(), ['aud', 'events', 'exp', 'iat', 'iss', 'jti', 'sid', 'sub']);
      assert.deepEqual(payload.events, { 'http://schemas.openid.net/event/backchannel-logout': {} });
      assert.equal(payload.exp - payload.iat, 120);
      assert.equal(payload.sid, decodeJwt(tokens.id_token).sid);
    } finally {
      app.close();
    }
  });

  test('by default no logout token is sent', async () => {
    assert.equal((await client.control('settings')).body.backchannel_logout_uri, null);
  });
});
