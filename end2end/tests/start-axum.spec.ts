// Leptos's template with sign-in.

import { Example } from './support/example.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ otherApp: 'start-axum-hydrate' });

test('the template signs in and out, and stays interactive', async ({ app, page }) => {
  await Example.open(app, '/');
  await app.signInButton.click();
  await app.provider.signIn('ada');
  const menu = page.getByRole('button', { name: /Ada Lovelace/ });
  await expect(menu).toBeVisible();
  const example = await Example.open(app, '/');
  await example.button('Click Me: 0').click();
  await expect(example.button('Click Me: 1')).toBeVisible();
  await menu.click();
  await app.signOutButton.click();
  await expect(page).toHaveURL(`${app.url}/`);
  await expect(app.signInButton).toBeVisible();
  await expect(menu).toHaveCount(0);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the template signs in without JavaScript', async ({ app, page }) => {
    await app.open('/');
    await app.signInButton.click();
    await app.provider.signIn('ada');
    await expect(page.getByRole('button', { name: /Ada Lovelace/ })).toBeVisible();
  });
});
