// Migration from Logto's Next.js SDK: its signed-in users stay signed in, and no other cookie is
// accepted.

import { App, fact, orders, products, sessionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import { cookieSecret, isReadBySdk, NextJsApp } from './support/next-js.ts';

test.use({ appSettings: { LOGTO_NEXT_JS_COOKIE_SECRET: cookieSecret } });

/** The first byte of this app's session cookies. */
const formatVersion = 1;

test('the user, claims and access tokens are imported, and the cookie is rewritten', async ({
  app,
  context,
  page,
  provider,
  request,
  stack,
}) => {
  const before = await NextJsApp.signIn(stack, request, 'ada');
  await before.getAccessToken(products);
  await before.getAccessToken(orders);
  await before.moveInto(context);
  const asked = (await provider.refreshes()).length;

  await app.open('/');
  await expect(app.claim('sub')).toHaveText('ada0demouser');
  await expect(app.claim('email')).toHaveText('ada@example.com');
  const written = (await context.cookies(page.url())).filter(({ name }) => sessionCookie.test(name));
  expect(written).toHaveLength(1);
  expect(written[0]).toMatchObject({ name: 'logto_quick-start', httpOnly: true, sameSite: 'Lax', path: '/' });
  expect(Buffer.from(written[0]!.value, 'base64url')[0]).toBe(formatVersion);
  expect(await isReadBySdk(written[0]!.value)).toBe(false);

  await app.open('/resources');
  for (const resource of [products, orders]) {
    await expect(fact(app.resource(resource).rendered, 'refreshed')).toHaveText('false');
  }
  expect(await provider.refreshes()).toHaveLength(asked);

  await app.open('/organizations');
  await expect(fact(app.organization('Acme Inc.').rendered, 'refreshed')).toHaveText('true');
  await app.signOut();
});

test('an expired ID token is refreshed', async ({ app, context, provider, request, stack }) => {
  await provider.set({ id_token_ttl: 1, access_token_ttl: 1 });
  const before = await NextJsApp.signIn(stack, request, 'ada');
  await before.moveInto(context);
  const { idToken } = await before.session();
  const { exp } = JSON.parse(Buffer.from(idToken!.split('.')[1]!, 'base64url').toString()) as { exp: number };
  await expect.poll(() => Date.now() / 1000).toBeGreaterThan(exp);

  await provider.set({ id_token_ttl: 3600, access_token_ttl: 3600 });
  await app.open('/');
  await expect(app.sessionState).toContainText('Active');
  await expect(app.claim('sub')).toHaveText('ada0demouser');
  expect(await provider.refreshes()).toHaveLength(1);
});

test('two tabs that send the cookie at the same time share one session, also with rotation on every use', async ({
  app,
  context,
  provider,
  request,
  stack,
}) => {
  await provider.set({ rotate: 'always', access_token_ttl: 1 });
  const before = await NextJsApp.signIn(stack, request, 'ada');
  await before.getAccessToken(products);
  await before.moveInto(context);
  await provider.set({ access_token_ttl: 3600 });
  const asked = (await provider.refreshes()).length;

  // The responses are delayed, so that both requests are in flight with the SDK's cookie.
  await provider.set({ faults: { token: { delay_ms: 200 } } });
  const tabs = [app, await App.inNewTab(app)];
  await Promise.all(tabs.map((tab) => tab.open('/resources')));
  for (const tab of tabs) {
    await expect(tab.resource(products).rendered).toBeVisible();
    await expect(tab.resource(orders).rendered).toBeVisible();
  }
  // For userinfo and the two resources.
  expect((await provider.refreshes()).slice(asked)).toHaveLength(3);

  // An earlier refresh token would end the grant now.
  await provider.advance(5);
  await Promise.all(tabs.map((tab) => tab.open('/organizations')));
  for (const tab of tabs) {
    await expect(tab.organization('Acme Inc.').rendered).toBeVisible();
  }
  expect((await provider.refreshes()).filter(({ status }) => status !== 200)).toEqual([]);
});

type Changed = Parameters<NextJsApp['moveInto']>[1];
const rejected: Record<string, (app: NextJsApp) => Promise<Changed>> = {
  'whose ID token has a bad signature': async (app) =>
    changedIdToken(app, ([header, payload, signature]) => {
      const bytes = Buffer.from(signature, 'base64url');
      bytes[0]! ^= 1;
      return [header, payload, bytes.toString('base64url')];
    }),
  'whose ID token names another user': async (app) =>
    changedIdToken(app, ([header, payload, signature]) => {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      return [header, Buffer.from(JSON.stringify({ ...claims, sub: 'bob0demouser' })).toString('base64url'), signature];
    }),
  'without an ID token': async (app) => {
    const { idToken: _, ...session } = await app.session();
    return { session };
  },
  'that was sealed with another secret': async () => ({ secret: 'of-another-app-0123456789abcdefgh' }),
};

for (const [what, change] of Object.entries(rejected)) {
  test(`rejects a cookie ${what}: signed out, no error, and the cookie is deleted`, async ({
    app,
    context,
    page,
    request,
    stack,
  }) => {
    const before = await NextJsApp.signIn(stack, request, 'ada');
    await before.moveInto(context, await change(before));
    const response = await page.goto(app.url);
    expect(response!.status()).toBe(200);
    await expect(app.sessionState).toContainText('Signed out');
    await expect(app.signInButton).toBeVisible();
    expect((await context.cookies(page.url())).filter(({ name }) => sessionCookie.test(name))).toEqual([]);
  });
}

type Parts = [header: string, payload: string, signature: string];

async function changedIdToken(app: NextJsApp, change: (parts: Parts) => Parts): Promise<Changed> {
  const session = await app.session();
  return { session: { ...session, idToken: change(session.idToken!.split('.') as Parts).join('.') } };
}
