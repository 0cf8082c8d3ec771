// Provider failures while a user is signed in: a transient error never ends a session, the end of a
// grant does.

import { App, products } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test('a failing token endpoint shows an error and leaves the user signed in', async ({ app, provider }) => {
  await app.open('/');
  await app.signIn('ada');
  await provider.set({ faults: { token: { status: 500 } } });
  await app.open('/resources');
  await expect(app.accountButton).toBeVisible();
  await expect(app.resource(products).section).toContainText('provider_unavailable');

  await provider.set({ faults: { token: null } });
  // After a failure the app backs off for a second.
  await expect(async () => {
    await app.open('/resources');
    await expect(app.resource(products).rendered).toBeVisible({ timeout: 500 });
  }).toPass();
});

test('a failing action says so, and a retry works', async ({ app, provider, watch }) => {
  watch.allow(/Failed to load resource.*\/fn\/access-token/);
  // The stored tokens expire too soon to be used, so that every use asks the provider.
  await provider.set({ access_token_ttl: 1 });
  await app.open('/resources');
  await app.signIn('ada');
  await expect(app.resource(products).rendered).toBeVisible();
  await provider.set({ faults: { token: { status: 500 } } });
  await app.resource(products).button.click();
  await expect(app.resource(products).outcome).toContainText('provider_unavailable');
  await provider.set({ faults: { token: null } });
  await expect(async () => {
    await app.resource(products).button.click();
    await expect(app.resource(products).byAction).toBeVisible({ timeout: 500 });
  }).toPass();
  await expect(app.accountButton).toBeVisible();
});

test('failing userinfo shows a code and leaves the user signed in', async ({ app, provider }) => {
  await app.open('/');
  await app.signIn('ada');
  await provider.set({ faults: { userinfo: { status: 503 } } });
  await app.open('/profile');
  await expect(app.accountButton).toBeVisible();
  await expect(app.main).toContainText('provider_unavailable');
  await provider.set({ faults: { userinfo: null } });
  await app.open('/profile');
  await expect(app.main).toContainText('ada@example.com');
});

test('a page shows how long the provider asks to wait', async ({ app, provider }) => {
  await app.open('/');
  await app.signIn('ada');
  await provider.set({ faults: { userinfo: { status: 503, retry_after: 40 } } });
  await app.open('/profile');
  await expect(app.main).toContainText('Try again in 40 seconds.');
});

test('a provider that has lost its data requires a new sign-in, which works', async ({ app, provider }) => {
  await app.open('/');
  await app.signIn('ada');
  await provider.reset();
  await app.open('/resources');
  await expect(app.main).toContainText(/sign.?in/i);
  await expect(app.resource(products).rendered).toBeHidden();

  await app.open('/resources');
  await app.signInButton.click();
  await app.provider.signIn('ada');
  await expect(app.resource(products).rendered).toBeVisible();
});

test('with rotation on every use, obtaining tokens in turn does not sign the user out', async ({ app, provider }) => {
  await provider.set({ rotate: 'always' });
  await app.open('/organizations');
  await app.signIn('ada');
  for (const path of ['/resources', '/organizations', '/resources']) {
    await app.open(path);
    await expect(app.accountButton).toBeVisible();
  }
  const refused = (await provider.log()).filter(({ path, status }) => path === '/oidc/token' && status !== 200);
  expect(refused).toEqual([]);
});

test('with rotation on every use, two tabs that refresh at the same time stay signed in', async ({ app, provider }) => {
  await provider.set({ rotate: 'always', access_token_ttl: 1 });
  await app.open('/');
  await app.signIn('ada');
  const tabs = [app, await App.inNewTab(app)];
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(tabs.map((tab) => tab.open('/resources')));
    for (const tab of tabs) {
      await expect(tab.accountButton).toBeVisible();
      await expect(tab.resource(products).rendered).toBeVisible();
    }
  }
});

test('signing out works while the provider is unreachable', async ({ app, provider, page, context }) => {
  await app.open('/');
  await app.signIn('ada');
  await provider.set({ faults: { revocation: { status: 500 } } });
  await app.signOut();
  expect((await context.cookies(page.url())).filter(({ name }) => name === 'logto_quick-start')).toEqual([]);
});
