// Refusals of Logto that the user sees: what each one costs, and what is left. Refusals about one
// organization are in refused-organizations.spec.ts, those about one resource in
// refused-resources.spec.ts, the ends of a grant in ended-grants.spec.ts, and those about the whole
// application in access-denied.spec.ts too.

import { products, type App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

/** Ends this app's session only: the one at Logto goes on. */
async function signOutOfThisApp(app: App): Promise<void> {
  await app.open('/sessions');
  await app.signOutOfThisApp.click();
  await expect(app.signInButton).toBeVisible();
}

test('the grant of a suspended user has ended: pages ask for a sign-in, which Logto refuses', async ({
  app,
  provider,
  watch,
}) => {
  watch.allow(/Failed to load resource.*\/sign-in\//);
  await provider.set({ id_token_ttl: 1, access_token_ttl: 1 });
  await app.open('/resources');
  await app.signIn('ada');
  await provider.set({ suspended: ['ada'] });
  await app.open('/resources');
  await expect(app.main).toContainText('The sign-in has ended');
  await expect(app.sessionState).toContainText('Sign-in needed');
  await expect(app.main.getByText('sign_in_needed').first()).toBeVisible();
  expect((await provider.refreshes()).at(-1)?.status).toBe(400);
  await app.signInInPage.click();
  await app.provider.signIn('ada');
  await expect(app.page.getByRole('alert')).toHaveText('This user is suspended.');
  // The suspension ends, but only a new sign-in helps.
  await provider.set({ suspended: [], id_token_ttl: 3600, access_token_ttl: 3600 });
  await app.provider.signIn('ada');
  await expect(app.resource(products).rendered).toBeVisible();
});

test('a user without access who comes back from Logto sees an error page, without a loop', async ({ app, provider, watch }) => {
  watch.allow(/Failed to load resource.*\/auth-error/);
  await app.open('/');
  await app.signIn('ada');
  await signOutOfThisApp(app);
  await provider.set({ denied: ['ada'] });
  const asked = async () => (await provider.log()).filter(({ path }) => path === '/oidc/auth').length;
  const before = await asked();
  await app.open('/profile');
  await app.signInButton.click();
  await expect(app.errorCode).toHaveText('access_denied');
  await expect(app.heading).toHaveText('You did not sign in');
  expect(await asked()).toBe(before + 1);
  await app.signInAgain.click();
  await expect(app.errorCode).toHaveText('access_denied');
  expect(await asked()).toBe(before + 2);
  await provider.set({ denied: [] });
  await app.signInAgain.click();
  await expect(app.accountButton).toBeVisible();
  expect(app.path).toBe('/profile');
});

test('a user without access who signs in afresh stays at Logto', async ({ app, provider, watch, page }) => {
  watch.allow(/status of 403/);
  await provider.set({ denied: ['ada'] });
  await app.open('/profile');
  await app.signInButton.click();
  await app.provider.signIn('ada');
  await expect(page.getByRole('alert')).toHaveText('You may not use this application.');
  expect(new URL(page.url()).origin).toBe(provider.url);
  await app.open('/profile');
  await expect(app.signInButton).toBeVisible();
});
