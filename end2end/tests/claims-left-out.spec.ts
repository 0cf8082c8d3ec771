// A tenant that excludes organizations and roles from ID tokens: userinfo has them, and Logto
// checks membership.

import { scope } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test.beforeEach(async ({ provider }) => {
  await provider.set({ left_out_of_id_tokens: ['organizations', 'organization_roles'] });
});

test('organizations, roles and tokens are shown although the ID token lacks them', async ({ app }) => {
  await app.open('/organizations');
  await app.signIn('ada');
  for (const [name, id, role] of [
    ['Acme Inc.', 'acme', 'admin'],
    ['Globex Corporation', 'globex', 'member'],
  ] as const) {
    const organization = app.organization(name);
    await expect(scope(organization.section, role)).toBeVisible();
    await expect(organization.rendered).toContainText(`urn:logto:organization:${id}`);
    await organization.button.click();
    await expect(organization.byAction).toContainText(`urn:logto:organization:${id}`);
  }

  await app.open('/');
  await expect(app.claim('username')).toBeVisible();
  await expect(app.claim('organizations')).toHaveCount(0);
  await app.open('/profile');
  await expect(app.compared('organizations')).toContainText('acme');
  await expect(app.compared('organizations').getByRole('cell', { name: 'userinfo', exact: true })).toBeVisible();
});

test('Logto refuses an organization that the user is not a member of', async ({ app, page, provider, watch }) => {
  watch.allow(/Failed to load resource.*\/fn\/access-token/);
  await app.open('/organizations');
  await app.signIn('bob');
  const organization = app.organization('Acme Inc.');
  await expect(organization.button).toBeVisible();
  await page.route('**/fn/access-token', (route) => route.continue({ postData: 'resource=&organization_id=globex' }));
  await organization.button.click();
  await expect(organization.outcome).toContainText('Your account does not have permission for this.');
  await expect(organization.outcome).toContainText('access_denied');
  const asked = (await provider.refreshes()).filter(({ organization_id }) => organization_id === 'globex');
  expect(asked.map(({ status }) => status)).toEqual([403]);
  await page.reload();
  await expect(app.organization('Acme Inc.').rendered).toBeVisible();
});
