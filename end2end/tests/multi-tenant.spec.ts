// One app with two tenants: each has its own address and its own sessions.

import { test as base, expect, type Page } from '@playwright/test';
import { application, users } from '../provider/demo.mjs';
import { ProviderPages } from './pages.ts';
import { binaryOf, root, withoutSettings } from './support/environment.mjs';
import { answers, freePort, Process } from './support/process.mjs';

interface Tenants {
  acme: string;
  globex: string;
}

/** The settings of a tenant, whose variables begin with its name. */
function settingsOf(tenant: string, providerUrl: string): Record<string, string> {
  return {
    [`${tenant}_LOGTO_ENDPOINT`]: providerUrl,
    [`${tenant}_LOGTO_APP_ID`]: application.appId,
    [`${tenant}_LOGTO_APP_SECRET`]: application.appSecret,
    [`${tenant}_LOGTO_COOKIE_SECRET`]: `only-for-the-browser-tests-of-${tenant}`,
  };
}

// Not the fixtures of the other specs: they start an app with one address.
const test = base.extend<object, { tenants: Tenants }>({
  tenants: [
    async ({}, use) => {
      const [port, providerPort] = [await freePort(), await freePort()];
      const providerUrl = `http://127.0.0.1:${providerPort}`;
      // Browsers resolve names below `localhost` to this machine.
      const hosts = [`acme.localhost:${port}`, `globex.localhost:${port}`];
      const [acme, globex] = hosts.map((host) => `http://${host}`) as [string, string];
      const provider = new Process('provider', process.execPath, ['end2end/provider/server.mjs'], {
        cwd: root,
        env: { ...withoutSettings(), PROVIDER_PORT: String(providerPort), PROVIDER_APP_URL: `${acme} ${globex}` },
      });
      const app = new Process('app', binaryOf('example-multi-tenant'), [], {
        cwd: root,
        env: {
          ...withoutSettings(),
          ...settingsOf('ACME', providerUrl),
          ...settingsOf('GLOBEX', providerUrl),
          TENANTS: hosts.join(' '),
          ADDRESS: `127.0.0.1:${port}`,
        },
      });
      try {
        await provider.until(() => answers(`${providerUrl}/`), 20);
        await app.until(() => answers(`http://127.0.0.1:${port}/`), 20);
        await use({ acme, globex });
      } finally {
        await app.stop();
        await provider.stop();
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

const button = (page: Page, name: 'Sign in' | 'Sign out') => page.getByRole('button', { name, exact: true });

test('a page for users leads to the Logto of its tenant and back', async ({ page, tenants }) => {
  await page.goto(`${tenants.globex}/orders?page=2`);
  await new ProviderPages(page).signIn('ada');
  await expect(page).toHaveURL(`${tenants.globex}/orders?page=2`);
  await expect(page.locator('body')).toContainText(`orders of ${users.ada.id} at ${application.appId}`);
});

test('a session of one tenant neither begins nor ends one of another', async ({ page, tenants }) => {
  await page.goto(`${tenants.acme}/`);
  await button(page, 'Sign in').click();
  await new ProviderPages(page).signIn('ada');
  await expect(button(page, 'Sign out')).toBeVisible();
  expect(new URL(page.url()).origin).toBe(tenants.acme);

  await page.goto(`${tenants.globex}/`);
  await expect(button(page, 'Sign out')).toHaveCount(0);
  // The user is signed in at the provider, which both tenants use here.
  await button(page, 'Sign in').click();
  await expect(button(page, 'Sign out')).toBeVisible();
  expect(new URL(page.url()).origin).toBe(tenants.globex);
  await button(page, 'Sign out').click();
  await expect(button(page, 'Sign in')).toBeVisible();
  expect(new URL(page.url()).origin).toBe(tenants.globex);

  await page.goto(`${tenants.acme}/`);
  await expect(button(page, 'Sign out')).toBeVisible();
});

test('an unknown host has no tenant', async ({ request, tenants }) => {
  const { port } = new URL(tenants.acme);
  expect((await request.get(`http://127.0.0.1:${port}/`)).status()).toBe(404);
});
