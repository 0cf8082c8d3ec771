import { execFileSync } from 'node:child_process';
import { defineConfig } from '@playwright/test';

/** The Chromium of the system where there is one; Playwright's own otherwise. */
function chromium(): string | undefined {
  if (process.env.CHROMIUM_PATH) {
    return process.env.CHROMIUM_PATH;
  }
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // The next one.
    }
  }
  return undefined;
}

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: process.env.CI ? [['list'], ['html', { open: 'never' }]] : 'list',
  timeout: 30_000,
  expect: { timeout: 10_000 },
  use: {
    headless: true,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    // Chromium's sandbox refuses to run as root.
    launchOptions: { executablePath: chromium(), args: isRoot ? ['--no-sandbox'] : [] },
  },
});
