// The user's menu and the organization switcher.

import type { Locator } from '@playwright/test';
import type { App } from './pages.ts';
import { Example } from './support/example.ts';
import { expect, test } from './support/fixtures.ts';

test.use({
  otherApp: 'end2end-hydrate',
  appSettings: { LOGTO_SCOPES: 'email urn:logto:scope:organizations' },
});

const menuButton = (app: App): Locator => app.main.getByRole('button', { name: /Ada Lovelace/ });
const signOut = (app: App): Locator => app.main.getByRole('button', { name: 'Sign out' });
const organization = (app: App, name: string): Locator => app.main.getByRole('button', { name, exact: true });

test('the user menu works with the keyboard', async ({ app, page }) => {
  await Example.signedIn(app, '/user');
  await expect(signOut(app)).toBeHidden();
  await menuButton(app).focus();
  await page.keyboard.press('Enter');
  await expect(app.main.getByText('ada@example.com')).toBeVisible();
  await expect(signOut(app)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(signOut(app)).toBeHidden();
  await expect(menuButton(app)).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await expect(signOut(app)).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(`${app.url}/`);
  await expect(app.signInButton).toBeVisible();
});

test('visitors see no user menu and no organizations', async ({ app }) => {
  await Example.open(app, '/user');
  await expect(app.main.getByRole('button')).toHaveCount(0);
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test(`the switcher changes the active organization ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
      app,
    }) => {
      await app.open('/');
      await app.signInButton.click();
      await app.provider.signIn('ada');
      await expect(app.signOutButton).toBeVisible();
      await app.open('/user?tab=1');
      await expect(app.main).toContainText('Active organization: none');
      await organization(app, 'Acme Inc.').click();
      await expect(app.main).toContainText('Active organization: acme');
      expect(app.path).toBe('/user?tab=1');
      await expect(organization(app, 'Acme Inc.')).toHaveAttribute('aria-current', 'true');
      await app.open('/user');
      await expect(app.main).toContainText('Active organization: acme');
    });
  });
}
