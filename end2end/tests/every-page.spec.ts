// Rules for every page: no errors, no tokens, fits a phone, works with the keyboard. The `watch`
// fixture checks the first two in all tests.

import { paths } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

const everywhere = [...paths, '/auth-error?code=access_denied', '/no-such-page'];

test.beforeEach(({ watch }) => {
  // The browser reports pages with an error status.
  watch.allow(/Failed to load resource.*\/(no-such-page|auth-error)/);
});

for (const signedIn of [false, true]) {
  const who = signedIn ? 'signed in' : 'signed out';

  test(`${who}: every page has one main heading, a title, a language and a link home`, async ({ app, page }) => {
    if (signedIn) {
      await app.open('/');
      await app.signIn('ada');
    }
    const titles = new Set<string>();
    for (const path of everywhere) {
      await app.open(path);
      await expect(app.heading, path).toHaveCount(1);
      await expect(app.homeLink.first(), path).toBeVisible();
      await expect(page.locator('html'), path).toHaveAttribute('lang', /^en/);
      titles.add(await page.title());
    }
    expect(titles.size, [...titles].join(', ')).toBe(everywhere.length);
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${who}, ${colorScheme}: no page scrolls sideways at 390 px`, async ({ app, page }) => {
      await page.setViewportSize({ width: 390, height: 844 });
      await page.emulateMedia({ colorScheme });
      if (signedIn) {
        await app.open('/');
        await app.signIn('ada');
      }
      for (const path of everywhere) {
        await app.open(path);
        await expect(app.heading).toBeVisible();
        const { scroll, width } = await page.evaluate(() => ({
          scroll: document.documentElement.scrollWidth,
          width: document.documentElement.clientWidth,
        }));
        expect(scroll, path).toBeLessThanOrEqual(width);
      }
    });
  }
}

test('pages that depend on a session are not cached', async ({ app, page }) => {
  await app.open('/');
  await app.signIn('ada');
  for (const path of paths) {
    const response = await page.goto(new URL(path, app.url).href);
    const { 'cache-control': caching, vary } = response!.headers();
    expect(caching, path).toMatch(/private.*no-store|no-store.*private/);
    expect(vary, path).toMatch(/cookie/i);
  }
});

test('a missing page is a 404 in the app’s design', async ({ app, page }) => {
  const response = await page.goto(new URL('/no-such-page', app.url).href);
  expect(response?.status()).toBe(404);
  await expect(app.homeLink.first()).toBeVisible();
});

test('the skip link is the first keyboard stop and leads to the content', async ({ app, page }) => {
  await app.open('/');
  await page.keyboard.press('Tab');
  await expect(app.skipLink).toBeFocused();
  await expect(app.skipLink).toBeInViewport();
  await page.keyboard.press('Enter');
  const leadsToContent = () =>
    page.evaluate(() => document.querySelector('main')!.contains(document.getElementById(location.hash.slice(1))));
  await expect.poll(leadsToContent).toBe(true);
});

test('focus is visible on every keyboard stop', async ({ app, page }) => {
  await app.open('/');
  await app.signIn('ada');
  await app.open('/resources');
  const reached: string[] = [];
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press('Tab');
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) {
        return undefined;
      }
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      const visible = (outlineStyle !== 'none' && parseFloat(outlineWidth) > 0) || boxShadow !== 'none';
      return { name: (element.textContent ?? '').trim().slice(0, 40) || element.tagName, visible };
    });
    if (!stop) {
      break;
    }
    expect(stop.visible, stop.name).toBe(true);
    reached.push(stop.name);
  }
  expect(reached).toContain('Ada Lovelace');
  expect(reached.filter((name) => name === 'Get access token')).toHaveLength(2);
});

test('signing in works with the keyboard alone', async ({ app, page }) => {
  await app.open('/');
  await app.signInButton.focus();
  await page.keyboard.press('Enter');
  await expect(app.provider.username).toBeFocused();
  await page.keyboard.type('ada');
  await page.keyboard.press('Tab');
  await page.keyboard.type('ada-demo');
  await page.keyboard.press('Enter');
  await expect(app.accountButton).toBeVisible();
});
