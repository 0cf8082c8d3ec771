// A session that expires while a page is open and its tab stays visible.

import { sessionCookie } from './pages.ts';
import { Example } from './support/example.ts';
import { expect, test } from './support/fixtures.ts';

/** In seconds. */
const lifetime = 3600;

test.use({ otherApp: 'end2end-hydrate', appSettings: { LOGTO_IDLE_LIFETIME: String(lifetime) } });

test('a page notices the end of its session at the time of the expiry, and does not ask earlier', async ({
  app,
  page,
  context,
}) => {
  await Example.signedIn(app, '/');
  // The timers of the page run on this clock; the server has its own.
  await page.clock.install();
  await Example.open(app, '/account');
  await expect(app.main).toContainText('Hello Ada');
  let asked = 0;
  page.on('request', (request) => (asked += Number(request.url().endsWith('/api/logto/session'))));
  await page.clock.fastForward((lifetime - 60) * 1000);
  await expect(app.signOutButton).toBeVisible();
  expect(asked).toBe(0);
  // The server has no session any more, as after the expiry.
  await context.clearCookies({ name: sessionCookie });
  await page.clock.fastForward(120 * 1000);
  await expect(app.main).toContainText('You are signed out.');
  await expect(app.signInButton).toBeVisible();
  await expect(app.signOutButton).toHaveCount(0);
  expect(asked).toBe(1);
});

test('a page whose session goes on asks again at the next expiry', async ({ app, page }) => {
  await Example.signedIn(app, '/');
  await page.clock.install();
  await Example.open(app, '/account');
  for (let round = 0; round < 2; round += 1) {
    const answered = page.waitForResponse(/\/api\/logto\/session$/);
    await page.clock.fastForward((lifetime + 60) * 1000);
    expect((await answered).status()).toBe(200);
    await expect(app.signOutButton).toBeVisible();
  }
});
