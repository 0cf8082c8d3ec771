// The ends of a grant that Logto reports with `invalid_grant`: the session of this app has ended, and
// the user can sign in again. Suspension is in refused-tokens.spec.ts.

import type { Browser } from '@playwright/test';
import { users } from '../provider/demo.mjs';
import { App, products } from './pages.ts';
import { refreshElsewhere, revokeElsewhere } from './support/elsewhere.ts';
import { expect, test } from './support/fixtures.ts';
import { Management } from './support/management.ts';
import type { Provider } from './support/stack.ts';

/** The first token is for the sign-in alone, so that the next page asks the provider. */
async function signedInWithExpiredTokens(app: App, provider: Provider): Promise<void> {
  await provider.set({ id_token_ttl: 1, access_token_ttl: 1 });
  await app.open('/resources');
  await app.signIn('ada');
  await expect(app.resource(products).rendered).toBeVisible();
}

/** The page says that the sign-in has ended, because of the provider's answer. */
async function expectEnd(app: App, provider: Provider): Promise<void> {
  await app.open('/resources');
  await expect(app.main).toContainText('The sign-in has ended');
  await expect(app.sessionState).toContainText('Sign-in needed');
  await expect(app.main.getByText('sign_in_needed').first()).toBeVisible();
  await expect(app.resource(products).rendered).toHaveCount(0);
  expect((await provider.refreshes()).at(-1)?.status).toBe(400);
}

/** The button of the page signs the user in, with the provider's form if its session has ended too. */
async function expectSignIn(app: App, provider: Provider, { form }: { form: boolean }): Promise<void> {
  await provider.set({ id_token_ttl: 3600, access_token_ttl: 3600 });
  await app.signInInPage.click();
  if (form) {
    await app.provider.signIn('ada');
  }
  await expect(app.resource(products).rendered).toBeVisible();
  await expect(app.sessionState).toContainText('Active');
}

async function signInElsewhere(browser: Browser, app: App): Promise<App> {
  const other = new App(await (await browser.newContext()).newPage(), app.url);
  await other.open('/resources');
  await other.signIn('ada');
  return other;
}

test('an unknown refresh token: the user signs in again', async ({ app, provider }) => {
  await signedInWithExpiredTokens(app, provider);
  // As if Logto had lost its data.
  await provider.reset();
  await expectEnd(app, provider);
  await expectSignIn(app, provider, { form: true });
});

test('a revoked grant: a click signs the user in again', async ({ app, provider }) => {
  await signedInWithExpiredTokens(app, provider);
  await revokeElsewhere(provider);
  await expectEnd(app, provider);
  await expectSignIn(app, provider, { form: false });
});

test('an expired refresh token: a click signs the user in again', async ({ app, provider }) => {
  await provider.set({ refresh_token_ttl: 10 });
  await signedInWithExpiredTokens(app, provider);
  await provider.advance(11);
  await expectEnd(app, provider);
  await expectSignIn(app, provider, { form: false });
});

test('a refresh token that another program has used: a click signs the user in again', async ({ app, provider }) => {
  await provider.set({ rotate: 'always' });
  await signedInWithExpiredTokens(app, provider);
  await refreshElsewhere(provider);
  // After the window in which Logto accepts a rotated token.
  await provider.advance(4);
  await expectEnd(app, provider);
  await expectSignIn(app, provider, { form: false });
});

test('a deleted user: pages ask for a sign-in, which Logto refuses', async ({ app, provider, watch }) => {
  watch.allow(/Failed to load resource.*\/sign-in\//);
  await signedInWithExpiredTokens(app, provider);
  await (await Management.at(provider.url)).call('DELETE', `/users/${users.ada.id}`);
  await expectEnd(app, provider);
  await app.signInInPage.click();
  await app.provider.signIn('ada');
  await expect(app.page.getByRole('alert')).toHaveText('Wrong username or password.');
  // Nothing else has signed the browser in.
  await app.open('/');
  await expect(app.sessionState).toContainText('Sign-in needed');
});

test('with a limit of grants, the next sign-in elsewhere ends the oldest one', async ({ app, browser, provider }) => {
  await provider.set({ max_allowed_grants: 1 });
  await signedInWithExpiredTokens(app, provider);
  const other = await signInElsewhere(browser, app);
  await expectEnd(app, provider);
  await other.open('/resources');
  await expect(other.resource(products).rendered).toBeVisible();
  await expectSignIn(app, provider, { form: true });
  // Now the other browser has the oldest grant.
  await provider.set({ access_token_ttl: 1, id_token_ttl: 1 });
  await expectEnd(other, provider);
  await other.page.context().close();
});
