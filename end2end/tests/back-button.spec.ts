// The Back button without JavaScript, in a browser that keeps pages as they were. Playwright
// switches the back/forward cache off otherwise.

import type { Page } from '@playwright/test';
import { type App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test.use({
  javaScriptEnabled: false,
  launchOptions: async ({ launchOptions }, use) => {
    await use({ ...launchOptions, ignoreDefaultArgs: ['--disable-back-forward-cache'] });
  },
});

/**
 * Goes back so many pages; `true` if the browser shows the last of them as it kept it, without a
 * request.
 */
async function goBack(steps: number, app: App, page: Page): Promise<boolean> {
  let isKept = true;
  page.on('request', (request) => {
    isKept &&= request.url() !== `${app.url}/`;
  });
  for (let step = 0; step < steps; step += 1) {
    await page.goBack({ waitUntil: 'commit' });
  }
  await expect(page).toHaveURL(`${app.url}/`);
  return isKept;
}

test.beforeEach(async ({ app, watch }) => {
  // The provider has no icon.
  watch.allow(/Failed to load resource.*favicon/);
  // Chromium keeps the page on which the user lands after sign-in, although it is `no-store`.
  await app.open('/');
  await app.signIn('ada');
  await expect(app.claim('sub')).toHaveText('ada0demouser');
  await app.step('Session').click();
  await expect(app.signOutOfThisApp).toBeVisible();
});

test('while the user is signed in the browser shows a page it has kept', async ({ app, page }) => {
  expect(await goBack(1, app, page)).toBe(true);
  await expect(app.claim('sub')).toHaveText('ada0demouser');
});

test('after a sign-out of this app only the browser has forgotten the pages of before', async ({ app, page }) => {
  await app.signOutOfThisApp.click();
  await expect(app.signInButton).toBeVisible();
  expect(await goBack(2, app, page)).toBe(false);
  await expect(app.signInButton).toBeVisible();
  await expect(page.getByText('ada0demouser')).toHaveCount(0);
});

test('after a sign-out everywhere the browser has forgotten the pages of before', async ({ app, page }) => {
  await app.signOut({ javaScript: false });
  // Back over the page of the provider.
  expect(await goBack(3, app, page)).toBe(false);
  await expect(app.signInButton).toBeVisible();
  await expect(page.getByText('ada0demouser')).toHaveCount(0);
});
