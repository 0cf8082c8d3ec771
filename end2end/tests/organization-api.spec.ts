// An API that serves every organization, and an API resource in an organization: the answers on
// /organizations, and the refusals.

import type { Locator } from '@playwright/test';
import { users } from '../provider/demo.mjs';
import { fact, products, scope, type App } from './pages.ts';
import { tokenFor } from './support/bearer.ts';
import { expect, test } from './support/fixtures.ts';
import { Management } from './support/management.ts';

const section = (app: App, name: string): Locator => app.main.getByRole('region', { name, exact: true });
const api = (app: App): Locator => section(app, 'Call an API of the organization');
const answer = (app: App): Locator => api(app).locator('pre.json');
const card = (app: App): Locator => section(app, 'Use an API resource in an organization').getByRole('article');

/** The active organization, or the first one, is this one. */
async function expectAnswers(app: App, organization: string, permissions: string[]): Promise<void> {
  await expect(answer(app)).toContainText(`"${organization}"`);
  expect(JSON.parse((await answer(app).textContent())!)).toEqual({
    organization_id: organization,
    members: [users.ada.id],
  });
  await expect(fact(card(app), 'audience')).toHaveText(products);
  await expect(fact(card(app), 'organization_id')).toHaveText(`"${organization}"`);
  for (const permission of ['read:products', 'write:products']) {
    await expect(scope(card(app), permission)).toHaveCount(Number(permissions.includes(permission)));
  }
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('the API and the resource answer for the active organization', async ({ app }) => {
      await app.open('/organizations');
      await app.signIn('ada');
      await expectAnswers(app, 'acme', ['read:products', 'write:products']);
      await section(app, 'The active organization').getByRole('button', { name: 'Globex Corporation' }).click();
      await expectAnswers(app, 'globex', ['read:products']);
    });

    test('the page explains that the API refuses a member without the permission', async ({ app, provider }) => {
      const management = await Management.at(provider.url);
      const { id } = await management.call<{ id: string }>('POST', '/organizations', { name: 'Initech' });
      await management.call('POST', `/organizations/${id}/users`, { userIds: [users.cleo.id] });
      await app.open('/organizations');
      await app.signIn('cleo');
      await expect(api(app)).toContainText('The API refused the call: the token lacks the scope read:members');
      await expect(api(app).getByRole('code').getByText('403', { exact: true })).toBeVisible();
      await expect(answer(app)).toHaveCount(0);
      await expect(fact(card(app), 'organization_id')).toHaveText(`"${id}"`);
      await expect(scope(card(app), 'read:products')).toHaveCount(0);
    });
  });
}

for (const [path, form] of [
  ['/fn/members', {}],
  ['/fn/resource-in-organization', { resource: products }],
] as const) {
  test(`${path} refuses an organization that the user is not in`, async ({ app, page, watch }) => {
    watch.allow(new RegExp(`Failed to load resource.*${path}`));
    await app.open('/organizations');
    await app.signIn('bob');
    const call = (organization: string) =>
      page.evaluate(
        async ({ path, form }) => {
          const response = await fetch(path, { method: 'POST', body: new URLSearchParams(form) });
          return { status: response.status, text: await response.text() };
        },
        { path, form: { ...form, organization_id: organization } },
      );
    for (const [organization, expected] of [
      ['globex', 403],
      ['unknown', 403],
      ['', 400],
    ] as const) {
      const { status, text } = await call(organization);
      expect.soft(status, organization).toBe(expected);
      expect.soft(text).not.toContain('globex');
    }
    const { status, text } = await call('acme');
    expect(status).toBe(200);
    expect(text).toContain('acme');
  });
}

test('/api/members accepts a token with the organization as its audience and the permission, and no other', async ({
  app,
  provider,
  request,
}) => {
  const management = await Management.at(provider.url);
  const { id } = await management.call<{ id: string }>('POST', '/organizations', { name: 'Initech' });
  await management.call('POST', `/organizations/${id}/users`, { userIds: [users.bob.id] });
  await app.open('/organizations');
  await app.signIn('bob');
  await expect(app.organization('Initech').rendered).toBeVisible();
  const call = async (token?: string) => {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const response = await request.get(`${app.url}/api/members`, { headers });
    return { status: response.status(), text: await response.text(), why: response.headers()['www-authenticate'] };
  };

  const allowed = await call(await tokenFor(provider, 'urn:logto:organization:acme'));
  expect(allowed.status).toBe(200);
  expect(JSON.parse(allowed.text)).toEqual({ organization_id: 'acme', members: [users.bob.id] });

  const withoutPermission = await call(await tokenFor(provider, `urn:logto:organization:${id}`));
  expect(withoutPermission.status).toBe(403);
  expect(withoutPermission.why).toContain('insufficient_scope');

  const wrongAudience = await call(await tokenFor(provider, products));
  expect(wrongAudience.status).toBe(401);
  expect(wrongAudience.why).toContain('invalid_token');

  expect((await call()).status).toBe(401);
});
