// A browser that starts with the cookies of a program, without a sign-in.

import { execFileSync } from 'node:child_process';
import { App } from './pages.ts';
import { appEnvironment, binaryOf, withoutSettings } from './support/environment.mjs';
import { expect, test } from './support/fixtures.ts';

test('a browser with the file of the example storage_state is signed in', async ({ browser, stack }, testInfo) => {
  const file = testInfo.outputPath('ada.json');
  const env = { ...withoutSettings(), ...appEnvironment(stack.appUrl, stack.provider.url) };
  execFileSync(binaryOf('examples/storage_state'), [file, 'ada'], { env });
  const context = await browser.newContext({ storageState: file });
  const app = new App(await context.newPage(), stack.appUrl);
  await app.open('/sessions');
  await expect(app.accountButton).toBeVisible();
  await context.close();
});
