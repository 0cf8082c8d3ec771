// Visitors who create an account: with the form, or with the one-time token of a new address.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { managementClient } from './management/testing.mjs';
import { Browser, products, provider } from './testing.mjs';

const dora = { email: 'dora@example.com', name: 'Dora', password: 'long-enough', action: 'register' };

const linkTo = (page, text) => {
  const href = new RegExp(`<a href="([^"]+)">${text}</a>`).exec(page.html)?.[1];
  return href && new URL(href, page.address).href;
};
const alertOf = ({ html }) => /role="alert">([^<]*)</.exec(html)?.[1];
const valueOf = ({ html }, name) => new RegExp(`name="${name}"[^>]* value="([^"]*)"`).exec(html)?.[1];

describe('registration', () => {
  const client = provider();
  const call = managementClient(client);
  const openForm = (browser, parameters) =>
    browser.open(client.authorization({ first_screen: 'register', ...parameters }).url);

  /** The claims of the user with whom a request ends, from userinfo. */
  async function userOf({ verifier }, { left }) {
    const { body } = await client.exchange(left.searchParams.get('code'), verifier);
    return (await client.userInfo(body.access_token)).body;
  }

  test('a new user comes back signed in, with a session', async () => {
    const browser = new Browser();
    const request = client.authorization({ first_screen: 'register' });
    const page = await browser.open(request.url);
    const claims = await userOf(request, await browser.submit(page, dora));
    assert.deepEqual(
      [claims.email, claims.email_verified, claims.name, claims.username, claims.picture],
      ['dora@example.com', true, 'Dora', null, null],
    );
    assert.deepEqual([claims.organizations, claims.roles], [[], []]);
    assert.match(claims.sub, /^[0-9a-z]{12}$/);
    const next = client.authorization({ first_screen: 'register' });
    assert.equal((await userOf(next, await browser.open(next.url))).sub, claims.sub);
  });

  test('a new user has no permissions, and signs in later with the email address', async () => {
    const browser = new Browser();
    assert.ok((await browser.submit(await openForm(browser), dora)).left);
    const request = client.authorization();
    const later = new Browser();
    const page = await later.open(request.url);
    const arrival = await later.submit(page, { username: 'Dora@Example.com', password: dora.password });
    const { body } = await client.exchange(arrival.left.searchParams.get('code'), request.verifier);
    const token = (await client.refresh(body.refresh_token, { resource: products })).body;
    assert.deepEqual([body.scope.includes('openid'), token.scope], [true, '']);
  });

  test('the options choose the first page, and the pages lead to each other', async () => {
    for (const [first_screen, heading] of [
      [undefined, 'Sign in'],
      ['sign_in', 'Sign in'],
      ['identifier:sign_in', 'Sign in'],
      ['reset_password', 'Sign in'],
      ['register', 'Create account'],
      ['identifier:register', 'Create account'],
    ]) {
      const browser = new Browser();
      const page = await openForm(browser, { first_screen });
      assert.match(page.html, new RegExp(`<h1>${heading}</h1>`), first_screen);
      const other = heading === 'Sign in' ? 'Create account' : 'Sign in';
      const there = await browser.open(linkTo(page, other));
      assert.match(there.html, new RegExp(`<h1>${other}</h1>`), first_screen);
      const back = await browser.open(linkTo(there, heading));
      assert.match(back.html, new RegExp(`<h1>${heading}</h1>`), first_screen);
    }
  });

  test('the form has the address of login_hint, and not a username', async () => {
    const [filled, empty] = [{ login_hint: dora.email }, { login_hint: 'ada' }];
    assert.equal(valueOf(await openForm(new Browser(), filled), 'email'), dora.email);
    assert.equal(valueOf(await openForm(new Browser(), empty), 'email'), '');
  });

  test('invalid values are explained, and what was entered stays, but for the password', async () => {
    for (const [change, status, text] of [
      [{ email: 'Ada@Example.com' }, 422, 'There is already an account with this email address. Sign in instead.'],
      [{ email: 'nonsense' }, 400, 'Enter an email address.'],
      [{ email: '' }, 400, 'Enter an email address.'],
      [{ password: 'short' }, 422, 'The password needs at least 8 characters.'],
      [{ password: '' }, 422, 'The password needs at least 8 characters.'],
    ]) {
      const browser = new Browser();
      const entered = { ...dora, name: '"><b>', ...change };
      const page = await browser.submit(await openForm(browser), entered);
      assert.deepEqual([page.status, alertOf(page)], [status, text]);
      assert.deepEqual([valueOf(page, 'email'), valueOf(page, 'name')], [entered.email, '&quot;&gt;&lt;b&gt;']);
      assert.equal(valueOf(page, 'password'), undefined);
      assert.match(page.html, /<input id="\w+" [^>]*autofocus aria-invalid="true" aria-describedby="problem"/);
      assert.ok((await browser.submit(page, dora)).left, 'the form can be sent again');
      await client.control('reset', {});
    }
    assert.equal((await call('GET', '/users')).body.length, 3);
  });

  test('a user without a name, and one who cancels', async () => {
    const browser = new Browser();
    const { left } = await browser.submit(await openForm(browser), { action: 'cancel' });
    assert.equal(left.searchParams.get('error'), 'access_denied');
    assert.equal((await call('GET', '/users')).body.length, 3);
    const request = client.authorization({ first_screen: 'register' });
    const page = await browser.open(request.url);
    assert.equal((await userOf(request, await browser.submit(page, { ...dora, name: ' ' }))).name, null);
  });

  test('another browser cannot use the form, and a used one is over', async () => {
    const browser = new Browser();
    const page = await openForm(browser);
    assert.equal((await new Browser().submit(page, dora)).status, 400);
    assert.equal((await call('GET', '/users')).body.length, 3);
    await browser.submit(page, dora);
    assert.equal((await browser.submit(page, { ...dora, email: 'eve@example.com' })).status, 400);
  });

  test('the Management API lists new users, and a reset removes them and ends their sessions', async () => {
    const browser = new Browser();
    await browser.submit(await openForm(browser), dora);
    const user = (await call('GET', '/users')).body.find(({ primaryEmail }) => primaryEmail === dora.email);
    assert.deepEqual([user.name, user.username, user.isSuspended], ['Dora', null, false]);
    await client.control('reset', {});
    assert.equal((await call('GET', '/users')).body.length, 3);
    assert.equal((await call('GET', `/users/${user.id}`)).status, 404);
    for (const parameters of [{}, { prompt: 'login' }, { acr_values: 'urn:logto:acr:mfa' }]) {
      assert.match((await browser.open(client.authorization(parameters).url)).html, /<h1>Sign in/);
    }
  });

  test('the user whom a step-up asks for cannot register', async () => {
    await client.control('settings', { step_up: true });
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    const page = await openForm(browser, { acr_values: 'urn:logto:acr:mfa', prompt: 'login' });
    assert.match(page.html, /<h1>Sign in/);
    assert.equal(linkTo(page, 'Create account'), undefined);
    const forced = { ...page, address: new URL('?screen=register', page.address) };
    forced.html = forced.html.replaceAll('screen=sign-in', 'screen=register');
    assert.equal((await browser.submit(forced, dora)).status, 401);
    assert.equal((await call('GET', '/users')).body.length, 3);
  });

  describe('by a one-time token', () => {
    const create = async (context) =>
      (await call('POST', '/one-time-tokens', { email: dora.email, ...(context && { context }) })).body;
    const follow = (token, more) =>
      client.authorization({ one_time_token: token.token, login_hint: dora.email, ...more });

    test('a new address becomes a user without a password', async () => {
      const first = follow(await create());
      const { sub, email, name } = await userOf(first, await new Browser().open(first.url));
      assert.deepEqual([email, name], [dora.email, null]);
      const second = follow(await create(), { first_screen: 'register' });
      assert.equal((await userOf(second, await new Browser().open(second.url))).sub, sub);
      const browser = new Browser();
      const page = await browser.open(client.authorization().url);
      for (const password of ['', 'null']) {
        assert.equal((await browser.submit(page, { username: dora.email, password })).status, 401);
      }
    });

    test('the user joins the organizations of the token', async () => {
      const request = follow(await create({ jitOrganizationIds: ['globex', 'unknown'] }));
      const { organizations } = await userOf(request, await new Browser().open(request.url));
      assert.deepEqual(organizations, ['globex']);
    });

    test('a user with a session can stay, and no account is created', async () => {
      const [token, browser] = [await create(), new Browser()];
      await client.signIn('ada', {}, browser);
      const request = follow(token);
      const page = await browser.open(request.url);
      assert.match(page.html, /but the link is for <strong>dora@example.com/);
      assert.equal((await call('GET', '/users')).body.length, 3);
      assert.equal((await userOf(request, await browser.submit(page, { action: 'stay' }))).username, 'ada');
      assert.equal((await call('GET', '/users')).body.length, 3);
      assert.equal((await call('GET', `/one-time-tokens/${token.id}`)).body.status, 'active');
    });

    test('a token for a text that is no address creates no account', async () => {
      const { token } = (await call('POST', '/one-time-tokens', { email: 'ada' })).body;
      const page = await new Browser().open(client.authorization({ one_time_token: token, login_hint: 'ada' }).url);
      assert.equal(alertOf(page), 'The address of this link is not an email address.');
      assert.equal((await call('GET', '/users')).body.length, 3);
    });
  });
});
