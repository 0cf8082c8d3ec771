// Several tabs, and deep links into the app.

import { App, paths } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

for (const order of [
  [0, 1],
  [1, 0],
] as const) {
  test(`two tabs sign in side by side, ${order[0] === 0 ? 'the first' : 'the second'} one finishing first`, async ({
    app,
  }) => {
    const tabs = [app, await App.inNewTab(app)] as const;
    const targets = ['/profile', '/resources'] as const;
    for (const index of [0, 1] as const) {
      await tabs[index].open(targets[index]);
      await tabs[index].signInButton.click();
      await expect(tabs[index].provider.password).toBeVisible();
    }
    for (const index of order) {
      const tab = tabs[index];
      await tab.provider.signIn('ada');
      await expect(tab.accountButton).toBeVisible();
      expect(tab.path).toBe(targets[index]);
    }
    await app.open('/');
    await expect(app.claim('sub')).toHaveText('ada0demouser');
  });
}

for (const path of ['/profile', '/resources', '/organizations', '/profile?from=mail']) {
  test(`a link to ${path} leads there after sign-in`, async ({ app }) => {
    await app.open(path);
    await expect(app.signInInPage).toBeVisible();
    await app.signInInPage.click();
    await app.provider.signIn('ada');
    await expect(app.accountButton).toBeVisible();
    expect(app.path).toBe(path);
    await expect(app.signInInPage).toHaveCount(0);
  });
}

test('a signed-out visitor sees no user data on any page', async ({ app, page, watch }) => {
  for (const path of paths) {
    await app.open(path);
    await expect(app.signInButton).toBeVisible();
    await expect(page.getByText('ada@example.com')).toHaveCount(0);
    await expect(page.getByRole('button', { name: /^Get (access|organization) token$/ })).toHaveCount(0);
  }
  expect(await watch.problems()).toEqual([]);
});

test('opening the sign-out address asks first and does not sign the user out', async ({ app }) => {
  await app.open('/');
  await app.signIn('ada');
  await app.open('/sign-out');
  await app.open('/');
  await expect(app.accountButton).toBeVisible();
  await app.open('/sign-out');
  await app.confirm('Sign out');
  await expect(app.signInButton).toBeVisible();
});

test('opening the sign-in address asks first, and leads to the page it names', async ({ app }) => {
  await app.open('/sign-in?return_to=/profile');
  await app.confirm('Sign in');
  await app.provider.signIn('ada');
  await expect(app.accountButton).toBeVisible();
  expect(app.path).toBe('/profile');
});

test('a magic link asks first, and its token appears in no URL but that of the provider', async ({
  app,
  page,
  provider,
}) => {
  const token = 'one-time-token-of-the-test';
  const addresses: string[] = [];
  page.on('request', (request) => addresses.push(request.url(), request.headers()['referer'] ?? ''));
  await app.open(`/sign-in?one_time_token=${token}&login_hint=ada@example.com&return_to=/profile`);
  expect(await provider.log()).not.toContainEqual(expect.objectContaining({ path: '/oidc/auth' }));
  await app.confirm('Sign in');
  await expect(app.provider.password).toBeVisible();
  const [opened, ...further] = addresses.filter((address) => address.includes(token));
  expect(opened).toContain('/sign-in?');
  for (const address of further) {
    expect(address).toContain('/oidc/auth?');
  }
  await app.provider.signIn('ada');
  await expect(app.accountButton).toBeVisible();
  expect(app.path).toBe('/profile');
});
