// A manager acts as another user: the banner, the token for the API, and the way back.

import type { Locator, Page } from '@playwright/test';
import { products } from './pages.ts';
import type { App } from './pages.ts';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/fixtures.ts';

const banner = (page: Page): Locator => page.locator('.acting');
const actAs = (app: App, name: string): Locator => app.main.getByRole('button', { name: `Act as ${name}` });
const stop = (page: Page): Locator => banner(page).getByRole('button', { name: 'Stop' });
const section = (app: App, name: string): Locator => app.main.getByRole('region', { name, exact: true });
const api = (app: App): Locator => section(app, 'Call an API as the user');

async function signedIn(app: App, user: 'ada' | 'bob' = 'ada'): Promise<void> {
  await app.open('/act-as');
  await app.signIn(user);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a manager acts as a user, and goes back', async ({ app, page, provider, watch }) => {
      watch.allow(/Failed to load resource.*\/no-such-page/);
      await signedIn(app);
      await expect(banner(page)).toHaveCount(0);
      await expect(api(app)).toContainText('You are not acting as another user');
      await expect(actAs(app, 'Ada Lovelace')).toHaveCount(0);
      await actAs(app, 'Bob Reader').click();
      await expect(banner(page)).toContainText('You are acting as Bob Reader.');
      expect(app.path).toMatch(/^\/act-as\??$/);
      // The token is Bob's, and names Ada. Its claims are shown, and never the token.
      await expect(api(app)).toContainText('"bob0demouser"');
      await expect(api(app)).toContainText('{"sub":"ada0demouser"}');
      await expect(api(app)).toContainText('"read:products"');
      await expect(api(app)).toContainText(products);
      await expect(api(app).getByRole('listitem').first()).toBeVisible();
      for (const path of ['/', '/protect/manager', '/profile', '/streaming', '/no-such-page']) {
        await app.open(path);
        await expect(banner(page), path).toContainText('You are acting as Bob Reader.');
        await expect(app.header, path).toContainText('Ada Lovelace');
      }
      await app.open('/profile');
      await expect(app.main).toContainText('ada@example.com');
      await expect(app.main).not.toContainText('bob@example.com');
      await stop(page).click();
      await expect(banner(page)).toHaveCount(0);
      expect(app.path).toMatch(/^\/profile\??$/);
      await app.open('/act-as');
      await expect(api(app)).toContainText('You are not acting as another user');
      const revoked = (await provider.log()).filter(({ path }) => path.endsWith('/revocation'));
      expect(revoked).toHaveLength(1);
    });

    test('a manager goes on to act as another user', async ({ app, page }) => {
      await signedIn(app);
      await actAs(app, 'Bob Reader').click();
      await expect(banner(page)).toContainText('Bob Reader');
      await actAs(app, 'cleo').click();
      await expect(banner(page)).toContainText('cleo');
      await expect(api(app)).toContainText('"cleo0demousr"');
      await expect(api(app)).toContainText('{"sub":"ada0demouser"}');
    });

    test('a sign-out ends it', async ({ app, page }) => {
      await signedIn(app);
      await actAs(app, 'Bob Reader').click();
      await expect(banner(page)).toBeVisible();
      await app.signOut({ javaScript: javaScriptEnabled });
      await expect(banner(page)).toHaveCount(0);
      await signedIn(app);
      await expect(banner(page)).toHaveCount(0);
    });
  });
}

test('the back button shows no page from before the stop', async ({ app, page }) => {
  await signedIn(app);
  await actAs(app, 'Bob Reader').click();
  await expect(banner(page)).toBeVisible();
  await app.open('/profile');
  await stop(page).click();
  await expect(banner(page)).toHaveCount(0);
  await page.goBack();
  await expect(app.heading).toBeVisible();
  await expect(banner(page)).toHaveCount(0);
});

test('a user without the role sees why, and a form written by hand is refused', async ({ app, page }) => {
  await signedIn(app, 'bob');
  await expect(section(app, 'Choose a user')).toContainText('forbidden');
  await expect(app.main.getByRole('button', { name: /^Act as / })).toHaveCount(0);
  const response = await page.request.post(`${app.url}/fn/act-as/start`, {
    form: { user_id: 'ada0demouser' },
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  expect(response.status()).toBe(403);
  await app.open('/');
  await expect(banner(page)).toHaveCount(0);
});

test('a visitor sees the page, and signs in on it', async ({ app }) => {
  await app.open('/account');
  await app.main.getByRole('link', { name: 'Open the page' }).click();
  await expect(app.heading).toHaveText('Act as another user');
  await section(app, 'Choose a user').getByRole('button', { name: 'Continue with Logto' }).click();
  await app.provider.signIn('ada');
  await expect(actAs(app, 'Bob Reader')).toBeVisible();
  expect(app.path).toBe('/act-as');
});

test('the page says what to switch on if the tenant forbids token exchange', async ({ app, page, provider }) => {
  await signedIn(app);
  await provider.set({ token_exchange: false });
  await actAs(app, 'Bob Reader').click();
  await expect(section(app, 'Choose a user').getByRole('status')).toContainText('Allow token exchange');
  await expect(banner(page)).toHaveCount(0);
});

for (const { language, colorScheme } of [
  { language: 'English', colorScheme: 'light' },
  { language: 'Français', colorScheme: 'dark' },
] as const) {
  test(`the page and the banner are accessible in ${language}`, async ({ app, page }) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width: 390, height: 844 });
    await signedIn(app);
    await app.switchLanguage(language);
    await expectAccessible(page, 'before');
    await app.main.getByRole('button', { name: /Bob Reader/ }).click();
    await expect(banner(page)).toBeInViewport();
    await expectAccessible(page, 'while acting');
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
    expect(wide).toBe(false);
  });
}
