// axe finds no violation in the components of the library without the style of an app.

import { expectAccessible } from './support/accessibility.ts';
import { Example } from './support/example.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ otherApp: 'end2end-hydrate', appSettings: { LOGTO_SCOPES: 'email roles urn:logto:scope:organizations' } });

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test(`buttons, user menu and organizations are accessible, ${colorScheme}`, async ({ app, page }) => {
      await Example.open(app, '/');
      await expectAccessible(page, 'signed out');
      await Example.signedIn(app, '/user');
      await expectAccessible(page, 'menu closed');
      await app.main.getByRole('button', { name: /Ada Lovelace/ }).click();
      await expect(app.main.getByRole('button', { name: 'Sign out' })).toBeVisible();
      await expectAccessible(page, 'menu open');
    });

    test(`a refusal is accessible, ${colorScheme}`, async ({ app, page, watch }) => {
      watch.allow(/status of 403/);
      await app.open('/');
      await app.signIn('bob');
      await app.open('/managers');
      await expect(app.main.getByRole('alert')).toBeVisible();
      // The heading of this page is for managers only.
      await expectAccessible(page, '/managers', { except: ['page-has-heading-one'] });
    });
  });
}
