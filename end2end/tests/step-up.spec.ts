// Pages and an API that demand a second factor or a recent sign-in: the user proves it and comes
// back, or sees why not, and there is no loop.

import type { Page } from '@playwright/test';
import type { App } from './pages.ts';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/fixtures.ts';
import type { LogEntry, Provider } from './support/stack.ts';

const mfa = 'urn:logto:acr:mfa';

/** The sign-ins that the provider was asked for, oldest first. */
async function asked(provider: Provider): Promise<LogEntry[]> {
  return (await provider.log()).filter(({ path }) => path === '/oidc/auth');
}

/** The value beside a name in the list of the authentication. */
const authentication = (app: App, name: string) =>
  app.main.locator('dt', { hasText: new RegExp(`^${name}$`) }).locator('xpath=following-sibling::dd[1]');

async function expectSignedInAs(app: App, id: string): Promise<void> {
  await app.open('/protect/member');
  await expect(app.main.getByText(id)).toBeVisible();
}

test.beforeEach(async ({ provider, watch }) => {
  await provider.set({ step_up: true });
  // The browser reports the error status of the error page.
  watch.allow(/Failed to load resource.*\/auth-error/);
});

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a signed-in user proves the second factor and returns to the same page', async ({ app, page, provider }) => {
      await app.open('/protect');
      await app.signIn('ada');
      await expect(authentication(app, 'acr')).toHaveText('urn:logto:acr:1fa');
      await expect(authentication(app, 'amr')).toHaveText('pwd');
      await app.open('/protect/second-factor?order=7&tab=a%20b');
      await expect(app.provider.password).toHaveCount(0);
      await app.provider.proveSecondFactor();
      expect(app.path).toBe('/protect/second-factor?order=7&tab=a%20b');
      await expect(app.heading).toHaveText('A page that needs a second factor');
      await expect(authentication(app, 'acr')).toHaveText(mfa);
      await expect(authentication(app, 'amr')).toHaveText('pwd otp mfa');
      await expect(authentication(app, 'auth_time')).toHaveText(/^\d{4}-\d\d-\d\dT/);
      const sent = await asked(provider);
      expect(sent.filter(({ acr_values }) => acr_values === mfa)).toHaveLength(1);
      await page.reload();
      await expect(authentication(app, 'acr')).toHaveText(mfa);
      expect(await asked(provider)).toHaveLength(sent.length);
    });

    test('a visitor signs in and proves the second factor', async ({ app }) => {
      await app.open('/protect/second-factor?order=7');
      await app.provider.signIn('ada');
      await app.provider.proveSecondFactor();
      await expect(authentication(app, 'acr')).toHaveText(mfa);
      expect(app.path).toBe('/protect/second-factor?order=7');
    });

    test('a recent sign-in opens the page, and Logto confirms one whose time is unknown', async ({ app, provider }) => {
      await app.open('/protect');
      await app.signIn('bob');
      const before = (await asked(provider)).length;
      await app.open('/protect/recent?order=7');
      await expect(app.heading).toHaveText('A page that needs a recent sign-in');
      await expect(authentication(app, 'amr')).toHaveText('pwd');
      expect(await asked(provider)).toHaveLength(before);

      // Logto 1.42 reports the time only after a sign-in that asked for a recent one.
      await app.signOut({ javaScript: javaScriptEnabled });
      await provider.set({ step_up: false });
      await app.open('/protect');
      await app.signIn('bob');
      await app.open('/protect/recent?order=7');
      await expect(app.heading).toHaveText('A page that needs a recent sign-in');
      expect(app.path).toBe('/protect/recent?order=7');
      expect((await asked(provider)).at(-1)?.max_age).toBe('300');
    });

    test('the demand of an API becomes a button, which leads to the proof and back', async ({ app, provider }) => {
      await app.open('/protect');
      await app.signIn('ada');
      await app.open('/protect/sales?year=1843');
      await expect(app.main.getByText('step_up_needed')).toBeVisible();
      await expect(app.main.getByText('total_cents')).toHaveCount(0);
      await app.main.getByRole('button', { name: 'Confirm it’s you' }).click();
      await app.provider.proveSecondFactor();
      await expect(app.main.getByText('total_cents')).toBeVisible();
      expect(app.path).toBe('/protect/sales?year=1843');
      expect((await asked(provider)).at(-1)?.acr_values).toBe(mfa);
    });

    test('a user without a second factor sees that, and is still signed in', async ({ app, page, provider }) => {
      await app.open('/protect');
      await app.signIn('bob');
      await app.open('/protect/second-factor?order=7');
      await expect(app.errorCode).toHaveText('unmet_authentication_requirements');
      await expect(app.heading).toHaveText('This needs a stronger sign-in');
      await expect(app.main).toContainText('You are still signed in');
      await expect(app.main.getByRole('button', { name: 'Sign in again' })).toHaveCount(0);
      expect(app.path).toContain('return_to=%2Fprotect%2Fsecond-factor%3Forder%3D7');
      const sent = await asked(provider);
      await page.reload();
      expect(await asked(provider), 'the page asks for nothing by itself').toHaveLength(sent.length);
      await app.tryAgain.click();
      await expect(app.errorCode).toHaveText('unmet_authentication_requirements');
      expect(await asked(provider), 'one sign-in for each attempt').toHaveLength(sent.length + 1);
      await app.wayBack.click();
      await expect(app.accountButton).toBeVisible();
      await expectSignedInAs(app, 'bob0demouser');
    });

    test('a server that ignores the demand causes no loop', async ({ app, provider }) => {
      await provider.set({ step_up: false });
      await app.open('/protect');
      await app.signIn('ada');
      await expect(authentication(app, 'acr')).toHaveText('null');
      const before = (await asked(provider)).length;
      await app.open('/protect/second-factor');
      await expect(app.errorCode).toHaveText('authentication_too_weak');
      await expect(app.main).toContainText('You are still signed in');
      expect(await asked(provider)).toHaveLength(before + 1);

      // The API demands what the server cannot give.
      await app.open('/protect/sales');
      await app.main.getByRole('button', { name: 'Confirm it’s you' }).click();
      await expect(app.errorCode).toHaveText('authentication_too_weak');
      expect(await asked(provider)).toHaveLength(before + 2);
      await expectSignedInAs(app, 'ada0demouser');
    });
  });
}

