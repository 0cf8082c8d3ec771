// The pages of the examples that differ from those of the quick start.

import type { Locator } from '@playwright/test';
import type { App } from '../pages.ts';
import { expect } from './fixtures.ts';

export class Example {
  private constructor(readonly app: App) {}

  /** Opens a page, and waits until it is hydrated. A click before that does nothing. */
  static async open(app: App, path: string): Promise<Example> {
    const { page } = app;
    const isHydrated = page.waitForResponse(/\.wasm$/);
    await app.open(path);
    await isHydrated;
    await page.waitForLoadState('networkidle');
    return new Example(app);
  }

  /** Signs in with the form on the home page. */
  static async signedIn(app: App, path: string): Promise<Example> {
    await app.open('/');
    await app.signIn('ada');
    await expect(app.signOutButton).toBeVisible();
    return Example.open(app, path);
  }

  button(name: string): Locator {
    return this.app.page.getByRole('button', { name, exact: true });
  }

  /** Simulates a return to the tab, because a headless browser never hides one. */
  async comeBack(): Promise<void> {
    await this.app.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange', { bubbles: true })));
  }
}
