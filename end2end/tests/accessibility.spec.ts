// axe finds no violation on the pages of the quick start and on the pages of the library in it, in
// both colour schemes and both languages.

import { paths } from './pages.ts';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/fixtures.ts';

/** Pages that send visitors to the sign-in. */
const guarded = [
  '/protect/member',
  '/protect/manager',
  '/protect/second-factor',
  '/protect/recent',
  '/protect/sales',
];
const failures = [
  '/auth-error?code=access_denied',
  '/auth-error?code=unmet_authentication_requirements',
  '/no-such-page',
];
/** Pages that ask before a sign-in and a sign-out. */
const confirmations = ['/sign-in', '/sign-out'];

// Each scheme occurs in each language, and both occur signed in and signed out. A test for each of
// the eight combinations would take twice as long.
const visits = [
  { colorScheme: 'light', language: 'English', signedIn: true },
  { colorScheme: 'light', language: 'Français', signedIn: false },
  { colorScheme: 'dark', language: 'English', signedIn: false },
  { colorScheme: 'dark', language: 'Français', signedIn: true },
] as const;

test.beforeEach(({ watch }) => {
  watch.allow(/Failed to load resource.*\/(no-such-page|auth-error)/);
});

for (const { colorScheme, language, signedIn } of visits) {
  test.describe(`${colorScheme}, ${language}`, () => {
    test.use({ colorScheme });

    test(`pages are accessible, ${signedIn ? 'signed in' : 'signed out'}`, async ({ app, page, provider }) => {
      // axe takes a second or two for each of the 20 pages, and longer on a busy machine.
      test.setTimeout(180_000);
      await app.open('/');
      if (signedIn) {
        await provider.set({ step_up: true });
        await app.signIn('ada');
        await app.open('/protect/second-factor');
        await app.provider.proveSecondFactor();
      }
      await app.switchLanguage(language);
      for (const path of [...paths, ...(signedIn ? guarded : []), ...failures, ...confirmations]) {
        await app.open(path);
        await expect(app.heading).toBeVisible();
        await expectAccessible(page, path);
      }
    });
  });
}
