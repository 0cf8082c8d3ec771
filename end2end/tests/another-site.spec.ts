// The app on another site than the provider, so that the callback is a cross-site request. The tour
// in browsers/ does the same in other browsers.

import { App, sessionCookie, transactionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';

test.use({ appSettings: { LOGTO_BASE_URL: 'http://localhost:{port}' } });

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test(`a cross-site callback signs the user in ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
      context,
      page,
      stack,
      watch,
    }) => {
      watch.allow(/request to another host: localhost:/);
      const app = new App(page, stack.appUrl.replace('127.0.0.1', 'localhost'), javaScriptEnabled);
      await app.open('/protect/member?from=mail');
      const called = page.waitForRequest((request) => request.url().startsWith(`${app.url}/callback?`));
      await app.provider.signIn('ada');
      const headers = await (await called).allHeaders();
      expect(headers['sec-fetch-site']).toBe('cross-site');
      expect(headers['cookie']).toContain('logto_tx_');
      await expect(app.main.getByText('ada0demouser')).toBeVisible();
      expect(app.path).toBe('/protect/member?from=mail');
      expect((await context.cookies(app.url)).filter(({ name }) => transactionCookie.test(name))).toEqual([]);

      await app.signOut({ javaScript: javaScriptEnabled });
      expect((await context.cookies(app.url)).filter(({ name }) => sessionCookie.test(name))).toEqual([]);
    });
  });
}