test('a user who cancels the proof comes to an error page and is still signed in', async ({ app }) => {
  await app.open('/protect');
  await app.signIn('ada');
  await app.open('/protect/second-factor');
  await app.provider.cancel.click();
  await expect(app.errorCode).toHaveText('access_denied');
  await expectSignedInAs(app, 'ada0demouser');
});

test('the server functions demand the proof too', async ({ app, page }) => {
  const call = async (name: string) => {
    const headers = { 'sec-fetch-site': 'same-origin' };
    const response = await page.request.post(`${app.url}/fn/${name}`, { form: {}, headers });
    return [response.status(), await response.text()] as const;
  };
  await app.open('/protect');
  await app.signIn('ada');
  for (const name of ['second-factor', 'sales']) {
    const [, body] = await call(name);
    expect(body, name).toContain('step_up_needed');
    expect(body, name).toContain(mfa);
  }
  expect((await call('second-factor'))[0]).toBe(401);
  await app.open('/protect/second-factor');
  await app.provider.proveSecondFactor();
  await expect(authentication(app, 'acr')).toHaveText(mfa);
  for (const name of ['second-factor', 'sales', 'recent']) {
    expect((await call(name))[0], name).toBe(200);
  }
});

test('the API demands a token before it demands a class', async ({ app, page }) => {
  const unauthenticated = await page.request.get(`${app.url}/api/sales`);
  expect(unauthenticated.status()).toBe(401);
  expect(unauthenticated.headers()['www-authenticate']).not.toContain('acr_values');
});

test('the error page follows no address of another site', async ({ app }) => {
  for (const address of ['https://evil.example/', '//evil.example', 'javascript:alert(1)']) {
    const query = new URLSearchParams({ code: 'authentication_too_weak', return_to: address });
    await app.open(`/auth-error?${query}`);
    await expect(app.tryAgain).toHaveAttribute('href', '/');
  }
});

for (const [language, colorScheme] of [
  ['English', 'dark'],
  ['Français', 'light'],
] as const) {
  test.describe(language, () => {
    test.use({ colorScheme });

    test('the pages before and after the proof are accessible', async ({ app, page }) => {
      await app.open('/protect');
      await app.signIn('bob');
      await app.switchLanguage(language);
      await expectStepUpAccessible(app, page);
    });
  });
}

async function expectStepUpAccessible(app: App, page: Page): Promise<void> {
  for (const path of ['/protect', '/protect/sales', '/protect/recent', '/protect/second-factor']) {
    await app.open(path);
    await expect(app.heading).toBeVisible();
    await expectAccessible(page, path);
  }
  expect(app.path).toContain('/auth-error?code=unmet_authentication_requirements');
}
