// The page about outages: it asks the provider, and a transient error leaves the user signed in.

import { expect, test } from './support/fixtures.ts';

for (const javaScriptEnabled of [true, false]) {
  test.describe(`JavaScript is ${javaScriptEnabled ? 'on' : 'off'}`, () => {
    test.use({ javaScriptEnabled });

    test('a failing provider is named with the delay that it asks for, and the user stays signed in', async ({
      app,
      provider,
    }) => {
      await app.open('/logto-away');
      await app.signIn('ada');
      await expect(app.main.getByRole('rowheader', { name: 'id_token' })).toBeVisible();
      await provider.set({ faults: { token: { status: 503, retry_after: 40 } } });
      await app.main.getByRole('button', { name: 'Ask Logto now' }).click();
      await expect(app.main.getByRole('status')).toContainText('retry_after: 40 s');
      await expect(app.accountButton).toBeVisible();
    });
  });
}

test('a provider that answers leaves no error', async ({ app, provider }) => {
  await app.open('/logto-away');
  await app.signIn('ada');
  const before = (await provider.refreshes()).length;
  await app.main.getByRole('button', { name: 'Ask Logto now' }).click();
  await expect(async () => expect((await provider.refreshes()).length).toBeGreaterThan(before)).toPass();
  await expect(app.main.getByRole('status')).toBeEmpty();
});
