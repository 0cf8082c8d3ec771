// Pages and server functions for users who meet a requirement.

import { transactionCookie } from './pages.ts';
import { Example } from './support/example.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ otherApp: 'end2end-hydrate', appSettings: { LOGTO_SCOPES: 'email roles' } });

test('a guarded page opens the sign-in, which returns to the same address', async ({ app }) => {
  await app.open('/orders?page=2');
  await app.provider.signIn('ada');
  await expect(app.heading).toHaveText('Orders');
  expect(app.path).toBe('/orders?page=2');
});

test('a link of the router to a guarded page opens the sign-in and returns to that page', async ({ app, watch }) => {
  watch.allow(/status of 401/);
  await Example.open(app, '/');
  await app.header.getByRole('link', { name: 'Orders' }).click();
  await app.provider.signIn('ada');
  await expect(app.heading).toHaveText('Orders');
  expect(app.path).toBe('/orders');
});

test('a link of the router to a guarded page shows it to a signed-in user without a page load', async ({
  app,
  page,
}) => {
  await Example.signedIn(app, '/');
  let loads = 0;
  page.on('request', (request) => (loads += Number(request.isNavigationRequest())));
  await app.header.getByRole('link', { name: 'Managers' }).click();
  await expect(app.heading).toHaveText('Managers');
  expect(loads).toBe(0);
});

test('a user without the role sees a text and a status, and no sign-in', async ({ app, page, watch }) => {
  watch.allow(/status of 403/);
  await app.open('/');
  await app.signIn('bob');
  const response = await page.goto(`${app.url}/managers`);
  expect(response?.status()).toBe(403);
  await expect(app.main.getByRole('alert')).toBeVisible();
  await expect(app.main.getByRole('heading')).toHaveCount(0);
  await expect(app.main.getByRole('button')).toHaveCount(0);
});

test('a page that needs a recent sign-in asks for the password again, and returns to the same address', async ({
  app,
  page,
  provider,
}) => {
  await app.open('/');
  await app.signIn('ada');
  // The page asks for a sign-in of the last second.
  await provider.advance(3);
  await app.open('/payment?order=7');
  await app.provider.signIn('ada');
  await expect(app.heading).toHaveText('Payment');
  expect(app.path).toBe('/payment?order=7');
  const requests = async () => (await provider.log()).filter(({ path }) => path === '/oidc/auth');
  const sent = await requests();
  expect(sent.filter(({ max_age }) => max_age === '1')).toHaveLength(1);
  // The app adds its clock tolerance of a minute, so that the user can go on.
  await page.reload();
  await expect(app.heading).toHaveText('Payment');
  expect(await requests()).toHaveLength(sent.length);
});

test('a link of the router to a page that needs a recent sign-in asks for the password again', async ({
  app,
  provider,
  watch,
}) => {
  watch.allow(/status of 401/);
  await Example.signedIn(app, '/');
  await provider.advance(3);
  await app.header.getByRole('link', { name: 'Payment' }).click();
  await app.provider.signIn('ada');
  await expect(app.heading).toHaveText('Payment');
  expect(app.path).toBe('/payment');
  const sent = (await provider.log()).filter(({ path }) => path === '/oidc/auth');
  expect(sent.filter(({ max_age }) => max_age === '1')).toHaveLength(1);
});

test('a server function says that it needs a sign-in, which returns to the page', async ({ app, page, watch }) => {
  watch.allow(/status of 401/);
  const example = await Example.open(app, '/reports?month=5');
  const called = page.waitForResponse(/\/api\/report$/);
  await example.button('Read the report').click();
  expect((await called).status()).toBe(401);
  await expect(app.main.getByRole('status')).toContainText('not_signed_in');
  await example.button('Continue to the sign-in').click();
  await app.provider.signIn('ada');
  await expect(app.heading).toHaveText('Reports');
  expect(app.path).toBe('/reports?month=5');
  await Example.open(app, '/reports');
  await example.button('Read the report').click();
  await expect(app.main.getByRole('status')).toHaveText('The report for Ada Lovelace');
});

test('a server function refuses a user without the role', async ({ app, page, watch }) => {
  watch.allow(/status of 403/);
  await app.open('/');
  await app.signIn('bob');
  const example = await Example.open(app, '/reports');
  const called = page.waitForResponse(/\/api\/report$/);
  await example.button('Read the report').click();
  expect((await called).status()).toBe(403);
  await expect(app.main.getByRole('status')).toContainText('forbidden');
  await expect(example.button('Continue to the sign-in')).toHaveCount(0);
});

test('a prefetch of a guarded page starts no sign-in', async ({ app, page, context, provider }) => {
  await Example.open(app, '/');
  const fetched = page.waitForResponse(`${app.url}/orders`);
  await page.evaluate(() => {
    const link = Object.assign(document.createElement('link'), { rel: 'prefetch', href: '/orders' });
    document.head.append(link);
  });
  expect((await fetched).status()).toBe(204);
  expect((await context.cookies()).filter(({ name }) => transactionCookie.test(name))).toEqual([]);
  expect((await provider.log()).filter(({ path }) => path.startsWith('/oidc/auth'))).toEqual([]);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('a guarded page without JavaScript opens the sign-in and returns', async ({ app }) => {
    await app.open('/orders?page=2');
    await app.provider.signIn('ada');
    await expect(app.heading).toHaveText('Orders');
    expect(app.path).toBe('/orders?page=2');
  });

  test('a user without the role sees a text without JavaScript', async ({ app, page, watch }) => {
    watch.allow(/status of 403/);
    await app.open('/');
    await app.signInButton.click();
    await app.provider.signIn('bob');
    await page.goto(`${app.url}/managers`);
    await expect(app.main.getByRole('alert')).toBeVisible();
    await expect(app.main.getByRole('heading')).toHaveCount(0);
  });
});
