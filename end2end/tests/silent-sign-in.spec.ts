// Silent sign-in: a visitor who is signed in at the provider becomes signed in when a page opens.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type Page } from '@playwright/test';
import { App } from './pages.ts';
import { expect } from './support/fixtures.ts';
import { signInAtProviderAlone, SilentRequests, test } from './support/silent.ts';
import type { Provider } from './support/stack.ts';

test.use({ appSettings: { LOGTO_SILENT_SIGN_IN: 'true' } });

/** Lists the pages of the provider that the tab shows from now on. */
function pagesOf(provider: Provider, page: Page): string[] {
  const shown: string[] = [];
  page.on('response', (response) => {
    const isPage = response.request().isNavigationRequest() && response.status() < 300;
    if (isPage && response.url().startsWith(provider.url)) {
      shown.push(response.url());
    }
  });
  return shown;
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a visitor who is signed in at the provider becomes signed in on the page', async ({
      app,
      page,
      context,
      provider,
      asked,
    }) => {
      await signInAtProviderAlone(app, context);
      const before = asked.count;
      const shown = pagesOf(provider, page);
      await app.open('/profile?from=mail');
      await expect(app.accountButton).toBeVisible();
      expect(app.path).toBe('/profile?from=mail');
      expect(shown).toEqual([]);
      await app.open('/resources');
      await expect(app.accountButton).toBeVisible();
      expect(asked.count).toBe(before + 1);
    });

    test('a visitor who is signed out there sees every page, and the provider is asked once', async ({
      app,
      page,
      provider,
      asked,
    }) => {
      const shown = pagesOf(provider, page);
      for (const path of ['/profile?from=mail', '/', '/protect']) {
        await app.open(path);
        await expect(app.signInButton).toBeVisible();
        expect(app.path).toBe(path);
      }
      expect(shown).toEqual([]);
      expect(asked.count).toBe(1);
    });
  });
}

test('the next browser session asks again', async ({ app, browser, asked }) => {
  await app.open('/');
  const context = await browser.newContext();
  const askedLater = new SilentRequests(context);
  const later = new App(await context.newPage(), app.url);
  await later.open('/');
  await expect(later.signInButton).toBeVisible();
  expect([asked.count, askedLater.count]).toEqual([1, 1]);
  await context.close();
});

test('the redirects leave no entry in the history', async ({ app, page }) => {
  await page.goto('about:blank');
  await app.open('/profile');
  await expect(app.signInButton).toBeVisible();
  await page.goBack();
  expect(page.url()).toBe('about:blank');
  await page.goForward();
  await expect(app.signInButton).toBeVisible();
  expect(app.path).toBe('/profile');
});

test('after a sign-out of the app alone the browser stays signed out', async ({ app, asked }) => {
  await app.open('/sessions');
  await app.signIn('ada');
  await app.signOutOfThisApp.click();
  await expect(app.signInButton).toBeVisible();
  const before = asked.count;
  for (const path of ['/', '/profile']) {
    await app.open(path);
    await expect(app.signInButton).toBeVisible();
  }
  expect(asked.count).toBe(before);
});

test('a second tab opens at once while the first one waits for the provider', async ({
  app,
  provider,
  asked,
}) => {
  await provider.set({ faults: { auth: { hold: true } } });
  const first = app.open('/profile');
  await expect.poll(() => asked.count).toBe(1);
  const second = await App.inNewTab(app);
  await second.open('/resources');
  await expect(second.signInButton).toBeVisible();
  await provider.set({ faults: { auth: null } });
  await first;
  await expect(app.signInButton).toBeVisible();
  expect(asked.count).toBe(1);
});

test('a browser that blocks cookies gets the page and never reaches the provider', async ({
  app,
  launchOptions,
}) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'without-cookies-'));
  const blocked = 2;
  const preferences = { profile: { default_content_setting_values: { cookies: blocked } } };
  await mkdir(path.join(directory, 'Default'));
  await writeFile(path.join(directory, 'Default', 'Preferences'), JSON.stringify(preferences));
  const context = await chromium.launchPersistentContext(directory, launchOptions);
  try {
    const asked = new SilentRequests(context);
    const visitor = new App(await context.newPage(), app.url);
    const opened: string[] = [];
    visitor.page.on('request', (request) => request.isNavigationRequest() && opened.push(request.url()));
    await visitor.open('/profile');
    await expect(visitor.signInButton).toBeVisible();
    expect(opened).toEqual([`${app.url}/profile`, `${app.url}/profile?logto_silent=1`]);
    expect(await context.cookies()).toEqual([]);
    expect(asked.count).toBe(0);
  } finally {
    await context.close();
    await rm(directory, { recursive: true });
  }
});

for (const isSignedIn of [true, false]) {
  const result = isSignedIn ? 'show their pages, and the visitor is signed in afterwards' : 'show their pages';
  test(`six tabs opened at once ${result}`, async ({ app, context }) => {
    if (isSignedIn) {
      await signInAtProviderAlone(app, context);
    }
    const paths = ['/', '/profile', '/resources', '/organizations', '/sessions', '/protect'];
    const tabs = await Promise.all(paths.map(() => App.inNewTab(app)));
    await Promise.all(tabs.map((tab, index) => tab.open(paths[index]!)));
    for (const [index, tab] of tabs.entries()) {
      expect.soft(new URL(tab.page.url()).pathname).toBe(paths[index]);
    }
    if (isSignedIn) {
      await app.open('/');
      await expect(app.accountButton).toBeVisible();
    }
  });
}
