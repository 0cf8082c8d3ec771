// Refusals of Logto about one API resource: each costs the token for that resource only.

import { orders, products } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

// The provider knows the other resource too, but sign-ins do not name it.
test.use({ appSettings: { LOGTO_RESOURCES: products } });

for (const [title, refused] of [
  ['a resource that the sign-in did not name', orders],
  ['an unknown resource', 'https://unknown.example.com'],
] as const) {
  test(`${title} costs its own token only`, async ({ app, provider, page, watch }) => {
    watch.allow(/Failed to load resource.*\/fn\/access-token/);
    await app.open('/resources');
    await app.signIn('ada');
    const resource = app.resource(products);
    await expect(resource.rendered).toBeVisible();
    // The next call of the button asks for the other resource.
    const postData = new URLSearchParams({ resource: refused, organization_id: '' }).toString();
    await page.route('**/fn/access-token', (route) => route.continue({ postData }), { times: 1 });
    await resource.button.click();
    await expect(resource.outcome).toContainText('Something went wrong. Please try again later.');
    await expect(resource.outcome).toContainText('invalid_target');
    const asked = (await provider.refreshes()).filter((request) => request.resource === refused);
    expect(asked.map(({ status }) => status)).toEqual([400]);
    await resource.button.click();
    await expect(resource.byAction).toBeVisible();
    await expect(app.sessionState).toContainText('Active');
  });
}
