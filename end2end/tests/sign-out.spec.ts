// Sign-out: from the app, from the provider, in other tabs, with the Back button, and from this app
// only.

import type { BrowserContext } from '@playwright/test';
import { App, sessionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

const sessions = async (context: BrowserContext, app: App) =>
  (await context.cookies(app.url)).filter(({ name }) => sessionCookie.test(name));

for (const sessionRequired of [true, false]) {
  test(`a click after a sign-out at the provider is signed out, ${sessionRequired ? 'with' : 'without'} a session id`, async ({
    app,
    context,
    provider,
  }) => {
    await provider.set({
      backchannel_logout_uri: `${app.url}/backchannel-logout`,
      backchannel_logout_session_required: sessionRequired,
    });
    await app.open('/');
    await app.signIn('ada');
    const [copy] = await sessions(context, app);
    const elsewhere = await App.inNewTab(app);
    await elsewhere.provider.signOut(provider.url);

    await expect(app.claim('sub')).toHaveText('ada0demouser');
    await app.step('Profile').click();
    await expect(app.signInInPage).toBeVisible();
    await expect(app.page.getByText('ada@example.com')).toHaveCount(0);
    expect(await sessions(context, app)).toEqual([]);

    await context.addCookies([copy!]);
    await app.open('/profile');
    await expect(app.signInInPage).toBeVisible();
  });
}

test('after a sign-out at the provider the user can sign in again', async ({ app, provider }) => {
  await provider.set({
    backchannel_logout_uri: `${app.url}/backchannel-logout`,
    backchannel_logout_session_required: true,
  });
  await app.open('/');
  await app.signIn('ada');
  await (await App.inNewTab(app)).provider.signOut(provider.url);
  await app.open('/');
  await app.signIn('bob');
  await expect(app.claim('sub')).toHaveText('bob0demouser');
});

test('another tab notices a sign-out', async ({ app }) => {
  await app.open('/');
  await app.signIn('ada');
  const other = await App.inNewTab(app);
  await other.open('/profile');
  await expect(other.main).toContainText('ada@example.com');
  await app.signOut();
  await expect(other.signInInPage).toBeVisible();
  await expect(other.page.getByText('ada@example.com')).toHaveCount(0);
  expect(other.path).toBe('/profile');
});

test('tabs of a signed-in user do not reload each other', async ({ app }) => {
  await app.open('/');
  await app.signIn('ada');
  const other = await App.inNewTab(app);
  await other.open('/profile');
  let loads = 0;
  for (const { page } of [app, other]) {
    page.on('request', (request) => (loads += Number(request.isNavigationRequest())));
  }
  await app.open('/sessions');
  await other.open('/resources');
  await expect(app.accountButton).toBeVisible();
  expect(loads).toBe(2);
});

test('a page from the back/forward cache is reloaded', async ({ app, page, context }) => {
  await app.open('/profile');
  await app.signIn('ada');
  await expect(app.main).toContainText('ada@example.com');
  // Ends the session without a message to this tab.
  await context.clearCookies({ name: sessionCookie });
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true })));
  await expect(app.signInInPage).toBeVisible();
  await expect(page.getByText('ada@example.com')).toHaveCount(0);
});

test('after a sign-out from this app only, the next sign-in needs no password', async ({ app, context, provider }) => {
  await app.open('/sessions');
  await app.signIn('ada');
  const [copy] = await sessions(context, app);
  await app.signOutOfThisApp.click();
  await expect(app.page).toHaveURL(`${app.url}/`);
  await expect(app.signInButton).toBeVisible();
  const seen = await provider.log();
  expect(seen.some(({ path, status }) => path === '/oidc/token/revocation' && status === 200)).toBe(true);
  expect(seen.some(({ path }) => path.startsWith('/oidc/session/end'))).toBe(false);

  await context.addCookies([copy!]);
  await app.open('/');
  await expect(app.signInButton).toBeVisible();

  await app.signInButton.click();
  await expect(app.accountButton).toBeVisible();
  await expect(app.claim('sub')).toHaveText('ada0demouser');
});

test('a copy of the cookie does not work after sign-out', async ({ app, context }) => {
  await app.open('/');
  await app.signIn('ada');
  const [copy] = await sessions(context, app);
  await app.signOut();
  await context.addCookies([copy!]);
  await app.open('/profile');
  await expect(app.signInInPage).toBeVisible();
});
