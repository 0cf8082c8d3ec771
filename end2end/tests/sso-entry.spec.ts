// Single sign-on that begins at the identity provider (SAML).

import { sessionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ appSettings: { LOGTO_SSO_ENTRY: '/sso' } });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('the entry leads to the connector at the provider, and then home', async ({ app, page, provider }) => {
      await app.open('/sso?ssoConnectorId=abc');
      await expect(app.provider.password).toBeVisible();
      await expect(page.locator('dt', { hasText: 'direct_sign_in' }).locator('+ dd')).toHaveText('sso:abc');
      const asked = { path: '/oidc/auth', prompt: 'login', direct_sign_in: 'sso:abc' };
      expect(await provider.log()).toContainEqual(expect.objectContaining(asked));
      await app.provider.signIn('ada');
      await expect(app.accountButton).toBeVisible();
      expect(app.path).toBe('/');
    });
  });
}

test('a redirect from another site starts the sign-in, even beside a session at the provider', async ({
  app,
  page,
  provider,
  watch,
}) => {
  const otherSite = provider.url.replace('127.0.0.1', 'localhost');
  watch.allow(/request to another host: localhost/);
  await app.open('/');
  await app.signIn('ada');
  await page.goto(otherSite);
  await page.evaluate((url) => location.assign(url), `${app.url}/sso?ssoConnectorId=abc`);
  await expect(app.provider.password).toBeVisible();
  await app.provider.signIn('bob');
  await expect(app.accountButton).toBeVisible();
  await expect(app.claim('sub')).toHaveText('bob0demouser');
});

test('an invalid connector starts no sign-in', async ({ app, page, context, watch }) => {
  const asked: string[] = [];
  context.on('request', (request) => request.url().includes('/oidc/auth') && asked.push(request.url()));
  watch.allow(/Failed to load resource.*\/auth-error/);
  for (const query of [
    'ssoConnectorId=',
    'ssoConnectorId=a%20b',
    'ssoConnectorId=https://evil.example',
    'ssoConnectorId=a&ssoConnectorId=b',
    `ssoConnectorId=${'a'.repeat(129)}`,
  ]) {
    await app.open(`/sso?${query}`);
    await expect(page).toHaveURL(`${app.url}/auth-error?code=invalid_parameter`);
    await expect(app.errorCode).toHaveText('invalid_parameter');
  }
  await app.open('/sso');
  await expect(page).toHaveURL(`${app.url}/`);
  expect(asked).toEqual([]);
});

test.describe('a code that no sign-in has asked for', () => {
  test.beforeEach(({ watch }) => {
    watch.allow(/Failed to load resource.*\/auth-error/);
  });

  test('is refused with advice', async ({ app, page, context, provider }) => {
    await app.open(`/callback?code=unasked&iss=${encodeURIComponent(`${provider.url}/oidc`)}`);
    await expect(page).toHaveURL(`${app.url}/auth-error?code=unsolicited_sign_in`);
    await expect(app.errorCode).toHaveText('unsolicited_sign_in');
    await expect(app.main).toContainText('a sign-in has to start on this site');
    expect((await context.cookies(app.url)).filter(({ name }) => sessionCookie.test(name))).toEqual([]);
    expect((await provider.log()).filter(({ path }) => path === '/oidc/token')).toEqual([]);
  });

  test('does not replace the session of the user', async ({ app }) => {
    await app.open('/');
    await app.signIn('ada');
    await app.open('/callback?code=unasked');
    await expect(app.errorCode).toHaveText('unsolicited_sign_in');
    await app.open('/');
    await expect(app.claim('sub')).toHaveText('ada0demouser');
  });
});
