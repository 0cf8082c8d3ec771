// Forms that are answered on the same page: one request at a time, and only valid answers count.

import { fact, products } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test.beforeEach(async ({ app }) => {
  await app.open('/resources');
});

test('while a request is in flight the form’s outcome is busy, and a second click sends nothing', async ({
  app,
  page,
}) => {
  await app.signIn('ada');
  const { button, outcome, byAction } = app.resource(products);
  await expect(outcome.locator('.empty')).toBeVisible();
  const before = await outcome.boundingBox();
  let asked = 0;
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/fn/access-token', async (route) => {
    asked += 1;
    await released;
    await route.continue();
  });
  await button.click();
  await expect(outcome).toHaveAttribute('aria-busy', 'true');
  await expect(outcome.locator('.skeleton')).toBeVisible();
  expect((await outcome.boundingBox())?.height, 'the layout does not shift').toBe(before?.height);
  await button.click();
  release();
  await expect(byAction).toBeVisible();
  await expect(outcome).toHaveAttribute('aria-busy', 'false');
  expect(asked).toBe(1);
});

test('the time in a response is relative', async ({ app }) => {
  await app.signIn('ada');
  await app.resource(products).button.click();
  await expect(fact(app.resource(products).byAction, 'expires')).toHaveText(/^in \d+ /);
});

test('a missing response is reported, and the form can be sent again', async ({ app, page, watch }) => {
  watch.allow(/Failed to load resource.*ERR_CONNECTION_REFUSED/);
  await app.signIn('ada');
  const { button, outcome, byAction } = app.resource(products);
  await page.route('**/fn/access-token', (route) => route.abort('connectionrefused'));
  await button.click();
  await expect(outcome).toContainText('This is unavailable at the moment.');
  await expect(outcome).toContainText('server_unreachable');
  await page.unroute('**/fn/access-token');
  await button.click();
  await expect(byAction).toBeVisible();
});

const body = '<p>of another site</p>';
const rejected = {
  'an error page': { status: 502, contentType: 'text/html', body },
  'an answer that is not JSON': { status: 200, contentType: 'application/json', body },
  'JSON of another shape': { status: 200, contentType: 'application/json', body: JSON.stringify({ html: body }) },
  'a page that it is sent on to': { status: 302, headers: { location: '/profile' } },
};

for (const [what, answer] of Object.entries(rejected)) {
  test(`rejects ${what}: none of it is inserted into the page`, async ({ app, page, watch }) => {
    watch.allow(/Failed to load resource/);
    await app.signIn('ada');
    await page.route('**/fn/access-token', (route) => route.fulfill(answer));
    await app.resource(products).button.click();
    await expect(app.resource(products).outcome).toContainText('server_function_failed');
    await expect(app.resource(products).outcome).not.toContainText('of another site');
    expect(app.path).toBe('/resources');
  });
}

test('input is shown as text in the response, and an accepted form is cleared', async ({ app }) => {
  await app.signIn('ada');
  const name = '<img src=x onerror=alert(1)>';
  await app.newProduct.fill(name);
  await app.addProduct.click();
  await expect(app.api.getByRole('cell', { name }).first()).toHaveText(name);
  await expect(app.apiOutcome.locator('img')).toHaveCount(0);
  await expect(app.newProduct).toHaveValue('');
});

test('a refused form says why, and the list stays', async ({ app }) => {
  await app.signIn('bob');
  await app.newProduct.fill('Kettle of bob');
  await app.addProduct.click();
  await expect(app.apiOutcome).toContainText('403');
  await expect(app.api.getByRole('cell', { name: 'Teapot' })).toBeVisible();
  await expect(app.api.getByRole('cell', { name: 'Kettle of bob' })).toHaveCount(0);
});

test('a sign-in that an action requires leads back to the page', async ({ app, provider, watch }) => {
  watch.allow(/Failed to load resource.*\/fn\/access-token/);
  // The stored tokens expire too soon to be used, so that the action asks the provider.
  await provider.set({ access_token_ttl: 1 });
  await app.signIn('ada');
  await expect(app.resource(products).rendered).toBeVisible();
  await provider.reset();
  await app.resource(products).button.click();
  await app.provider.signIn('ada');
  await expect(app.resource(products).rendered).toBeVisible();
  expect(app.path).toBe('/resources');
});

test('a form lives on a page whose address has its error, and no text of the address is shown', async ({ app }) => {
  await app.signIn('ada');
  const forged = JSON.stringify({ kind: 'forbidden', code: 'Call us!', message: 'Your account is blocked' });
  const error = Buffer.from(forged).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  await app.open(`/resources?__path=/fn/access-token&__err=${encodeURIComponent(error)}`);
  const { button, byAction } = app.resource(products);
  const notes = app.main.locator('.note').filter({ hasText: 'server_function_failed' });
  await expect(notes).toHaveCount(1);
  await expect(notes).toContainText('Your account does not have permission for this.');
  await expect(app.main).not.toContainText(/Call us|blocked/);
  await button.click();
  await expect(byAction).toBeVisible();
});
