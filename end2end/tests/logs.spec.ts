// The most verbose output of the app contains no secrets.

import { application } from '../provider/demo.mjs';
import { App, paths, products } from './pages.ts';
import { cookieSecret } from './support/environment.mjs';
import { expect, test } from './support/fixtures.ts';
import { markHandledForms } from './support/handled-forms.mjs';
import { Stack } from './support/stack.ts';

const JWT = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}/;

test('the app’s output at RUST_LOG=trace contains no secret', async ({ browser }) => {
  const stack = await Stack.start({ RUST_LOG: 'trace' }, Infinity);
  const context = await browser.newContext();
  const secrets = new Map([
    ['client secret', application.appSecret],
    ['cookie secret', cookieSecret],
  ]);
  context.on('response', async (response) => {
    for (const { name, value } of await response.headersArray().catch(() => [])) {
      const cookie = value.split(';')[0]!.replace(/^[^=]*=/, '');
      if (name.toLowerCase() === 'set-cookie' && response.url().startsWith(stack.appUrl) && cookie) {
        secrets.set(`cookie of ${new URL(response.url()).pathname} (${secrets.size})`, cookie);
      }
    }
  });
  try {
    await context.addInitScript(markHandledForms);
    const app = new App(await context.newPage(), stack.appUrl);
    await app.open('/');
    await app.signIn('ada');
    for (const path of paths) {
      await app.open(path);
      await expect(app.accountButton).toBeVisible();
    }
    await app.open('/resources');
    await app.resource(products).button.click();
    await expect(app.resource(products).byAction).toBeVisible();
    await expect(app.api.getByRole('cell', { name: 'Teapot' })).toBeVisible();
    await app.open('/organizations');
    await app.organization('Acme Inc.').button.click();
    await expect(app.organization('Acme Inc.').byAction).toBeVisible();
    await app.signOut();
    await app.open('/callback?code=a-code-that-is-none&state=a-state-that-is-none');
    secrets.set('code', 'a-code-that-is-none').set('state', 'a-state-that-is-none');
    for (const { name, value } of await stack.provider.secrets()) {
      secrets.set(`${name} (${secrets.size})`, value);
    }
  } finally {
    await context.close();
    await stack.stop();
  }

  const kinds = new Set([...secrets.keys()].map((name) => name.replace(/ (of .*)?\(\d+\)/, '')));
  for (const kind of [
    'code',
    'state',
    'nonce',
    'code_verifier',
    'refresh_token',
    'access_token',
    'id_token',
    'authorization',
    'cookie',
  ]) {
    expect([...kinds]).toContain(kind);
  }
  const output = stack.app.output();
  expect(output).toContain('TRACE');
  expect(output).toContain('/callback');
  const told = output.split('\n').filter((line) => JWT.test(line));
  for (const [name, secret] of secrets) {
    told.push(
      ...output
        .split('\n')
        .filter((line) => line.includes(secret))
        .map((line) => `${name}: ${line}`),
    );
  }
  expect(told).toEqual([]);
});
