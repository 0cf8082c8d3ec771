// Full hydration: the browser follows changes of the session by an action, in another tab, and
// while the user is away.

import { App, sessionCookie } from './pages.ts';
import { Example } from './support/example.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ otherApp: 'end2end-hydrate' });

test('a sign-in by an action leads to the provider and back', async ({ app }) => {
  const example = await Example.open(app, '/');
  await example.button('Sign in by an action').click();
  await app.provider.signIn('ada');
  await expect(app.signOutButton).toBeVisible();
});

test('a sign-out by an action leads to the provider and removes the user from the page', async ({ app, provider }) => {
  const example = await Example.signedIn(app, '/account');
  await expect(app.main).toContainText('Hello Ada');
  await example.button('Sign out by an action').click();
  await expect(app.page).toHaveURL(`${app.url}/`);
  await expect(app.signInButton).toBeVisible();
  await expect(app.signOutButton).toHaveCount(0);
  expect((await provider.log()).some(({ path }) => path.startsWith('/oidc/session/end'))).toBe(true);
});

test('a sign-out from this app by an action reloads the page, here and in other tabs', async ({ app }) => {
  const example = await Example.signedIn(app, '/account');
  const other = await Example.open(await App.inNewTab(app), '/account');
  await expect(other.app.main).toContainText('Hello Ada');
  await example.button('Sign out of this app by an action').click();
  await expect(app.page).toHaveURL(`${app.url}/`);
  for (const tab of [app, other.app]) {
    await expect(tab.signInButton).toBeVisible();
    await expect(tab.signOutButton).toHaveCount(0);
    await expect(tab.page.getByText('Hello Ada')).toHaveCount(0);
  }
  expect(other.app.path).toBe('/account');
});

test('other tabs notice a sign-out by an action although the provider does not respond', async ({
  app,
  provider,
  watch,
}) => {
  watch.allow(/Failed to load resource/);
  const example = await Example.signedIn(app, '/account');
  const other = await Example.open(await App.inNewTab(app), '/account');
  await expect(other.app.signOutButton).toBeVisible();
  await provider.set({ faults: { end_session: { status: 503 } } });
  await example.button('Sign out by an action').click();
  await expect(other.app.signInButton).toBeVisible();
});

test('a sign-out by an action leaves the page even without a response about the session', async ({ app, page }) => {
  const example = await Example.signedIn(app, '/account');
  // The request stays without a response: the page waits for it at most 2 seconds.
  await page.route('**/api/logto/session', () => {});
  const stateRequest = page.waitForRequest('**/api/logto/session');
  await example.button('Sign out of this app by an action').click();
  await stateRequest;
  await expect(app.page).toHaveURL(`${app.url}/`);
  await expect(app.signInButton).toBeVisible();
});

test('the router follows an action’s redirect to a path of this site', async ({ app, page }) => {
  const example = await Example.open(app, '/');
  let loads = 0;
  page.on('request', (request) => (loads += Number(request.isNavigationRequest())));
  await example.button('Go to the account by an action').click();
  await expect(app.heading).toHaveText('Account');
  expect(app.path).toBe('/account');
  expect(loads).toBe(0);
});

test('the end of a session is noticed when the user returns to the tab', async ({ app, context }) => {
  const example = await Example.signedIn(app, '/account');
  const other = await Example.open(await App.inNewTab(app), '/account');
  await expect(other.app.signOutButton).toBeVisible();
  await context.clearCookies({ name: sessionCookie });
  await example.comeBack();
  for (const tab of [app, other.app]) {
    await expect(tab.signInButton).toBeVisible();
    await expect(tab.signOutButton).toHaveCount(0);
    await expect(tab.main).toContainText('You are signed out.');
  }
});

test('a sign-in in another tab is noticed when the user returns to the tab', async ({ app }) => {
  const example = await Example.open(app, '/account');
  await Example.signedIn(await App.inNewTab(app), '/');
  await expect(app.signInButton).toBeVisible();
  await example.comeBack();
  await expect(app.signOutButton).toBeVisible();
});

test('a page that was signed out shows nothing of its user to the next one', async ({ app, context, provider }) => {
  const example = await Example.signedIn(app, '/account');
  await expect(app.main).toContainText('Hello Ada');
  await context.clearCookies({ name: sessionCookie });
  await example.comeBack();
  await expect(app.main).toContainText('You are signed out.');
  const other = await App.inNewTab(app);
  await other.provider.signOut(provider.url);
  await other.open('/');
  await other.signIn('bob');
  await example.comeBack();
  // Only a reload greets the other user: the page has read the greeting already.
  await expect(app.main).toContainText('Hello Bob');
  await expect(app.main).not.toContainText('Ada');
});

test('the user’s input is kept while the session continues', async ({ app, page }) => {
  const example = await Example.signedIn(app, '/account');
  await page.getByLabel('Note').fill('unsaved');
  const asked = page.waitForResponse(/\/api\/logto\/session$/);
  await example.comeBack();
  await asked;
  await expect(page.getByLabel('Note')).toHaveValue('unsaved');
  await expect(app.signOutButton).toBeVisible();
});

test('a page stays visible if the user chooses not to leave it', async ({ app, page, context }) => {
  await Example.signedIn(app, '/account');
  await page.evaluate(() => addEventListener('beforeunload', (event) => event.preventDefault()));
  // The browser asks only after a user gesture.
  await page.getByLabel('Note').fill('unsaved');
  await page.getByLabel('Note').press('End');
  await context.clearCookies({ name: sessionCookie });
  const question = page.waitForEvent('dialog');
  await App.inNewTab(app).then((other) => other.open('/'));
  await (await question).dismiss();
  await expect(page.getByLabel('Note')).toHaveValue('unsaved');
  await expect(page.getByLabel('Note')).toBeVisible();
  page.on('dialog', (dialog) => dialog.accept());
});

test('a sign-in button outside the routes leads back to the router’s current page', async ({ app, page }) => {
  await Example.open(app, '/');
  let loads = 0;
  page.on('request', (request) => (loads += Number(request.isNavigationRequest())));
  await app.header.getByRole('link', { name: 'Account' }).click();
  await expect(app.heading).toHaveText('Account');
  expect(loads).toBe(0);
  await app.signInButton.click();
  await app.provider.signIn('ada');
  await expect(app.signOutButton).toBeVisible();
  expect(app.path).toBe('/account');
});

test('a claim of the app is on the page and follows its change', async ({ app }) => {
  const example = await Example.signedIn(app, '/plan');
  await expect(app.main).toContainText('Plan: Free');
  await example.button('Choose Team').click();
  await expect(app.main).toContainText('Plan: Team');
  await app.page.reload();
  await expect(app.main).toContainText('Plan: Team');
});
