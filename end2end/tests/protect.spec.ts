// The two protected pages: for a visitor, a user and a manager.

import type { App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

/** The status of a server function, as a script of the page calls it. */
async function call(app: App, name: string): Promise<number> {
  const response = await app.page.request.post(`${app.url}/fn/${name}`, {
    form: {},
    headers: { 'sec-fetch-site': 'same-origin' },
  });
  return response.status();
}

test('a visitor goes to the sign-in and returns to the protected page', async ({ app }) => {
  await app.open('/protect');
  await app.main.getByRole('link', { name: 'Open the page for users' }).click();
  await app.provider.signIn('bob');
  expect(app.path).toBe('/protect/member');
  await expect(app.heading).toHaveText('A page for signed-in users');
  await expect(app.main.getByText('bob0demouser')).toBeVisible();
});

test('a user without the role sees the reason, with the status 403', async ({ app, page, watch }) => {
  watch.allow(/status of 403/);
  await app.open('/protect');
  await app.signIn('bob');
  const response = await page.goto(`${app.url}/protect/manager`);
  expect(response?.status()).toBe(403);
  await expect(app.main.getByRole('alert')).toContainText('does not have permission');
  await expect(app.main.getByText('bob0demouser')).toHaveCount(0);
});

test('a manager sees the page for managers', async ({ app, page }) => {
  await app.open('/protect');
  await app.signIn('ada');
  const response = await page.goto(`${app.url}/protect/manager`);
  expect(response?.status()).toBe(200);
  await expect(app.main.getByText('ada0demouser')).toBeVisible();
});

test('the server functions check again', async ({ app }) => {
  const both = async () => [await call(app, 'my-id'), await call(app, 'managers-data')];
  await app.open('/protect');
  expect(await both()).toEqual([401, 401]);
  await app.signIn('bob');
  expect(await both()).toEqual([200, 403]);
  await app.signOut();
  await app.open('/protect');
  await app.signIn('ada');
  expect(await both()).toEqual([200, 200]);
});

test('the table tells which column is the visitor’s', async ({ app }) => {
  await app.open('/protect');
  await expect(app.main.getByRole('columnheader', { name: 'Visitor you' })).toBeVisible();
  await app.signIn('bob');
  await expect(app.main.getByRole('columnheader', { name: 'User you' })).toBeVisible();
});
