// Failed sign-ins and their error pages.

import type { Page } from '@playwright/test';
import { sessionCookie, transactionCookie, type App } from './pages.ts';
import { sendSignInForm } from './support/callback.ts';
import { appEnvironment, binaryOf, root, withoutSettings } from './support/environment.mjs';
import { expect, test } from './support/fixtures.ts';
import { answers, freePort, Process } from './support/process.mjs';

/**
 * Starts a sign-in and returns the callback URL without opening it, so that a test can change it.
 * Playwright cannot intercept redirected requests, so the form is sent with the browser's cookies,
 * but not by a page.
 */
async function callbackOf(app: App, page: Page): Promise<URL> {
  await app.open('/');
  await app.signInButton.click();
  await expect(app.provider.password).toBeVisible();
  return sendSignInForm(page.request, page.url(), 'ada', app.url);
}

/** A process of the same app at another port. The store of each is its memory. */
async function secondProcess(appUrl: string, providerUrl: string): Promise<{ url: string; process: Process }> {
  const address = `127.0.0.1:${await freePort()}`;
  const env = { ...withoutSettings(), ...appEnvironment(appUrl, providerUrl), LEPTOS_SITE_ADDR: address };
  const process = new Process('second process', binaryOf(), [], { cwd: root, env });
  await process.until(() => answers(`http://${address}/health`), 20);
  return { url: `http://${address}`, process };
}

async function expectError(app: App, page: Page, code: string): Promise<void> {
  await expect(page).toHaveURL(`${app.url}/auth-error?code=${code}`);
  await expect(app.errorCode).toHaveText(code);
  await expect(app.heading).toBeVisible();
  const cookies = await page.context().cookies(app.url);
  expect(cookies.filter(({ name }) => sessionCookie.test(name))).toEqual([]);
}

test.beforeEach(({ watch }) => {
  // The browser reports the error status of the error page.
  watch.allow(/Failed to load resource.*\/auth-error/);
});

test('a cancelled sign-in shows a stable code and a way back, and the next one works', async ({
  app,
  page,
  context,
}) => {
  await app.open('/');
  await app.signInButton.click();
  await app.provider.cancel.click();
  await expectError(app, page, 'access_denied');
  expect((await context.cookies(app.url)).filter(({ name }) => transactionCookie.test(name))).toEqual([]);

  await app.wayBack.click();
  await expect(page).toHaveURL(`${app.url}/`);
  await app.signIn('ada');
  await expect(app.claim('sub')).toHaveText('ada0demouser');
});

test('a callback with the wrong state is refused', async ({ app, page }) => {
  const callback = await callbackOf(app, page);
  callback.searchParams.set('state', 'another-state');
  await page.goto(callback.href);
  await expectError(app, page, 'transaction_missing');
});

test('a callback without its transaction is refused', async ({ app, page, context }) => {
  const callback = await callbackOf(app, page);
  await context.clearCookies({ name: transactionCookie });
  await page.goto(callback.href);
  await expectError(app, page, 'transaction_missing');
});

test('a callback that names another issuer is refused', async ({ app, page }) => {
  const callback = await callbackOf(app, page);
  callback.searchParams.set('iss', 'https://evil.example/oidc');
  await page.goto(callback.href);
  await expectError(app, page, 'issuer_mismatch');
});

test('an invalid code is refused, and the callback cannot be retried', async ({ app, page }) => {
  const callback = await callbackOf(app, page);
  callback.searchParams.set('code', 'guessed');
  await page.goto(callback.href);
  await expectError(app, page, 'invalid_grant');
  await page.goto(callback.href);
  await expectError(app, page, 'transaction_missing');
});

test('a code that was used is refused, by a process that does not know of the first use', async ({
  app,
  page,
  context,
  provider,
}) => {
  const callback = await callbackOf(app, page);
  const transaction = (await context.cookies(app.url)).filter(({ name }) => transactionCookie.test(name));
  expect(transaction).toHaveLength(1);
  await page.goto(callback.href);
  await expect(app.accountButton).toBeVisible();
  // The browser is as it was before, and its request reaches another process.
  await context.clearCookies({ name: /^(__Host-)?logto_/ });
  await context.addCookies(transaction);
  const other = await secondProcess(app.url, provider.url);
  const response = await page.request.get(`${other.url}${callback.pathname}${callback.search}`, { maxRedirects: 0 });
  await other.process.stop();
  await page.goto(response.headers()['location']!);
  await expectError(app, page, 'invalid_grant');
  const exchanges = (await provider.log()).filter(({ grant_type }) => grant_type === 'authorization_code');
  expect(exchanges.map(({ status }) => status)).toEqual([200, 400]);
  await app.signInAgain.click();
  await expect(app.accountButton).toBeVisible();
});

test('the provider’s error description is not shown', async ({ app, page }) => {
  const callback = await callbackOf(app, page);
  callback.searchParams.delete('code');
  callback.searchParams.set('error', 'access_denied');
  callback.searchParams.set('error_description', '<b id="injected">text of the provider</b>');
  await page.goto(callback.href);
  await expectError(app, page, 'access_denied');
  await expect(page.getByText('text of the provider')).toHaveCount(0);
  await expect(page.locator('#injected')).toHaveCount(0);
});

test('a failing token endpoint is shown as a transient error of the provider', async ({ app, page, provider }) => {
  await app.open('/');
  await app.signInButton.click();
  await provider.set({ faults: { token: { status: 503 } } });
  await app.provider.signIn('ada');
  await expectError(app, page, 'provider_unavailable');
  await provider.set({ faults: { token: null } });
  await app.open('/');
  await app.signInButton.click();
  await expect(app.accountButton).toBeVisible();
});

test('an unknown code is not shown on the error page', async ({ app, page }) => {
  await app.open('/auth-error?code=%3Cscript%3Eunheard_of%3C%2Fscript%3E');
  await expect(app.errorCode).toHaveText('unknown_error');
  await expect(page.getByText('unheard_of')).toHaveCount(0);
});

test('the callback without parameters shows an error page', async ({ app, page }) => {
  await app.open('/callback');
  await expectError(app, page, 'transaction_missing');
});

test('opening the callback again while signed in leads home', async ({ app, page }) => {
  await app.open('/');
  const callback = page.waitForRequest((request) => request.url().startsWith(`${app.url}/callback`));
  await app.signIn('ada');
  await page.goto((await callback).url());
  await expect(page).toHaveURL(`${app.url}/`);
  await expect(app.accountButton).toBeVisible();
});
