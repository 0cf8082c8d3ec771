import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Browser, products, provider } from './testing.mjs';

const firstFactor = 'urn:logto:acr:1fa';
const mfa = 'urn:logto:acr:mfa';

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));
const authentication = (token) => {
  const { acr, amr, auth_time } = claims(token);
  return { acr, amr, isTimed: typeof auth_time === 'number' };
};
const byPassword = { acr: firstFactor, amr: ['pwd'], isTimed: true };
const bySecondFactor = { acr: mfa, amr: ['pwd', 'otp', 'mfa'], isTimed: true };

describe('step-up authentication', () => {
  const client = provider({ PROVIDER_STEP_UP: 'true' });

  const password = { username: 'ada', password: 'ada-demo', action: 'sign-in' };
  const secondFactor = { code: '123456', action: 'confirm' };

  const open = (browser, parameters) => browser.open(client.authorization(parameters).url);
  const error = ({ left }) => left.searchParams.get('error');

  /** Exchanges the code of a callback. */
  async function tokens(request, { left }) {
    assert.ok(left, 'there is a callback');
    const { status, body } = await client.exchange(left.searchParams.get('code'), request.verifier);
    assert.equal(status, 200);
    return body;
  }

  test('discovery lists the classes', async () => {
    const metadata = await (await fetch(client.endpoint('/.well-known/openid-configuration'))).json();
    assert.deepEqual(metadata.acr_values_supported, [firstFactor, mfa]);
    for (const name of ['acr', 'amr', 'auth_time']) {
      assert.ok(metadata.claims_supported.includes(name), name);
    }
  });

  test('tokens say how the user has authenticated, without a request for it, and a refresh keeps it', async () => {
    const { tokens } = await client.signIn('ada');
    assert.deepEqual(authentication(tokens.id_token), byPassword);
    await client.advance(100);
    const { body } = await client.refresh(tokens.refresh_token, { resource: products });
    for (const token of [body.id_token, body.access_token]) {
      assert.deepEqual(authentication(token), byPassword);
      assert.equal(claims(token).auth_time, claims(tokens.id_token).auth_time);
    }
  });

  test('a session is asked only for the second factor', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    await client.advance(100);
    const request = client.authorization({ acr_values: mfa });
    const page = await browser.open(request.url);
    assert.match(page.address.pathname, /^\/step-up\//);
    assert.doesNotMatch(page.html, /Password/);
    assert.match(page.html, /<strong>ada<\/strong>/);
    const wrong = await browser.submit(page, { code: '654321', action: 'confirm' });
    assert.equal(wrong.status, 401);
    const { id_token, refresh_token } = await tokens(request, await browser.submit(wrong, secondFactor));
    assert.deepEqual(authentication(id_token), bySecondFactor);
    assert.ok(claims(id_token).iat - claims(id_token).auth_time <= 2, 'the proof is recent');
    const { body } = await client.refresh(refresh_token, { resource: products });
    assert.deepEqual(authentication(body.access_token), bySecondFactor);
    // The session has reached the class, so that nothing is asked, not even silently.
    assert.ok((await open(browser, { acr_values: mfa, prompt: 'none' })).left.searchParams.get('code'));
  });

  test('without a session the password comes first, and another prompt asks for both again', async () => {
    const browser = new Browser();
    for (const parameters of [{ acr_values: mfa }, { acr_values: mfa, prompt: 'login consent' }]) {
      const request = client.authorization(parameters);
      const form = await browser.open(request.url);
      assert.match(form.html, /Password/);
      const page = await browser.submit(form, password);
      assert.match(page.address.pathname, /^\/step-up\//);
      const { id_token } = await tokens(request, await browser.submit(page, secondFactor));
      assert.deepEqual(authentication(id_token), bySecondFactor);
    }
  });

  test('a proof that is too old is repeated, by the same user', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    await browser.submit(await open(browser, { acr_values: mfa }), secondFactor);
    await client.advance(100);
    const request = client.authorization({ acr_values: mfa, max_age: '10' });
    const form = await browser.open(request.url);
    assert.match(form.html, /value="ada" readonly/);
    const other = await browser.submit(form, { username: 'bob', password: 'bob-demo', action: 'sign-in' });
    assert.equal(other.status, 401);
    const page = await browser.submit(other, password);
    const { id_token } = await tokens(request, await browser.submit(page, secondFactor));
    assert.deepEqual(authentication(id_token), bySecondFactor);
  });

  test('any listed class will do', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    for (const acr_values of [firstFactor, `${mfa} ${firstFactor}`, `urn:example:other ${firstFactor}`]) {
      assert.ok((await open(browser, { acr_values })).left.searchParams.get('code'), acr_values);
    }
  });

  test('a demand that cannot be met fails, and the session stays', async () => {
    const browser = new Browser();
    await client.signIn('bob', {}, browser);
    const unmet = 'unmet_authentication_requirements';
    assert.equal(error(await open(browser, { acr_values: mfa })), unmet, 'bob has no second factor');
    assert.equal(error(await open(browser, { acr_values: mfa, prompt: 'none' })), unmet);
    assert.equal(error(await open(browser, { acr_values: 'urn:example:other' })), unmet, 'an unknown class');
    await client.advance(100);
    const old = { acr_values: firstFactor, max_age: '10', prompt: 'none' };
    assert.equal(error(await open(browser, old)), unmet, 'too old');
    assert.ok((await open(browser)).left.searchParams.get('code'), 'bob is still signed in');
    const signedOut = await open(new Browser(), { acr_values: mfa, prompt: 'none' });
    assert.equal(error(signedOut), 'login_required');
    assert.equal(error(await open(new Browser(), { acr_values: 'urn:example:other' })), unmet, 'before any page');
  });

  test('Cancel returns access_denied to the callback', async () => {
    const browser = new Browser();
    await client.signIn('ada', {}, browser);
    const page = await open(browser, { acr_values: mfa });
    assert.equal(error(await browser.submit(page, { code: '', action: 'cancel' })), 'access_denied');
  });
});

describe('Logto before 1.46', () => {
  const client = provider();

  test('ignores acr_values and reports no class', async () => {
    const { tokens } = await client.signIn('ada', { acr_values: mfa });
    assert.deepEqual(authentication(tokens.id_token), { acr: undefined, amr: undefined, isTimed: false });
    const { body } = await client.refresh(tokens.refresh_token, { resource: products });
    assert.deepEqual(authentication(body.access_token), { acr: undefined, amr: undefined, isTimed: false });
    const metadata = await (await fetch(client.endpoint('/.well-known/openid-configuration'))).json();
    assert.equal(metadata.acr_values_supported, undefined);
    assert.ok(!metadata.claims_supported.includes('acr'));
  });

  test('sends auth_time with acr_values only if the request has max_age too', async () => {
    const { tokens } = await client.signIn('ada', { acr_values: mfa, max_age: '60' });
    assert.deepEqual(authentication(tokens.id_token), { acr: undefined, amr: undefined, isTimed: true });
  });
});
