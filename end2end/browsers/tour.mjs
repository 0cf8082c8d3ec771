// The tour of the quick start in a browser: with JavaScript and without, with the app on the host of
// the provider and on another site.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { App, products, sessionCookie, transactionCookie, userMenu } from './pages.mjs';
import { OtherSite } from './site/other-site.mjs';
import { Site } from './site/site.mjs';

/** Of one test, in milliseconds, for a browser that hangs. */
const timeout = 90_000;
const attempts = 3;

/**
 * Browsers ask for this icon on a page that names none, and report that the strict policy of such
 * pages forbids it.
 */
const icon = /img-src.*\/favicon\.ico/;

/** The app's host. The provider is on 127.0.0.1 and another port. */
const places = [
  { place: 'the host of the provider', host: '127.0.0.1' },
  { place: 'another site', host: 'localhost' },
];

/** Defines the tests for a browser. */
export function tour(Browser) {
  for (const javaScript of [true, false]) {
    describe(`${Browser.title} ${javaScript ? 'with' : 'without'} JavaScript`, () => {
      let browser;
      before(async () => (browser = await Browser.launch({ javaScript })));
      after(() => browser?.close());
      for (const place of places) {
        describe(`the app on ${place.place}`, () => visits({ javaScript, place, Browser, newTab: () => browser.newTab() }));
      }
    });
  }
}

function visits({ javaScript, place, Browser, newTab }) {
  const fromProvider = place.host === 'localhost' ? 'cross-site' : Browser.siteOfAnotherPort;
  let site, tab, app;
  before(async () => (site = await Site.start(place.host)));
  after(() => site?.stop());

  /** Defines a test. It starts again, at most twice, if the browser itself crashes. */
  function visit(name, run) {
    test(name, { timeout }, async (t) => {
      for (let attempt = 1; ; attempt += 1) {
        await site.reset();
        tab = await newTab();
        app = new App(tab, site, { javaScript });
        try {
          await run(t);
          const problems = [...tab.problems(), ...site.observer.problems].filter((problem) => !icon.test(problem));
          assert.deepEqual(problems, [], 'errors and policy violations of the pages');
          return;
        } catch (error) {
          if (!tab.hasCrashed() || attempt === attempts) {
            throw error;
          }
          console.log(`${name}: the browser crashed, so the test starts again`);
        } finally {
          await tab.close();
        }
      }
    });
  }

  visit('a protected page opens the sign-in, which returns to it', async () => {
    await app.open('/protect/member?from=mail');
    await app.signInAtProvider('ada');
    await tab.shows('A page for signed-in users', 'main', 'h1');
    await tab.shows('ada0demouser', 'main');
    await app.isAt('/protect/member?from=mail');

    const [callback, ...further] = site.observer.requests('/callback');
    assert.deepEqual(further, []);
    assert.equal(callback.site, fromProvider);
    assert.ok(callback.cookies.some((name) => transactionCookie.test(name)), 'the transaction cookie was sent');
    assert.deepEqual(await app.cookies(transactionCookie), []);
    const [session, ...others] = await app.cookies(sessionCookie);
    assert.deepEqual(others, []);
    assert.equal(session.httpOnly, true);
    assert.equal(session.sameSite, 'Lax');
  });

  visit('a cancelled sign-in ends on a page with the reason', async () => {
    await app.open('/');
    await app.startSignIn();
    await tab.click(['button', 'Cancel']);
    await tab.shows('access_denied', 'main');
    assert.equal(site.observer.requests('/callback')[0].site, fromProvider);
    assert.deepEqual(await app.cookies(/logto_/), []);
  });

  visit('each page shows the data of the user', async () => {
    await app.open('/');
    await app.signIn('ada');
    await app.isAt('/');
    await tab.shows('ada0demouser', 'main', 'table');
    for (const [path, text, ...where] of [
      ['/profile', 'ada@example.com'],
      ['/resources', 'write:products', ['region', products], 'article'],
      ['/organizations', 'urn:logto:organization:acme', ['region', 'Acme Inc.'], 'article'],
      ['/streaming', products, 'article'],
      ['/sessions', products, ['region', 'Access tokens kept']],
    ]) {
      await app.open(path);
      await tab.shows(text, 'main', ...where);
    }
  });

  visit('a button gets a token: in place with JavaScript, with a page load without', async () => {
    await app.open('/organizations');
    await app.signIn('ada');
    for (const [path, name, button] of [
      ['/organizations', 'Acme Inc.', 'Get organization token'],
      ['/resources', products, 'Get access token'],
    ]) {
      await app.open(path);
      const part = ['main', ['region', name]];
      await tab.shows(button, ...part, app.form);
      const loads = site.observer.navigations.length;
      await tab.click(...part, app.form, ['button', button]);
      if (javaScript) {
        await tab.shows('audience', ...part, '.outcome article');
        assert.equal(site.observer.navigations.length, loads);
      } else {
        await tab.until('a page load', async () => site.observer.navigations.length === loads + 2);
        await tab.shows('audience', ...part, 'article');
        assert.equal(new URL(await tab.address()).pathname, path);
      }
    }
  });

  visit('a form calls the API with the token of the user', async () => {
    await app.open('/resources');
    await app.signIn('ada');
    await tab.shows('Teapot', 'main', 'table');
    await tab.fill('Sugar bowl', 'main', ['textbox', 'Name of a new product']);
    await tab.click('main', ['button', 'Call POST /api/products']);
    await tab.shows('Sugar bowl', 'main', 'table');
    assert.equal(new URL(await tab.address()).pathname, '/resources');
  });

  visit('a form of another site cannot sign the user out', async (t) => {
    const other = await OtherSite.start(`${site.url}/sign-out`);
    t.after(() => other.stop());
    await app.open('/');
    await app.signIn('ada');
    await tab.open(other.url);
    await tab.click('main', ['button', 'Post']);
    await tab.isAt(`${site.url}/sign-out`);
    assert.deepEqual(
      site.observer.requests('/sign-out').map((request) => [request.method, request.site]),
      [['POST', 'cross-site']],
    );
    await app.open('/');
    await tab.finds(...userMenu);
  });

  visit('a sign-out ends the session here and at the provider', async () => {
    await app.open('/profile');
    await app.signIn('ada');
    await app.signOut();
    await app.isAt('/');
    assert.deepEqual(await app.cookies(sessionCookie), []);
    const revoked = (await site.providerLog()).filter(({ path }) => path === '/oidc/token/revocation');
    assert.deepEqual(revoked.map(({ status }) => status), [200]);

    if (javaScript && tab.canGoBack) {
      await tab.back();
      await app.isSignedOut();
      await tab.hides(...userMenu);
    }
    await app.open('/');
    await app.startSignIn();
    await tab.finds(['textbox', 'Password']);
  });
}
