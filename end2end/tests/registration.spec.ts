// A visitor without an account follows an invitation, registers at the provider, and joins. With and
// without JavaScript, because the pages of the provider and of the app need none.

import type { App } from './pages.ts';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/fixtures.ts';
import { Management } from './support/management.ts';
import { dora, Registration } from './support/registration.ts';
import type { Provider } from './support/stack.ts';

/** Invites an address to Globex, and returns the path of the link. */
async function invite(provider: Provider, invitee: string): Promise<string> {
  const management = await Management.at(provider.url);
  const invitation = {
    organizationId: 'globex',
    invitee,
    expiresAt: Date.now() + 60_000,
    organizationRoleIds: ['role_member'],
    messagePayload: false,
  };
  const { id } = await management.call<{ id: string }>('POST', '/organization-invitations', invitation);
  return `/invitations/${id}`;
}

const join = (app: App) => app.main.getByRole('button', { name: 'Join the organization' });
const newAccount = (app: App) => app.main.getByRole('button', { name: 'Create an account' });
const signIns = async (provider: Provider) =>
  (await provider.log()).filter(({ grant_type }) => grant_type === 'authorization_code').length;

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a visitor opens an invitation, creates an account and joins', async ({
      app,
      page,
      stack,
      provider,
    }) => {
      const link = await invite(provider, dora.email);
      const registration = new Registration(page);
      await app.open(link);
      await expect(app.provider.username).toBeVisible();
      await registration.link.click();
      await registration.register(dora);
      await expect(page).toHaveURL(stack.appUrl + link);
      await expect(app.main).toContainText('dora@example.com has been invited to join Globex Corporation.');
      await expect(app.accountButton).toContainText(dora.name);

      await join(app).click();
      await expect(app.main).toContainText('You are now a member of Globex Corporation.');
      await expect(app.main.getByRole('article')).toContainText('read:members');
      await app.open('/organizations');
      await expect(app.organization('Globex Corporation').rendered).toContainText('read:members');
      expect(await signIns(provider)).toBe(1);

      await app.signOut({ javaScript: javaScriptEnabled });
      await app.signInButton.click();
      await app.provider.signInWith(dora.email, dora.password);
      await expect(app.accountButton).toContainText(dora.name);
    });

    test('a user with another address is told so, and creates the invited account', async ({
      app,
      page,
      stack,
      provider,
      watch,
    }) => {
      // The provider's page that ends the first session requests it.
      watch.allow(/favicon\.ico/);
      const link = await invite(provider, dora.email);
      const registration = new Registration(page);
      await app.open(link);
      await registration.link.click();
      await registration.register({ ...dora, email: 'other@example.com', name: 'Other' });
      await expect(page).toHaveURL(stack.appUrl + link);
      await expect(app.main).toContainText('This invitation is for another account.');
      await expect(app.main).not.toContainText(/Globex|dora/);
      await expect(join(app)).toHaveCount(0);

      await newAccount(app).click();
      await registration.register(dora);
      if (!javaScriptEnabled) {
        await page.getByRole('button', { name: 'Continue' }).click();
      }
      await expect(page).toHaveURL(stack.appUrl + link);
      await expect(app.accountButton).toContainText(dora.name);
      await join(app).click();
      await expect(app.main).toContainText('You are now a member of Globex Corporation.');
    });

    test('an address that exists is refused, and its user signs in instead', async ({
      app,
      page,
      stack,
      provider,
      watch,
    }) => {
      // The browser reports the status of the refusal.
      watch.allow(/Failed to load resource.*\/sign-in\//);
      const link = await invite(provider, 'bob@example.com');
      const registration = new Registration(page);
      await app.open(link);
      await registration.link.click();
      await registration.register({ ...dora, email: 'Bob@example.com' });
      await expect(registration.problem).toHaveText(/^There is already an account with this email address/);
      await expect(registration.email).toHaveAccessibleDescription(/^There is already an account/);
      await expect(registration.email).toBeFocused();
      await expect(registration.email).toHaveValue('Bob@example.com');
      await registration.signInLink.click();
      await app.provider.signIn('bob');
      await expect(page).toHaveURL(stack.appUrl + link);
      await expect(join(app)).toBeVisible();
    });

    test('a form of the app leads to the registration, and back to its page', async ({ app, page }) => {
      await app.open('/signing-in');
      await newAccount(app).click();
      await new Registration(page).register(dora);
      await expect(app.accountButton).toContainText(dora.name);
      expect(app.path).toBe('/signing-in');
    });
  });
}

test('the browser checks the form before it sends it', async ({ app, page }) => {
  const registration = new Registration(page);
  await app.open('/signing-in');
  await newAccount(app).click();
  await registration.email.fill('nonsense');
  await registration.submit.click();
  await expect(registration.email).toBeFocused();
  await registration.email.fill(dora.email);
  await registration.password.fill('short');
  await registration.password.press('Enter');
  await expect(registration.password).toBeFocused();
  await expect(registration.heading).toBeVisible();
  await expect(registration.problem).toHaveCount(0);
});

test('a magic link for a new address registers its user', async ({ app, provider }) => {
  const management = await Management.at(provider.url);
  const context = { jitOrganizationIds: ['globex'] };
  const body = { email: dora.email, context };
  const { token } = await management.call<{ token: string }>('POST', '/one-time-tokens', body);
  const query = new URLSearchParams({ one_time_token: token, login_hint: dora.email, return_to: '/organizations' });
  await app.open(`/sign-in?${query}`);
  await app.confirm('Sign in');
  await expect(app.accountButton).toContainText(dora.email);
  await expect(app.organization('Globex Corporation').rendered).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the provider’s pages are accessible (${colorScheme})`, async ({ app, page, watch }) => {
    watch.allow(/Failed to load resource.*\/sign-in\//);
    await page.emulateMedia({ colorScheme });
    const registration = new Registration(page);
    await app.open('/');
    await app.signInButton.click();
    await expect(app.provider.username).toBeVisible();
    await expectAccessible(page, 'sign-in');
    await registration.link.click();
    await expect(registration.heading).toBeVisible();
    await expectAccessible(page, 'registration');
    await registration.register({ ...dora, email: 'ada@example.com' });
    await expect(registration.problem).toBeVisible();
    await expectAccessible(page, 'refusal');
  });
}
