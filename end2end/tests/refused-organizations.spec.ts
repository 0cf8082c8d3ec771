// Refusals of Logto about one organization: each affects only the tokens for that organization.
// claims-left-out.spec.ts tests a user who is not a member.

import { products, type App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import type { Provider } from './support/stack.ts';

async function statuses(provider: Provider, organization: string): Promise<(number | null)[]> {
  const asked = (await provider.refreshes()).filter(({ organization_id }) => organization_id === organization);
  return asked.map(({ status }) => status);
}

/** The token for Acme Inc. is refused, and the session goes on. */
async function expectRefusal(app: App, provider: Provider): Promise<void> {
  const acme = app.organization('Acme Inc.');
  await expect(acme.section).toContainText('Your account does not have permission for this.');
  await expect(acme.section).toContainText('access_denied');
  await expect(acme.rendered).toHaveCount(0);
  await acme.button.click();
  await expect(acme.outcome).toContainText('Your account does not have permission for this.');
  expect(new Set(await statuses(provider, 'acme'))).toEqual(new Set([403]));
  await app.open('/resources');
  await expect(app.resource(products).rendered).toBeVisible();
  await expect(app.sessionState).toContainText('Active');
}

test.beforeEach(({ watch }) => {
  watch.allow(/Failed to load resource.*\/fn\/access-token/);
});

test('an organization that requires a second factor costs its own token only', async ({ app, provider, page }) => {
  await provider.set({ organizations_with_mfa: ['acme'] });
  await app.open('/organizations');
  await app.signIn('bob');
  await expectRefusal(app, provider);
  // With a second factor the user gets the token.
  await app.signOut();
  await app.open('/organizations');
  await app.signIn('ada');
  await expect(app.organization('Acme Inc.').rendered).toBeVisible();
  await page.reload();
  await expect(app.organization('Acme Inc.').rendered).toBeVisible();
});

test('an organization that the user has not granted to a third-party application costs its own token only', async ({
  app,
  provider,
}) => {
  await provider.set({ organizations_without_consent: ['acme'] });
  await app.open('/organizations');
  await app.signIn('ada');
  await expect(app.organization('Globex Corporation').rendered).toBeVisible();
  await expectRefusal(app, provider);
  // The user grants it at the next sign-in, at Logto.
  await provider.set({ organizations_without_consent: [] });
  await app.signOut();
  await app.open('/organizations');
  await app.signIn('ada');
  await expect(app.organization('Acme Inc.').rendered).toBeVisible();
});
