// The user's account: edit it, and sign out elsewhere. The same with and without JavaScript, because
// the forms need none.

import type { Browser, Page } from '@playwright/test';
import { users } from '../provider/demo.mjs';
import { App } from './pages.ts';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/fixtures.ts';

const name = (app: App) => app.main.getByLabel('Name', { exact: true });
const theme = (app: App) => app.main.getByLabel('Theme');
const save = (app: App) => app.main.getByRole('button', { name: 'Save' });
const password = (app: App) => app.main.getByLabel('Your password');
const show = (app: App) => app.main.getByRole('button', { name: 'Show my sessions' });
const sessions = (app: App) => app.main.locator('.account-sessions > li');
const signOutThere = (app: App) => app.main.getByRole('button', { name: /^Sign out there/ });

async function signedIn(app: App): Promise<void> {
  await app.open('/account');
  await app.signIn('ada');
}

async function confirm(app: App, text: string = users.ada.password): Promise<void> {
  await password(app).fill(text);
  await show(app).click();
}

/** Another browser in which the same user signs in. */
async function elsewhere(browser: Browser, url: string): Promise<{ app: App; page: Page }> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const app = new App(page, url);
  await app.open('/profile');
  await app.signIn('ada');
  return { app, page };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a user changes name and custom data, and the header follows', async ({ app }) => {
      await signedIn(app);
      await expect(name(app)).toHaveValue('Ada Lovelace');
      await expect(theme(app)).toHaveValue('dark');
      await name(app).fill('Countess of Lovelace');
      await theme(app).selectOption('light');
      await save(app).click();
      await expect(name(app)).toHaveValue('Countess of Lovelace');
      await expect(theme(app)).toHaveValue('light');
      await expect(app.header).toContainText('Countess of Lovelace');
      await app.open('/profile');
      await expect(app.main).toContainText('"name": "pro"');
    });

    test('the browser keeps an invalid form, and the server refuses it', async ({ app, page }) => {
      await signedIn(app);
      await name(app).fill('');
      await save(app).click();
      await expect(name(app)).toBeFocused();
      expect(app.path).toBe('/account');
      // Anyone can send a form.
      await page.locator('form:has(#account-name)').evaluate((form: HTMLFormElement) => (form.noValidate = true));
      await save(app).click();
      await expect(name(app)).toHaveAttribute('aria-invalid', 'true');
      await expect(name(app)).toHaveAccessibleDescription('Please enter a valid value.');
      await expect(name(app)).toHaveValue('Ada Lovelace');
    });

    test('a user signs out in another browser', async ({ app, browser, stack }) => {
      const other = await elsewhere(browser, stack.appUrl);
      await expect(other.app.main).toContainText('ada@example.com');
      await signedIn(app);
      await confirm(app, 'wrong');
      await expect(app.main).toContainText('account_password_wrong');
      await expect(app.main).toContainText('The password is wrong');
      await confirm(app);
      await expect(sessions(app)).toHaveCount(2);
      await expect(sessions(app).filter({ hasText: 'This one' })).toHaveCount(1);
      await expect(sessions(app).first()).toContainText(/Chrome, \w+/);
      await signOutThere(app).click();
      await expect(sessions(app)).toHaveCount(1);
      await expect(sessions(app)).toContainText('This one');

      // The app there notices it when it next needs a token, on this page for userinfo.
      await other.app.open('/profile');
      await expect(other.app.main).not.toContainText('ada@example.com');
      await other.app.open('/');
      await expect(other.app.sessionState).toContainText('Sign-in needed');
      await other.app.open('/profile');
      await other.app.signInInPage.click();
      await expect(other.app.provider.password, 'signed out at the provider too').toBeVisible();
      await app.page.reload();
      await expect(app.sessionState).toContainText('Active');
      await other.page.context().close();
    });
  });
}

test('the list stays for 10 minutes', async ({ app, provider }) => {
  await signedIn(app);
  await confirm(app);
  await expect(sessions(app)).toHaveCount(1);
  await app.open('/account');
  await expect(sessions(app)).toHaveCount(1);
  await provider.advance(601);
  await app.open('/account');
  await expect(password(app)).toBeVisible();
});

test('a session that has ended meanwhile is no longer in the account', async ({ app, browser, stack }) => {
  const other = await elsewhere(browser, stack.appUrl);
  await signedIn(app);
  await confirm(app);
  const tab = await App.inNewTab(app);
  await tab.open('/account');
  await signOutThere(tab).click();
  await expect(sessions(tab)).toHaveCount(1);
  await signOutThere(app).click();
  await expect(app.main).toContainText('account_entry_not_found');
  await expect(sessions(app)).toHaveCount(1);
  await other.page.context().close();
});

test('the links lead to pages of Logto, and those of a task name the way back', async ({ app, stack, provider }) => {
  await signedIn(app);
  const back = { redirect: `${stack.appUrl}/account`, show_success: 'true' };
  for (const [name, path, parameters] of [
    ['Change the password', '/account/password', back],
    ['Add an authenticator app', '/account/authenticator-app', back],
    ['Add a passkey', '/account/passkey/add', back],
    ['All security settings', '/account/security', {}],
  ] as const) {
    const href = await app.main.getByRole('link', { name, exact: true }).getAttribute('href');
    const url = new URL(href!);
    expect(url.origin + url.pathname, name).toBe(provider.url + path);
    expect(Object.fromEntries(url.searchParams), name).toEqual(parameters);
  }
});

test('the page says how to switch the API on', async ({ app, provider }) => {
  await provider.set({ account_center: false });
  await signedIn(app);
  await expect(app.main).toContainText('account_not_enabled');
  await expect(app.main).toContainText('PATCH /api/account-center');
  await expect(save(app)).toHaveCount(0);
});

test('a visitor is asked to sign in', async ({ app }) => {
  await app.open('/account');
  await app.signInInPage.click();
  await app.provider.signIn('bob');
  expect(app.path).toBe('/account');
  await expect(name(app)).toHaveValue('Bob Reader');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const language of ['English', 'Français'] as const) {
    test(`axe finds nothing, ${colorScheme}, ${language}`, async ({ app, page }) => {
      await page.emulateMedia({ colorScheme });
      await signedIn(app);
      await confirm(app, 'wrong');
      await expect(app.main).toContainText('account_password_wrong');
      await app.switchLanguage(language);
      await expectAccessible(page, 'password form');
      await app.switchLanguage('English');
      await confirm(app);
      await expect(sessions(app)).toHaveCount(1);
      await app.switchLanguage(language);
      await expectAccessible(page, 'list of sessions');
    });
  }
}
