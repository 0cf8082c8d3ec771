// Silent sign-in of a user whom the provider refuses: the user is suspended, may not use the app, or
// has no grant for it.

import type { BrowserContext } from '@playwright/test';
import { App } from './pages.ts';
import { revokeElsewhere } from './support/elsewhere.ts';
import { expect } from './support/fixtures.ts';
import { signInAtProviderAlone, silentErrors, SilentRequests, test } from './support/silent.ts';

test.use({ appSettings: { LOGTO_SILENT_SIGN_IN: 'true' } });

/** Every page opens signed out, and only the first one asks the provider, which answers with this error. */
async function expectSignedOutPages(
  app: App,
  context: BrowserContext,
  asked: SilentRequests,
  error: string,
): Promise<void> {
  const before = asked.count;
  const errors = silentErrors(context);
  for (const path of ['/profile?from=mail', '/', '/resources']) {
    await app.open(path);
    await expect(app.signInButton).toBeVisible();
    await expect(app.sessionState).toContainText('Signed out');
    expect(app.path).toBe(path);
  }
  expect(asked.count).toBe(before + 1);
  expect(errors).toEqual([error]);
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a user without access sees every page signed out, and the provider is asked once', async ({
      app,
      context,
      provider,
      asked,
    }) => {
      await signInAtProviderAlone(app, context);
      await provider.set({ denied: ['ada'] });
      await expectSignedOutPages(app, context, asked, 'access_denied');
    });

    test('a suspended user sees every page signed out, and the provider is asked once', async ({
      app,
      context,
      provider,
      asked,
    }) => {
      await signInAtProviderAlone(app, context);
      await provider.set({ suspended: ['ada'] });
      await expectSignedOutPages(app, context, asked, 'login_required');
    });

    test('a user whose grant was revoked sees every page signed out until the next sign-in', async ({
      app,
      context,
      provider,
      asked,
    }) => {
      await signInAtProviderAlone(app, context);
      await revokeElsewhere(provider);
      await expectSignedOutPages(app, context, asked, 'consent_required');
      await app.signInButton.click();
      await expect(app.accountButton).toBeVisible();
    });
  });
}

test('the user who asks for the sign-in learns that there is no access', async ({ app, context, provider, watch }) => {
  watch.allow(/Failed to load resource.*\/auth-error/);
  await signInAtProviderAlone(app, context);
  await provider.set({ denied: ['ada'] });
  await app.open('/profile');
  await app.signInButton.click();
  await expect(app.errorCode).toHaveText('access_denied');
  await provider.set({ denied: [] });
  await app.signInAgain.click();
  await expect(app.accountButton).toBeVisible();
  expect(app.path).toBe('/profile');
});

test('a browser whose grant the next sign-in elsewhere has ended stays signed out', async ({
  app,
  asked,
  browser,
  context,
  provider,
}) => {
  await provider.set({ max_allowed_grants: 1 });
  await signInAtProviderAlone(app, context);
  const elsewhere = new App(await (await browser.newContext()).newPage(), app.url);
  await elsewhere.open('/');
  await elsewhere.signIn('ada');
  const before = asked.count;
  const callback = context.waitForEvent('request', (request) => new URL(request.url()).pathname === '/callback');
  await app.open('/profile');
  expect(new URL((await callback).url()).searchParams.get('error')).toBe('login_required');
  await expect(app.signInButton).toBeVisible();
  await app.open('/');
  await expect(app.signInButton).toBeVisible();
  expect(asked.count).toBe(before + 1);
  await elsewhere.page.context().close();
});
