// The whole tour with JavaScript: sign-in, every page, tokens by rendering and by action, sign-out.

import { fact, orders, paths, products, scope, sessionCookie, transactionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test('a sign-in shows the user and leaves no parameters in the address', async ({ app, page, context }) => {
  await app.open('/');
  await expect(app.signInButton).toBeVisible();
  await app.signIn('ada');

  expect(app.path).toBe('/');
  await expect(app.claimsTable.getByRole('columnheader', { name: 'Value', exact: true })).toBeVisible();
  await expect(app.claim('sub')).toHaveText('ada0demouser');
  await expect(app.claim('name')).toContainText('Ada Lovelace');
  await expect(app.claim('iss')).toContainText('/oidc');

  const cookies = await context.cookies(page.url());
  const session = cookies.filter(({ name }) => sessionCookie.test(name));
  expect(session).toHaveLength(1);
  expect(session[0]).toMatchObject({ name: 'logto_quick-start', httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(cookies.filter(({ name }) => transactionCookie.test(name))).toEqual([]);
});

test('null claims are shown as null', async ({ app }) => {
  await app.open('/');
  await app.signIn('cleo');
  await expect(app.claim('sub')).toHaveText('cleo0demousr');
  await expect(app.claim('name')).toHaveText(/null/i);
});

test('the profile shows the claims next to userinfo', async ({ app }) => {
  await app.open('/profile');
  await app.signIn('ada');
  await expect(app.main).toContainText('ada@example.com');
  for (const text of ['custom_data', '"seats": 5', 'github', 'sso.example.com', 'Globex Corporation', 'acme:admin']) {
    await expect(app.main).toContainText(text);
  }
});

test('a token is shown while rendering and obtained by an action', async ({ app, provider }) => {
  await app.open('/resources');
  await app.signIn('ada');
  for (const [indicator, permission] of [
    [products, 'write:products'],
    [orders, 'read:orders'],
  ] as const) {
    const resource = app.resource(indicator);
    await expect(resource.section).toContainText(indicator);
    await expect(resource.rendered).toBeVisible();
    await expect(scope(resource.rendered, permission)).toBeVisible();
    await expect(fact(resource.rendered, 'expires')).toHaveText(/^in \d+ /);
    await expect(fact(resource.rendered, 'aud')).toHaveText(`"${indicator}"`);
    await expect(resource.rendered).toContainText(indicator);

    await expect(resource.byAction).toBeHidden();
    await resource.button.click();
    await expect(resource.byAction).toBeVisible();
  }
  const asked = (await provider.log())
    .filter(({ grant_type }) => grant_type === 'refresh_token')
    .map(({ resource }) => resource);
  expect(asked).toContain(products);
  expect(asked).toContain(orders);
});

test('a token obtained by an action is cached: the page does not request it again', async ({ app, provider }) => {
  await app.open('/resources');
  await app.signIn('ada');
  await app.resource(products).button.click();
  await expect(app.resource(products).byAction).toBeVisible();
  const refreshes = async () =>
    (await provider.log()).filter(({ grant_type, resource }) => grant_type === 'refresh_token' && resource === products)
      .length;
  const before = await refreshes();
  await app.open('/resources');
  await expect(app.resource(products).rendered).toBeVisible();
  expect(await refreshes()).toBe(before);
});

test('a user without permissions sees a token without scopes, and no error', async ({ app }) => {
  await app.open('/resources');
  await app.signIn('cleo');
  await expect(app.resource(products).rendered).toBeVisible();
  await expect(fact(app.resource(products).rendered, 'scopes')).toHaveText('[]');
  await expect(scope(app.resource(products).rendered, 'read:products')).toHaveCount(0);
});

test('the protected API serves a user with permission', async ({ app }) => {
  await app.open('/resources');
  await app.signIn('ada');
  await expect(app.api.getByRole('columnheader', { name: 'name' })).toBeVisible();
  await expect(app.api.getByRole('cell', { name: 'Teapot' })).toBeVisible();

  await app.newProduct.fill('Analytical engine');
  await app.addProduct.click();
  await expect(app.api.getByRole('cell', { name: 'Analytical engine' }).first()).toBeVisible();
});

test('the protected API refuses a user without the permission, and the page names it', async ({ app }) => {
  await app.open('/resources');
  await app.signIn('bob');
  await expect(app.api.getByRole('cell', { name: 'Teapot' })).toBeVisible();
  await app.newProduct.fill('Nothing');
  await app.addProduct.click();
  await expect(app.apiOutcome).toContainText('403');
  await expect(app.api).toContainText('write:products');
});

test('the protected API refuses requests without a token', async ({ app, page }) => {
  for (const headers of [undefined, { authorization: 'Bearer guessed' }]) {
    const response = await page.request.get(`${app.url}/api/products`, headers && { headers });
    expect(response.status()).toBe(401);
    expect(response.headers()['www-authenticate']).toMatch(/^Bearer/);
  }
});

test('organizations have names, roles and tokens', async ({ app }) => {
  await app.open('/organizations');
  await app.signIn('ada');
  for (const [name, id, role] of [
    ['Acme Inc.', 'acme', 'admin'],
    ['Globex Corporation', 'globex', 'member'],
  ] as const) {
    const organization = app.organization(name);
    await expect(organization.section).toContainText(role);
    await expect(organization.section).toContainText(`urn:logto:organization:${id}`);
    await expect(organization.rendered).toBeVisible();
    await organization.button.click();
    await expect(organization.byAction).toBeVisible();
  }
});

test('a user without organizations sees a message', async ({ app }) => {
  await app.open('/organizations');
  await app.signIn('cleo');
  await expect(app.main.getByRole('button', { name: 'Get organization token' })).toHaveCount(0);
  await expect(app.main).toContainText(/no organization/i);
});

test('the largest session of the tour fits into its cookie', async ({ app, page, context }) => {
  // On a busy machine, visiting every page twice takes longer than the usual timeout.
  test.slow();
  await app.open('/');
  await app.signIn('ada');
  for (const path of [...paths, ...paths]) {
    await app.open(path);
    await expect(app.accountButton).toBeVisible();
  }
  const session = (await context.cookies(page.url())).find(({ name }) => sessionCookie.test(name));
  expect(session!.name.length + session!.value.length).toBeLessThan(4096);
});

test('sign-out ends the session here and at the provider', async ({ app, page, context, provider }) => {
  await app.open('/');
  await app.signIn('ada');
  await app.signOut();

  expect((await context.cookies(page.url())).filter(({ name }) => sessionCookie.test(name))).toEqual([]);
  expect((await provider.log()).some(({ path, status }) => path === '/oidc/token/revocation' && status === 200)).toBe(
    true,
  );

  await app.signInButton.click();
  await expect(app.provider.password).toBeVisible();
});

test('after sign-out the Back button shows no signed-in page', async ({ app, page }) => {
  await app.open('/');
  await app.signIn('ada');
  await app.open('/profile');
  await expect(app.main).toContainText('ada@example.com');
  await app.signOut();
  await page.goBack();
  await expect(page.getByText('ada@example.com')).toHaveCount(0);
});
