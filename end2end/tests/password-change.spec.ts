// A password that an administrator changes at Logto: sessions and tokens go on.

import { users } from '../provider/demo.mjs';
import { App, products } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import { Management } from './support/management.ts';

test('after a change of the password the session goes on, and the next sign-in needs the new one', async ({
  app,
  browser,
  provider,
}) => {
  await provider.set({ id_token_ttl: 1, access_token_ttl: 1 });
  await app.open('/resources');
  await app.signIn('ada');
  await (await Management.at(provider.url)).call('PATCH', `/users/${users.ada.id}/password`, { password: 'another' });
  const before = (await provider.refreshes()).length;
  await app.open('/resources');
  await expect(app.resource(products).rendered).toBeVisible();
  await expect(app.sessionState).toContainText('Active');
  const after = (await provider.refreshes()).slice(before);
  expect(after.length).toBeGreaterThan(0);
  expect(after.filter(({ status }) => status !== 200)).toEqual([]);

  const other = new App(await (await browser.newContext()).newPage(), app.url);
  await other.open('/');
  await other.signInButton.click();
  await other.provider.signIn('ada');
  await expect(other.page.getByRole('alert')).toHaveText('Wrong username or password.');
  await other.provider.password.fill('another');
  await other.provider.submit.click();
  await expect(other.accountButton).toBeVisible();
  await other.page.context().close();
});
