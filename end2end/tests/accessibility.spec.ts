// axe finds no violation on the pages of the quick start and on the pages of the library in it.

import { paths } from './pages.ts';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/fixtures.ts';

const failures = ['/auth-error?code=access_denied', '/no-such-page'];

test.beforeEach(({ watch }) => {
  watch.allow(/Failed to load resource.*\/(no-such-page|auth-error)/);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    for (const signedIn of [false, true]) {
      test(`pages are accessible, ${signedIn ? 'signed in' : 'signed out'}, ${colorScheme}`, async ({ app, page }) => {
        // axe takes a second or two for each page.
        test.slow();
        if (signedIn) {
          await app.open('/');
          await app.signIn('ada');
        }
        for (const path of [...paths, ...failures]) {
          await app.open(path);
          await expect(app.heading).toBeVisible();
          await expectAccessible(page, path);
        }
      });
    }

    test(`the pages that ask before a sign-in and a sign-out are accessible, ${colorScheme}`, async ({ app, page }) => {
      for (const path of ['/sign-in', '/sign-out']) {
        await app.open(path);
        await expect(app.heading).toBeVisible();
        await expectAccessible(page, path);
      }
    });
  });
}
