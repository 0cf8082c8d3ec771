// Islands mode: islands hydrate with the state of the session, and follow its changes.

import { App } from './pages.ts';
import { Example } from './support/example.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ otherApp: 'example-islands' });

for (const path of ['/', '/plain']) {
  test(`islands with SignedIn and SignedOut live on ${path}`, async ({ app, page }) => {
    const visitor = await Example.open(app, path);
    await expect(app.main).toContainText('The counter of a visitor');
    await visitor.button('Clicks: 0').click();
    await expect(visitor.button('Clicks: 1')).toBeVisible();
    await expect(page.getByLabel('Note')).toHaveCount(0);

    await app.open('/');
    await app.signIn('ada');
    const user = await Example.open(app, path);
    await expect(app.main).toContainText('The counter of a user');
    await user.button('Clicks: 0').click();
    await expect(user.button('Clicks: 1')).toBeVisible();
    await expect(user.button('Sign in by an action')).toHaveCount(0);
    await expect(page.getByLabel('Note')).toBeVisible();
  });

  test(`a sign-in and a sign-out by actions of an island lead to the provider and back on ${path}`, async ({
    app,
    provider,
  }) => {
    const example = await Example.open(app, path);
    await example.button('Sign in by an action').click();
    await app.provider.signIn('ada');
    await expect(app.page).toHaveURL(`${app.url}${path}`);
    await Example.open(app, path);
    await example.button('Sign out by an action').click();
    await expect(app.page).toHaveURL(`${app.url}/`);
    await expect(app.signInButton).toBeVisible();
    expect((await provider.log()).some(({ path }) => path.startsWith('/oidc/session/end'))).toBe(true);
  });
}

test('a sign-out from this app by an action of an island reloads the page, here and in other tabs', async ({ app }) => {
  const example = await Example.signedIn(app, '/');
  const other = await Example.open(await App.inNewTab(app), '/');
  await expect(other.app.signOutButton).toBeVisible();
  await example.button('Sign out of this app by an action').click();
  for (const tab of [app, other.app]) {
    await expect(tab.signInButton).toBeVisible();
    await expect(tab.signOutButton).toHaveCount(0);
    await expect(tab.main).toContainText('The counter of a visitor');
  }
});

test('an action’s redirect to a path of this site loads that page', async ({ app }) => {
  const example = await Example.open(app, '/');
  await example.button('Go to the plain page by an action').click();
  await expect(app.page).toHaveURL(`${app.url}/plain`);
  await expect(app.page.getByRole('heading', { name: 'Plain' })).toBeVisible();
});
