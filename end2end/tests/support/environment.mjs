// The binaries of the apps, and their environment variables in a test.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { application, managementApp, resources } from '../../provider/demo.mjs';

export const root = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * The binary of the quick start, or of another package beside it.
 *
 * @param {string} [otherApp]
 */
export function binaryOf(otherApp) {
  const quickStart = path.resolve(root, process.env.E2E_APP_BIN ?? 'target/debug/quick-start');
  const binary = otherApp ? path.join(path.dirname(quickStart), otherApp) : quickStart;
  if (!existsSync(binary)) {
    throw new Error(
      `${binary} does not exist: run cargo leptos build --project ${path.basename(binary)}, or set E2E_APP_BIN`,
    );
  }
  return binary;
}

/**
 * The environment without the developer's settings for the app or the provider.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function withoutSettings() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(LOGTO|LEPTOS|PROVIDER)_/.test(name)));
}

export const cookieSecret = 'only-for-browser-tests-0123456789abcdef';

/**
 * The variables of an app at this address.
 *
 * @param {string} appUrl
 * @param {string} providerUrl
 * @returns {NodeJS.ProcessEnv}
 */
export function appEnvironment(appUrl, providerUrl) {
  return {
    LOGTO_ENDPOINT: providerUrl,
    LOGTO_APP_ID: application.appId,
    LOGTO_APP_SECRET: application.appSecret,
    LOGTO_MANAGEMENT_APP_ID: managementApp.id,
    LOGTO_MANAGEMENT_APP_SECRET: managementApp.secret,
    LOGTO_COOKIE_SECRET: cookieSecret,
    LOGTO_BASE_URL: appUrl,
    LOGTO_RESOURCES: Object.keys(resources).join(' '),
    LEPTOS_SITE_ADDR: new URL(appUrl).host,
    LEPTOS_SITE_ROOT: 'target/site',
    LEPTOS_SITE_PKG_DIR: 'pkg',
    LEPTOS_OUTPUT_NAME: 'quick-start',
    LEPTOS_HASH_FILES: 'true',
    LEPTOS_ENV: 'PROD',
  };
}
