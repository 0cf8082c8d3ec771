// A site with a service worker that passes every request through `fetch`: the server no longer sees a navigation.

import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test as base } from './support/fixtures.ts';

const site = fileURLToPath(new URL('../../target/site', import.meta.url));

const worker = `
  self.addEventListener('install', () => self.skipWaiting());
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener('fetch', (event) => event.respondWith(fetch(event.request)));
`;

/** The files of the app, and the script of the worker at the root, whose scope is the whole site. */
const test = base.extend<object, { appSettings: Record<string, string> }>({
  appSettings: [
    async ({}, use) => {
      const root = mkdtempSync(path.join(tmpdir(), 'site-'));
      symlinkSync(path.join(site, 'pkg'), path.join(root, 'pkg'));
      cpSync(path.join(site, 'favicon.svg'), path.join(root, 'favicon.svg'));
      writeFileSync(path.join(root, 'worker.js'), worker);
      await use({ LEPTOS_SITE_ROOT: root });
      rmSync(root, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

test('signing in works where a service worker passes requests through fetch', async ({ app, page, context }) => {
  await app.open('/profile');
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/worker.js');
    const controlled = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    await (navigator.serviceWorker.controller ?? controlled);
  });
  await app.open('/profile');
  const sent = context.waitForEvent('request', (request) => request.method() === 'POST' && request.serviceWorker() !== null);
  await app.signInInPage.click();
  const headers = await (await sent).allHeaders();
  expect(headers['sec-fetch-mode']).not.toBe('navigate');
  await app.provider.signIn('ada');
  await expect(app.signOutButton).toBeVisible();
  expect(app.path).toBe('/profile');
});
