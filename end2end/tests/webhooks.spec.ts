// Webhooks: Logto reports that a user was suspended or deleted, and the session here ends before any
// token expires. A forged report ends nothing.

import type { Browser } from '@playwright/test';
import { Receiver } from '../provider/management/receiver.mjs';
import { users } from '../provider/demo.mjs';
import { App, type Username } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import { Management } from './support/management.ts';
import type { Provider } from './support/stack.ts';

const signingKey = 'only-for-browser-tests-of-webhooks';

test.use({
  appSettings: { LOGTO_WEBHOOK_SIGNING_KEY: signingKey },
  providerSettings: {
    PROVIDER_WEBHOOK_URL: 'http://127.0.0.1:{port}/webhook',
    PROVIDER_WEBHOOK_SIGNING_KEY: signingKey,
  },
});

/** A webhook, as the Management API shows it. */
interface Hook {
  id: string;
}

const suspension = 'User.SuspensionStatus.Updated';

const suspend = (management: Management, username: Username, isSuspended = true) =>
  management.call('PATCH', `/users/${users[username].id}/is-suspended`, { isSuspended });

/** Waits for the responses of the app to these deliveries, of which all but the last have arrived. */
async function expectDeliveries(provider: Provider, expected: { event: string; status: number }[]): Promise<void> {
  await expect.poll(async () => (await provider.deliveries()).length).toBe(expected.length);
  expect(await provider.deliveries()).toEqual(expected.map((entry) => expect.objectContaining(entry)));
}

/** The next page of a user whose session is valid. */
async function expectSignedIn(app: App, username: Username): Promise<void> {
  await app.open('/');
  await expect(app.claim('sub')).toHaveText(users[username].id);
}

async function inOtherBrowser(browser: Browser, app: App, username: Username): Promise<App> {
  const other = new App(await (await browser.newContext()).newPage(), app.url);
  await other.open('/');
  await other.signIn(username);
  return other;
}

for (const [state, event, change] of [
  ['suspended', suspension, (management: Management) => suspend(management, 'ada')],
  ['deleted', 'User.Deleted', (management: Management) => management.call('DELETE', `/users/${users.ada.id}`)],
] as const) {
  test(`the next page of a user who was ${state} asks for a sign-in, others stay signed in`, async ({
    app,
    browser,
    provider,
    watch,
  }) => {
    watch.allow(/Failed to load resource.*\/sign-in\//);
    await app.open('/profile');
    await app.signIn('ada');
    const other = await inOtherBrowser(browser, app, 'bob');
    const before = (await provider.refreshes()).length;

    await change(await Management.at(provider.url));
    await expectDeliveries(provider, [{ event, status: 204 }]);
    await app.open('/profile');
    await expect(app.sessionState).toContainText('Signed out');
    await expect(app.signInInPage).toBeVisible();
    await expect(app.main.getByText('ada@example.com')).toHaveCount(0);
    // All tokens are still valid for an hour: only the webhook has ended the session.
    expect(await provider.refreshes()).toHaveLength(before);
    await expectSignedIn(other, 'bob');

    await app.signInInPage.click();
    await app.provider.signIn('ada');
    await expect(app.page.getByRole('alert')).toBeVisible();
    await other.page.context().close();
  });
}

test('a delivery signed with another key ends nothing', async ({ app, provider }) => {
  const management = await Management.at(provider.url);
  const [own] = await management.call<Hook[]>('GET', '/hooks');
  await management.call('PATCH', `/hooks/${own!.id}`, { enabled: false });
  // A webhook of the same tenant for the same address, with a key that the app does not know.
  const config = { url: `${app.url}/webhook` };
  const events = [suspension, 'User.Deleted'];
  await management.call<Hook>('POST', '/hooks', { name: 'Other key', events, config });
  await app.open('/');
  await app.signIn('ada');

  const refused = { event: suspension, status: 401 };
  await suspend(management, 'ada');
  await expectDeliveries(provider, [refused]);
  await management.call('DELETE', `/users/${users.ada.id}`);
  await expectDeliveries(provider, [refused, { event: 'User.Deleted', status: 401 }]);
  await expectSignedIn(app, 'ada');
});

test('a delivery with a changed body ends nothing, and a repeated one ends no new session', async ({
  app,
  browser,
  provider,
  request,
}) => {
  const management = await Management.at(provider.url);
  const [own] = await management.call<Hook[]>('GET', '/hooks');
  const attacker = new Receiver();
  await attacker.listen();
  try {
    // A delivery with a valid signature, which the app has not received.
    await management.call('PATCH', `/hooks/${own!.id}`, { config: { url: attacker.url } });
    await app.open('/');
    await app.signIn('ada');
    const bob = await inOtherBrowser(browser, app, 'bob');
    await suspend(management, 'bob');
    const [stolen] = await attacker.deliveries(1);
    await suspend(management, 'bob', false);
    const signature = stolen.headers['logto-signature-sha-256'];
    const send = (data: string) =>
      request.post(`${app.url}/webhook`, {
        data,
        headers: { 'content-type': 'application/json', 'logto-signature-sha-256': signature },
      });

    const body = stolen.raw.toString('utf8');
    const changed = body.replaceAll(users.bob.id, users.ada.id);
    expect(changed).not.toBe(body);
    const refused = await send(changed);
    expect([refused.status(), (await refused.json()).code]).toEqual([401, 'webhook_signature']);
    await expectSignedIn(app, 'ada');
    await expectSignedIn(bob, 'bob');

    expect((await send(body)).status()).toBe(204);
    await bob.open('/');
    await bob.signIn('bob');
    expect((await send(body)).status()).toBe(204);
    await expectSignedIn(bob, 'bob');
    await expectSignedIn(app, 'ada');
    await bob.page.context().close();
  } finally {
    await attacker.close();
  }
});
