// A user who spends more time at the provider than the app allows.

import { App, sessionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

/** In seconds. The second sign-in has to finish in less, on a busy machine too. */
const lifetime = 4;

test.use({ appSettings: { LOGTO_TRANSACTION_LIFETIME: String(lifetime) } });

/** Waits on the provider's page until the transaction has expired. */
async function takeTooLong(app: App, press: () => Promise<void>): Promise<void> {
  const started = Date.now();
  await press();
  await expect(app.provider.password).toBeVisible();
  await expect.poll(() => Date.now() - started).toBeGreaterThan((lifetime + 1) * 1000);
  await app.provider.signIn('ada');
}

test('a late sign-in is reported, and the next one leads to the original page', async ({
  app,
  page,
  context,
  watch,
}) => {
  // The browser reports the error status of the error page.
  watch.allow(/Failed to load resource.*\/auth-error/);
  await app.open('/profile?from=mail');
  await takeTooLong(app, () => app.signInInPage.click());
  await expect(page).toHaveURL(`${app.url}/auth-error?code=transaction_expired&return_to=%2Fprofile%3Ffrom%3Dmail`);
  await expect(app.errorCode).toHaveText('transaction_expired');
  const cookies = await context.cookies(app.url);
  expect(cookies.filter(({ name }) => sessionCookie.test(name))).toEqual([]);

  // The user is signed in at the provider now, which responds at once.
  await app.signInAgain.click();
  await expect(app.accountButton).toBeVisible();
  expect(app.path).toBe('/profile?from=mail');
});
