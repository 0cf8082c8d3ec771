// A user without access to the application: pages say so instead of starting a sign-in, and notice
// when access returns.

import { paths, products } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test('a user who lost access sees that on every page, and continues when access returns', async ({
  app,
  provider,
  page,
}) => {
  // The tokens expire too soon to be used, so that every page asks the provider.
  await provider.set({ id_token_ttl: 1, access_token_ttl: 1 });
  await app.open('/resources');
  await app.signIn('ada');
  await provider.set({ denied: ['ada'] });
  // The page about the set-up shows no data of the user.
  for (const path of paths.filter((path) => path !== '/set-up')) {
    await app.open(path);
    await expect(app.main).toContainText('You may no longer use this app');
    await expect(app.sessionState).toContainText('No access');
    expect(app.path).toBe(path);
    await expect(app.page.getByRole('button', { name: /^(Sign in|Continue with Logto)$/ })).toHaveCount(0);
    await expect(app.signOutButton).toBeVisible();
  }

  await provider.set({ denied: [], id_token_ttl: 3600, access_token_ttl: 3600 });
  await app.open('/resources');
  await expect(async () => {
    const tryAgain = app.main.getByRole('link', { name: 'Try again' }).first();
    if (await tryAgain.isVisible()) {
      await tryAgain.click();
    }
    await expect(app.resource(products).rendered).toBeVisible({ timeout: 500 });
  }).toPass();
  expect(app.path).toBe('/resources');
  await expect(app.sessionState).toContainText('Active');
  expect(page.url()).toContain(app.url);
});

test('a user who lost access can sign out', async ({ app, provider }) => {
  await provider.set({ id_token_ttl: 1 });
  await app.open('/');
  await app.signIn('ada');
  await provider.set({ denied: ['ada'] });
  await app.open('/profile');
  await expect(app.main).toContainText('You may no longer use this app');
  await app.signOut();
  await expect(app.sessionState).toContainText('Signed out');
});
