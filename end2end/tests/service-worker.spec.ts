// A site whose service worker fetches pages: the server does not see the headers of a browser's
// navigation.

import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Request } from '@playwright/test';
import type { App } from './pages.ts';
import { expect, test as base } from './support/fixtures.ts';

const site = fileURLToPath(new URL('../../target/site', import.meta.url));

const workers = {
  passing: 'fetch(event.request)',
  copying: `event.request.blob().then((body) => fetch(event.request.url, {
    method: event.request.method,
    headers: event.request.headers,
    body: event.request.method === 'POST' ? body : undefined,
    redirect: 'manual',
  }))`,
};

const script = (response: string): string => `
  self.addEventListener('install', () => self.skipWaiting());
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener('fetch', (event) => event.respondWith(${response}));
`;

/**
 * The files of the app, and the workers' scripts at the root, so that their scope is the whole
 * site.
 */
const test = base.extend<object, { appSettings: Record<string, string> }>({
  appSettings: [
    async ({}, use) => {
      const root = mkdtempSync(path.join(tmpdir(), 'site-'));
      symlinkSync(path.join(site, 'pkg'), path.join(root, 'pkg'));
      for (const file of ['favicon.svg', 'panes.js']) {
        cpSync(path.join(site, file), path.join(root, file));
      }
      for (const [name, response] of Object.entries(workers)) {
        writeFileSync(path.join(root, `${name}.js`), script(response));
      }
      await use({ LEPTOS_SITE_ROOT: root });
      rmSync(root, { recursive: true });
    },
    { scope: 'worker' },
  ],
});

async function signsInWith(worker: keyof typeof workers, app: App): Promise<void> {
  const page = app.page;
  await app.open('/profile');
  await page.evaluate(async (file) => {
    const controlled = new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', resolve));
    await navigator.serviceWorker.register(file);
    await (navigator.serviceWorker.controller ?? controlled);
  }, `/${worker}.js`);
  await app.open('/profile');
  const isPassedOn = (request: Request) => request.method() === 'POST' && request.serviceWorker() !== null;
  const sent = page.context().waitForEvent('request', isPassedOn);
  await app.signInInPage.click();
  expect((await (await sent).allHeaders())['sec-fetch-dest']).toBe('empty');
  await app.provider.signIn('ada');
  await expect(app.accountButton).toBeVisible();
  expect(app.path).toBe('/profile');
}

test('signing in works where a service worker passes requests through fetch', ({ app }) => signsInWith('passing', app));

test('signing in works where a service worker makes its own requests', ({ app }) => signsInWith('copying', app));
