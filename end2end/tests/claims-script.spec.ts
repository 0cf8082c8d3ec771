// The tenant's script for custom claims refuses tokens. Only the refused token is unavailable, and the
// session goes on.

import { orders, products, type App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import type { Provider } from './support/stack.ts';

const text = 'This user is blocked in the billing system.';

const statuses = async (provider: Provider, resource?: string) =>
  (await provider.refreshes()).filter((request) => request.resource === resource).map(({ status }) => status);

async function signedInWithExpiredTokens(app: App, provider: Provider, rotate = 'default'): Promise<void> {
  await provider.set({ access_token_ttl: 1, rotate });
  await app.open('/resources');
  await app.signIn('ada');
  await expect(app.resource(products).rendered).toBeVisible();
  await provider.set({ access_token_ttl: 3600 });
}

for (const { does, script, message, code } of [
  {
    does: 'denies',
    script: { denies: text },
    message: 'Your account does not have permission for this.',
    code: 'access_denied',
  },
  {
    does: 'fails for',
    script: { fails: text },
    message: 'Something went wrong. Please try again later.',
    code: 'invalid_request',
  },
]) {
  test(`a script that ${does} the token for one resource costs that token only`, async ({ app, provider, watch }) => {
    watch.allow(/Failed to load resource.*\/fn\/access-token/);
    await signedInWithExpiredTokens(app, provider, 'always');
    await provider.set({ claims_script: { ...script, audiences: [products] } });
    await app.open('/resources');
    const refused = app.resource(products);
    await expect(refused.section).toContainText(message);
    await expect(refused.section).toContainText(code);
    await expect(refused.rendered).toHaveCount(0);
    await expect(app.resource(orders).rendered).toBeVisible();
    await expect(app.sessionState).toContainText('Active');
    // Text of a script is not for the page.
    await expect(app.main).not.toContainText(text);
    await refused.button.click();
    await expect(refused.outcome).toContainText(message);
    expect((await statuses(provider, products)).at(-1)).toBe(400);

    // The refresh token rotated before the refusal, and the session has the next one. The old one is
    // of no use after three seconds.
    await provider.advance(4);
    await provider.set({ claims_script: null });
    await expect(async () => {
      await refused.button.click();
      await expect(refused.byAction).toBeVisible({ timeout: 500 });
    }).toPass();
    await expect(app.sessionState).toContainText('Active');
    expect((await statuses(provider)).filter((status) => status !== 200)).toEqual([]);
  });
}

test('a script that denies every token denies the app, until it allows them again', async ({ app, provider }) => {
  await signedInWithExpiredTokens(app, provider);
  await provider.set({ claims_script: { denies: text } });
  await app.open('/resources');
  await expect(app.main).toContainText('You may no longer use this app');
  await expect(app.sessionState).toContainText('No access');
  await provider.set({ claims_script: null });
  await expect(async () => {
    await app.open('/resources');
    await expect(app.resource(products).rendered).toBeVisible({ timeout: 500 });
    await expect(app.sessionState).toContainText('Active', { timeout: 500 });
  }).toPass();
});

test('a script that fails for every token leaves the user signed in', async ({ app, provider }) => {
  await signedInWithExpiredTokens(app, provider);
  await provider.set({ claims_script: { fails: text } });
  await app.open('/resources');
  await expect(app.resource(products).section).toContainText('invalid_request');
  await expect(app.accountButton).toBeVisible();
  await expect(app.sessionState).toContainText('Active');
  await app.open('/profile');
  await expect(app.main).toContainText('This site is not set up correctly');
  await expect(app.accountButton).toBeVisible();
});

for (const { does, script, title, code } of [
  { does: 'denies', script: { denies: text }, title: 'You did not sign in', code: 'access_denied' },
  { does: 'fails for', script: { fails: text }, title: 'This site is not set up correctly', code: 'invalid_request' },
]) {
  test(`a script that ${does} every token ends a sign-in on the error page`, async ({ app, provider, watch }) => {
    watch.allow(/Failed to load resource.*\/auth-error/);
    await provider.set({ claims_script: script });
    await app.open('/profile');
    await app.signInButton.click();
    await app.provider.signIn('ada');
    await expect(app.heading).toHaveText(title);
    await expect(app.errorCode).toHaveText(code);
    await expect(app.main).not.toContainText(text);
    await provider.set({ claims_script: null });
    await app.signInAgain.click();
    await expect(app.accountButton).toBeVisible();
    expect(app.path).toBe('/profile');
  });
}
