// No token is lost: tokens expire on an open page, tabs wake up at the same time, tokens arrive
// after the response head.

import type { BrowserContext } from '@playwright/test';
import { App, fact, orders, products, sessionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import type { Provider } from './support/stack.ts';

/** In seconds. Use of a rotated refresh token after that ends the grant. */
const reuseWindow = 3;

/**
 * Signs in with /resources open in all tabs, and waits until the tokens have expired. The next ones
 * live for an hour.
 */
async function untilExpired(provider: Provider, ...tabs: [App, ...App[]]): Promise<void> {
  await provider.set({ access_token_ttl: 2, id_token_ttl: 2 });
  await tabs[0].open('/resources');
  await tabs[0].signIn('ada');
  for (const tab of tabs.slice(1)) {
    await tab.open('/resources');
  }
  for (const tab of tabs) {
    for (const resource of [products, orders]) {
      await expect(fact(tab.resource(resource).rendered, 'expires')).toContainText(/ago$/);
    }
  }
  await provider.set({ access_token_ttl: 3600, id_token_ttl: 3600 });
}

const session = async (context: BrowserContext) =>
  (await context.cookies()).filter(({ name }) => sessionCookie.test(name));

for (const rotate of ['default', 'always']) {
  test(`a token that expires while a page is open is refreshed once, rotation: ${rotate}`, async ({
    app,
    provider,
  }) => {
    await provider.set({ rotate });
    await untilExpired(provider, app);
    const before = (await provider.refreshes()).length;

    await app.resource(products).button.click();
    await expect(fact(app.resource(products).byAction, 'refreshed')).toHaveText('true');
    await expect(fact(app.resource(products).byAction, 'expires')).toHaveText('in 59 minutes');

    await app.step('Sessions').click();
    await expect(app.sessionState).toContainText('Active');
    await expect(fact(app.keptToken(products), 'expires')).toHaveText('in 59 minutes');
    expect((await provider.refreshes()).slice(before)).toEqual([
      expect.objectContaining({ resource: products, status: 200 }),
    ]);
  });

  test(`two tabs that wake up at the same time share one refresh for each token, rotation: ${rotate}`, async ({
    app,
    provider,
  }) => {
    await provider.set({ rotate });
    const tabs: [App, App] = [app, await App.inNewTab(app)];
    await untilExpired(provider, ...tabs);
    const before = (await provider.refreshes()).length;

    // Delayed responses, so that both requests are in flight together.
    await provider.set({ faults: { token: { delay_ms: 200 } } });
    await Promise.all(tabs.map((tab) => tab.resource(products).button.click()));
    for (const tab of tabs) {
      await expect(fact(tab.resource(products).byAction, 'expires')).toHaveText('in 59 minutes');
    }
    await Promise.all(tabs.map((tab) => tab.page.reload()));
    for (const tab of tabs) {
      await expect(tab.sessionState).toContainText('Active');
      await expect(fact(tab.resource(orders).rendered, 'expires')).toHaveText('in 59 minutes');
    }
    expect((await provider.refreshes()).slice(before)).toEqual([
      expect.objectContaining({ resource: products, status: 200 }),
      expect.objectContaining({ resource: orders, status: 200 }),
    ]);
  });

  test(`a token that arrives after the response head is saved by the next response, rotation: ${rotate}`, async ({
    app,
    context,
    provider,
  }) => {
    await provider.set({ rotate });
    await app.open('/');
    await app.signIn('ada');
    const [before, asked] = [await session(context), (await provider.refreshes()).length];

    // The provider responds only when the browser has the head.
    await provider.set({ faults: { token: { hold: true } } });
    await app.page.goto(`${app.url}/streaming`, { waitUntil: 'commit' });
    await provider.set({ faults: { token: null } });
    await expect(fact(app.lateToken, 'refreshed')).toHaveText('true');
    expect(await session(context), 'too late for a cookie').toEqual(before);

    await provider.advance(reuseWindow + 1);
    await app.step('Sessions').click();
    await expect(app.keptToken(products)).toBeVisible();
    expect(await session(context)).not.toEqual(before);
    expect((await provider.refreshes()).slice(asked)).toHaveLength(1);

    await app.open('/organizations');
    await expect(app.organization('Acme Inc.').rendered).toBeVisible();
    await expect(app.sessionState).toContainText('Active');
  });
}

test('a request with the cookie from before a rotation uses the rotated token', async ({ app, context, provider }) => {
  await provider.set({ rotate: 'always' });
  await app.open('/');
  await app.signIn('ada');
  const before = await session(context);
  await app.open('/resources');
  await expect(fact(app.resource(products).rendered, 'refreshed')).toHaveText('true');
  expect(await session(context)).not.toEqual(before);

  // As if the response had been lost.
  await context.addCookies(before);
  await provider.advance(reuseWindow + 1);
  await app.open('/resources');
  await expect(fact(app.resource(products).rendered, 'refreshed')).toHaveText('false');
  await app.open('/organizations');
  await expect(app.organization('Acme Inc.').rendered).toBeVisible();
  expect((await provider.refreshes()).filter(({ status }) => status !== 200)).toEqual([]);
});
