import { test as base, expect } from '@playwright/test';
import { App } from '../pages.ts';
import { markHandledForms } from './handled-forms.mjs';
import { Stack, type Provider } from './stack.ts';
import { Watch } from './watch.ts';

interface TestFixtures {
  /** The pages of the app and the provider, in one tab. */
  app: App;
  provider: Provider;
  /**
   * Fails the test for console errors and tokens in pages. `watch.allow(…)` allows expected
   * messages.
   */
  watch: Watch;
}

interface WorkerFixtures {
  /**
   * Environment variables for the app. `test.use({ appSettings: … })` starts an app for the spec.
   */
  appSettings: Record<string, string>;
  /** Environment variables for the provider, in the same way. */
  providerSettings: Record<string, string>;
  /** The package of another app. `test.use({ otherApp: … })` tests it instead of the quick start. */
  otherApp: string | undefined;
  stack: Stack;
}

export const test = base.extend<TestFixtures, WorkerFixtures>({
  appSettings: [{}, { option: true, scope: 'worker' }],
  providerSettings: [{}, { option: true, scope: 'worker' }],
  otherApp: [undefined, { option: true, scope: 'worker' }],
  stack: [
    async ({ appSettings, providerSettings, otherApp }, use) => {
      const stack = await Stack.start(appSettings, undefined, otherApp, providerSettings);
      await use(stack);
      await stack.stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  baseURL: async ({ stack }, use) => use(stack.appUrl),
  provider: async ({ stack }, use) => {
    await stack.provider.reset();
    await use(stack.provider);
  },
  watch: [
    async ({ context, stack, provider, javaScriptEnabled }, use) => {
      const watch = new Watch(context, [new URL(stack.appUrl).host, new URL(provider.url).host], stack.appUrl);
      if (!javaScriptEnabled) {
        // The page does not use the wasm that it has preloaded, which Chromium notices after seconds.
        watch.allow(/preloaded using link preload but not used/);
      }
      await use(watch);
      expect(await watch.problems()).toEqual([]);
    },
    { auto: true },
  ],
  app: async ({ context, page, stack, javaScriptEnabled }, use) => {
    await context.addInitScript(markHandledForms);
    await use(new App(page, stack.appUrl, javaScriptEnabled));
  },
});

export { expect };
