// The page about the set-up: the addresses to register, and what the provider says about them.

import type { Locator } from '@playwright/test';
import type { App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

/** The addresses in the order of the page, each with its field and its state. */
const addresses = (app: App): Locator => app.main.locator('.addresses > li');

test('the page shows that the addresses are registered', async ({ app }) => {
  await expect(async () => {
    await app.open('/set-up');
    await expect(addresses(app).nth(0)).toContainText(`Registered${app.url}/callback`, { timeout: 500 });
  }).toPass();
  await expect(addresses(app).nth(1)).toContainText(`Registered${app.url}/Copy`);
  await expect(addresses(app).nth(2)).toContainText(`${app.url}/backchannel-logout`);
  await expect(addresses(app).nth(2)).toContainText('not checked');
});

test('the page shows that the provider is away, and later that it is back', async ({ app, provider }) => {
  // The app asks at most once in five seconds.
  test.slow();
  const state = addresses(app).first().locator('.pill');
  await provider.set({ faults: { auth: { status: 503 } } });
  await expect(async () => {
    await app.open('/set-up');
    await expect(state).toHaveText('Provider unreachable', { timeout: 500 });
  }).toPass();
  await expect(app.main).toContainText('The provider gave no answer');
  await provider.set({ faults: { auth: null } });
  await expect(async () => {
    await app.open('/set-up');
    await expect(state).toHaveText('Registered', { timeout: 500 });
  }).toPass();
  await expect(app.main).not.toContainText('The provider gave no answer');
});

test('the button beside an address copies it', async ({ app, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await app.open('/set-up');
  const address = `${app.url}/callback`;
  await app.main.getByRole('button', { name: `Copy ${address}`, exact: true }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toHaveText(`Copied ${address}`);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(address);
});
