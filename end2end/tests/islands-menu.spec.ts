// Islands mode: an island with the user's menu and with content for users who meet a requirement.

import type { Locator } from '@playwright/test';
import { type App, sessionCookie } from './pages.ts';
import { Example } from './support/example.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ otherApp: 'example-islands', appSettings: { LOGTO_SCOPES: 'email roles' } });

const menuButton = (app: App): Locator => app.main.getByRole('button', { name: /Ada Lovelace/ });
const forManagers = (app: App): Locator => app.main.getByRole('button', { name: /^Clicks of a manager/ });
const fallback = 'Only managers see this counter.';

test('a visitor sees no menu in an island, and the fallback', async ({ app }) => {
  await Example.open(app, '/menu');
  await expect(app.main).toContainText('Hello stranger');
  await expect(app.main).toContainText(fallback);
  await expect(app.main.getByRole('button')).toHaveCount(0);
});

test('a menu and guarded content in an island are hydrated', async ({ app }) => {
  const example = await Example.signedIn(app, '/menu');
  await expect(app.main).toContainText('Hello Ada Lovelace');
  await expect(app.main).not.toContainText(fallback);
  await example.button('Clicks of a manager: 0').click();
  await expect(example.button('Clicks of a manager: 1')).toBeVisible();
  await menuButton(app).click();
  await expect(app.main.getByText('ada@example.com')).toBeVisible();
  await app.signOutButton.click();
  await expect(app.page).toHaveURL(`${app.url}/`);
  await expect(app.signInButton).toBeVisible();
});

test('a user without the role sees the fallback in an island', async ({ app }) => {
  await app.open('/');
  await app.signIn('bob');
  await Example.open(app, '/menu');
  await expect(app.main).toContainText(fallback);
  await expect(forManagers(app)).toHaveCount(0);
});

test('an island follows the end of the session', async ({ app, context, watch }) => {
  // The island asks whether a visitor meets the requirement.
  watch.allow(/status of 401/);
  const example = await Example.signedIn(app, '/menu');
  await expect(forManagers(app)).toBeVisible();
  await context.clearCookies({ name: sessionCookie });
  await example.comeBack();
  await expect(app.main).toContainText('Hello stranger');
  await expect(app.main).toContainText(fallback);
  await expect(menuButton(app)).toHaveCount(0);
  await expect(forManagers(app)).toHaveCount(0);
});
