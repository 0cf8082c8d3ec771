import { execFileSync } from 'node:child_process';
import { defineConfig, type ReporterDescription } from '@playwright/test';

/** The Chromium of the system; Playwright's own if there is none. */
function chromium(): string | undefined {
  if (process.env.CHROMIUM_PATH) {
    return process.env.CHROMIUM_PATH;
  }
  for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
    try {
      return execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // Not installed: try the next name.
    }
  }
  return undefined;
}

const isRoot = process.getuid?.() === 0;

const reporters: ReporterDescription[] = [['list']];
if (process.env.CI) {
  reporters.push(['html', { open: 'never' }]);
}
// script/test counts the tests in this report.
if (process.env.PLAYWRIGHT_JUNIT_OUTPUT_FILE) {
  reporters.push(['junit']);
}

export default defineConfig({
  testDir: 'tests',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: reporters,
  timeout: 30_000,
  expect: { timeout: 10_000 },
  use: {
    headless: true,
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    // Chromium refuses to run as root in its sandbox.
    launchOptions: { executablePath: chromium(), args: isRoot ? ['--no-sandbox'] : [] },
  },
});
