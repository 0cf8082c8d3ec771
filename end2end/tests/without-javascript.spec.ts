// The same tour without JavaScript.

import { fact, orders, products, scope, sessionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ javaScriptEnabled: false });

test('the whole tour', async ({ app, page, context }) => {
  await app.open('/');
  await app.signIn('ada');
  expect(app.path).toBe('/');
  await expect(app.claim('sub')).toHaveText('ada0demouser');

  await app.open('/profile');
  await expect(app.main).toContainText('ada@example.com');
  await expect(app.main).toContainText('Globex Corporation');

  await app.open('/resources');
  for (const [indicator, permission] of [
    [products, 'write:products'],
    [orders, 'read:orders'],
  ] as const) {
    await expect(app.resource(indicator).rendered).toBeVisible();
    await expect(scope(app.resource(indicator).rendered, permission)).toBeVisible();
  }

  await app.open('/organizations');
  for (const name of ['Acme Inc.', 'Globex Corporation']) {
    await expect(app.organization(name).rendered).toBeVisible();
  }

  await app.open('/streaming');
  await expect(app.lateToken).toBeVisible();
  await expect(app.nextStep).toBeVisible();

  await app.open('/sessions');
  await expect(app.keptToken(products)).toBeVisible();

  await app.signOut({ javaScript: false });
  expect((await context.cookies(page.url())).filter(({ name }) => sessionCookie.test(name))).toEqual([]);
  await app.signInButton.click();
  await expect(app.provider.password).toBeVisible();
});

test('a form that scripts would answer in place works and leads back to its page', async ({ app, page }) => {
  await app.open('/resources');
  await app.signIn('ada');
  await app.newProduct.fill('Sugar bowl');
  for (const button of [app.addProduct, app.resource(products).button]) {
    const answer = page.waitForResponse((response) => response.url().includes('/fn/'));
    await button.click();
    expect((await answer).status()).toBe(302);
    await expect(fact(app.resource(products).rendered, 'refreshed')).toHaveText('false');
    await expect(app.api.getByRole('cell', { name: 'Sugar bowl' }).first()).toBeVisible();
    expect(app.path).toMatch(/^\/resources\??$/);
  }
});

test('a refused form leads back to its page, which says why', async ({ app }) => {
  await app.open('/resources');
  await app.signIn('bob');
  await app.newProduct.fill('Sugar tongs');
  await app.addProduct.click();
  await expect(app.apiOutcome).toContainText('403');
  expect(app.path).toMatch(/^\/resources\?__path=/);
});

test('a page that needs a user shows a sign-in form and leads back', async ({ app }) => {
  await app.open('/profile');
  await app.signInInPage.click();
  await app.provider.signIn('bob');
  await expect(app.main).toContainText('bob@example.com');
  expect(app.path).toBe('/profile');
});

test('opening the sign-in and sign-out addresses asks first', async ({ app, page }) => {
  await app.open('/sign-in?return_to=/profile');
  await app.confirm('Sign in');
  await app.provider.signIn('ada');
  expect(app.path).toBe('/profile');
  await app.open('/sign-out');
  await app.confirm('Sign out');
  await app.provider.confirmSignOut.click();
  await expect(app.signInButton).toBeVisible();
  expect((await page.context().cookies(page.url())).filter(({ name }) => sessionCookie.test(name))).toEqual([]);
});

test('a cancelled sign-in ends on the error page', async ({ app }) => {
  await app.open('/');
  await app.signInButton.click();
  await app.provider.cancel.click();
  await expect(app.errorCode).toHaveText('access_denied');
});
