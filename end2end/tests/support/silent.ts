// Silent sign-ins, as the browser sees them.

import type { BrowserContext } from '@playwright/test';
import type { App } from '../pages.ts';
import { test as base } from './fixtures.ts';

/**
 * Counts the times that a browser goes to the provider without the user's wish. The provider's log
 * also has the requests with which the app checks its registration.
 */
export class SilentRequests {
  count = 0;

  constructor(context: BrowserContext) {
    context.on('request', (request) => {
      const { pathname, searchParams } = new URL(request.url());
      this.count += Number(pathname === '/oidc/auth' && searchParams.get('prompt') === 'none');
    });
  }
}

/** Begins a browser session in which the user is signed in at the provider alone. */
export async function signInAtProviderAlone(app: App, context: BrowserContext): Promise<void> {
  await app.open('/');
  await app.signIn('ada');
  await context.clearCookies({ name: /^logto_/ });
}

/** Lists the errors that silent sign-ins bring back to the app from now on. */
export function silentErrors(context: BrowserContext): (string | null)[] {
  const errors: (string | null)[] = [];
  context.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname === '/callback') {
      errors.push(searchParams.get('error'));
    }
  });
  return errors;
}

/** Tests of an app with silent sign-in. `asked` counts the silent requests of the browser. */
export const test = base.extend<{ asked: SilentRequests }>({
  asked: async ({ context }, use) => use(new SilentRequests(context)),
});
