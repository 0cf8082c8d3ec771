// The language of the pages: that of the browser, or of the switch. The provider's pages follow.

import type { App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import type { Provider } from './support/stack.ts';

/**
 * Starts a sign-in, and returns the languages that the app has asked the provider for. Requests of
 * the self-check ask for none.
 */
async function languagesAtProvider(app: App, provider: Provider): Promise<unknown[]> {
  await app.main.locator('form[action="/sign-in"] button').first().click();
  await expect(app.provider.password).toBeVisible();
  return (await provider.log()).flatMap(({ ui_locales }) => ui_locales ?? []);
}

test.describe('a browser in French', () => {
  test.use({ locale: 'fr-FR' });

  test('gets pages in French, the texts of the sign-in library included', async ({ app, page }) => {
    await app.open('/profile');
    await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
    await expect(app.main).toContainText('Connectez-vous pour voir ce contenu');
    await app.open('/auth-error?code=access_denied');
    await expect(app.heading).toHaveText('Vous ne vous êtes pas connecté');
    await expect(page).toHaveTitle(/^Échec de la connexion/);
    await app.open('/sign-in');
    await expect(page.getByRole('button', { name: 'Se connecter' })).toBeVisible();
  });

  test('is sent to a sign-in page in French', async ({ app, provider }) => {
    await app.open('/profile');
    expect(await languagesAtProvider(app, provider)).toEqual(['fr']);
  });
});

test('the sign-in page is in the language of the page', async ({ app, provider }) => {
  await app.open('/profile');
  await app.switchLanguage('Français');
  expect(await languagesAtProvider(app, provider)).toEqual(['fr']);
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(`JavaScript is ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test.use({ javaScriptEnabled });

    test('the switch is remembered and leads back to the page', async ({ app, page, context }) => {
      await app.open('/profile?tab=1');
      await expect(page.locator('html')).toHaveAttribute('lang', 'en');
      await app.switchLanguage('Français');
      await expect(page).toHaveURL(`${app.url}/profile?tab=1`);
      await expect(page.locator('html')).toHaveAttribute('lang', 'fr');
      const [cookie] = await context.cookies();
      expect(cookie).toMatchObject({ name: 'language', value: 'fr', httpOnly: true, sameSite: 'Lax', path: '/' });

      await app.open('/auth-error?code=access_denied');
      await expect(app.heading).toHaveText('Vous ne vous êtes pas connecté');
      await app.switchLanguage('English');
      await expect(page).toHaveURL(`${app.url}/auth-error?code=access_denied`);
      await expect(app.heading).toHaveText('You did not sign in');
    });
  });
}

test('the switch tells which language is in use, by name', async ({ app, page }) => {
  await app.open('/');
  const english = page.getByRole('button', { name: 'English', exact: true, pressed: true });
  const french = page.getByRole('button', { name: 'Français', exact: true, pressed: false });
  await expect(english).toHaveAttribute('lang', 'en');
  await expect(french).toHaveAttribute('lang', 'fr');
  await app.switchLanguage('Français');
  await expect(page.getByRole('button', { name: 'Français', exact: true, pressed: true })).toBeVisible();
});
