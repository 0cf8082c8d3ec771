// The Back button without JavaScript, in a browser with the back/forward cache, which Playwright
// disables by default.

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
 * Goes back by `steps` to the home page. Returns whether it came from the back/forward cache,
 * without a request.
 */
async function goBack(steps: number, app: App, page: Page): Promise<boolean> {
  let isCached = true;
  page.on('request', (request) => {
    isCached &&= request.url() !== `${app.url}/`;
  });
  const { history, session } = await navigationHistory(page);
  const entry = history.entries[history.currentIndex - steps];
  if (!entry) throw new Error(`there are not ${steps} earlier pages`);
  await session.send('Page.navigateToHistoryEntry', { entryId: entry.id });
  await expect(page).toHaveURL(`${app.url}/`);
  return isCached;
}

/**
 * Reads the history of the tab. With the back/forward cache each page has a target of its own, and
 * Chromium refuses to answer while it replaces one by another. `page.goBack` fails then.
 */
async function navigationHistory(page: Page) {
  for (;;) {
    const session = await page.context().newCDPSession(page);
    try {
      return { history: await session.send('Page.getNavigationHistory'), session };
    } catch (error) {
      if (!String(error).includes('Not attached to an active page')) throw error;
    }
  }
}

test.beforeEach(async ({ app, watch }) => {
  // The provider has no icon.
  watch.allow(/Failed to load resource.*favicon/);
  // Chromium caches the page after a sign-in, although it is `no-store`.
  await app.open('/');
  await app.signIn('ada');
  await expect(app.claim('sub')).toHaveText('ada0demouser');
  await app.step('Sessions').click();
  await expect(app.signOutOfThisApp).toBeVisible();
});

test('while the user is signed in, the browser shows a cached page', async ({ app, page }) => {
  expect(await goBack(1, app, page)).toBe(true);
  await expect(app.claim('sub')).toHaveText('ada0demouser');
});

test('after a sign-out from this app only, the browser no longer shows earlier pages', async ({ app, page }) => {
  await app.signOutOfThisApp.click();
  await expect(app.signInButton).toBeVisible();
  expect(await goBack(2, app, page)).toBe(false);
  await expect(app.signInButton).toBeVisible();
  await expect(page.getByText('ada0demouser')).toHaveCount(0);
});

test('after a sign-out everywhere, the browser no longer shows earlier pages', async ({ app, page }) => {
  await app.signOut({ javaScript: false });
  // Skips the provider's page.
  expect(await goBack(3, app, page)).toBe(false);
  await expect(app.signInButton).toBeVisible();
  await expect(page.getByText('ada0demouser')).toHaveCount(0);
});
