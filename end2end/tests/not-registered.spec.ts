// An app whose redirect URI is not registered at the provider.

import { App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ appSettings: { LOGTO_BASE_URL: 'http://elsewhere.localhost:{port}' } });

test('the first sign-in shows the address to register', async ({ page, stack, watch }) => {
  watch.allow(/Failed to load resource.*\/auth-error/);
  watch.allow(/request to another host: elsewhere\.localhost:/);
  const app = new App(page, stack.appUrl.replace('127.0.0.1', 'elsewhere.localhost'));
  const address = `${app.url}/callback`;
  await expect.poll(() => stack.app.output(), 'the log says it at the start').toContain(`the redirect URI ${address}`);

  await app.open('/');
  await app.signInButton.click();
  await expect(page).toHaveURL(`${app.url}/auth-error?code=redirect_uri_not_registered`);
  await expect(app.main.getByText(address, { exact: true })).toBeVisible();
  await expect(app.errorCode).toHaveText('redirect_uri_not_registered');
});

test('the page about the set-up shows that the addresses are not registered', async ({ page, stack, watch }) => {
  watch.allow(/request to another host: elsewhere\.localhost:/);
  const app = new App(page, stack.appUrl.replace('127.0.0.1', 'elsewhere.localhost'));
  await app.open('/set-up');
  const addresses = app.main.locator('.addresses > li');
  await expect(addresses.nth(0)).toContainText(`Not registered${app.url}/callback`);
  await expect(addresses.nth(1)).toContainText(`Not registered${app.url}/`);
});
