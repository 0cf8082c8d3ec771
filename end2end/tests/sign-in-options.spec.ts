// The page about signing in: each form asks the provider for its option.

import { expect, test } from './support/fixtures.ts';

const options: [button: string, parameters: Record<string, string>][] = [
  ['Create an account', { first_screen: 'register' }],
  ['Sign in by email or phone', { first_screen: 'identifier:sign_in', identifier: 'email phone' }],
  ['Sign in with GitHub', { direct_sign_in: 'social:github' }],
  ['Sign in as ada', { login_hint: 'ada' }],
  ['Sign in in French', { ui_locales: 'fr' }],
  ['Sign in for acme', { organization_id: 'acme' }],
  ['Enter the password again', { prompt: 'login consent' }],
  ['Sign in by magic link', { one_time_token: 'made-up-token', login_hint: 'ada@example.com' }],
];

for (const [button, parameters] of options) {
  test(`the form “${button}” asks for its option`, async ({ app, page }) => {
    await app.open('/signing-in');
    const asked = page.waitForRequest((request) => new URL(request.url()).pathname === '/oidc/auth');
    await app.main.getByRole('button', { name: button, exact: true }).click();
    const query = new URL((await asked).url()).searchParams;
    for (const [name, value] of Object.entries(parameters)) {
      expect(query.get(name), name).toBe(value);
    }
  });
}

test('a sign-in with an option leads back to the page', async ({ app }) => {
  await app.open('/signing-in');
  await app.main.getByRole('button', { name: 'Sign in as ada', exact: true }).click();
  await app.provider.signIn('ada');
  await expect(app.accountButton).toBeVisible();
  expect(app.path).toBe('/signing-in');
});

test('the page has both kinds of sign-out', async ({ app, provider }) => {
  const ended = async () => (await provider.log()).some(({ path }) => path.startsWith('/oidc/session/end'));
  await app.open('/signing-in');
  await expect(app.signOutOfThisApp).toHaveCount(0);
  await app.signIn('ada');
  await app.signOutOfThisApp.click();
  await expect(app.sessionState).toContainText('Signed out');
  expect(await ended()).toBe(false);

  await app.open('/signing-in');
  await app.signInButton.click();
  await expect(app.accountButton).toBeVisible();
  await app.main.getByRole('button', { name: 'Sign out of Logto too', exact: true }).click();
  await expect(app.sessionState).toContainText('Signed out');
  expect(await ended()).toBe(true);
});
