// Without the setting, a session cookie of Logto's Next.js SDK cannot be read.

import { sessionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import { NextJsApp } from './support/next-js.ts';

test('a cookie of the Next.js SDK is ignored unless the setting is on', async ({
  app,
  context,
  page,
  request,
  stack,
}) => {
  const before = await NextJsApp.signIn(stack, request, 'ada');
  await before.moveInto(context);
  const response = await page.goto(app.url);
  expect(response!.status()).toBe(200);
  await expect(app.sessionState).toContainText('Signed out');
  expect((await context.cookies(page.url())).filter(({ name }) => sessionCookie.test(name))).toEqual([]);

  await app.signIn('ada');
  await expect(app.claim('sub')).toHaveText('ada0demouser');
});
