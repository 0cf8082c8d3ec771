// Visits every page of the app equally often, signed in and signed out, and those of the variants
// in the benchmark, and signs users in, while instrumented builds record their profile.
// script/release has built them and started Redis.

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DOCUMENT, request } from './lib/http.mjs';
import { freePort, stopAll } from './lib/process.mjs';
import { measureUsers } from './lib/users.mjs';
import { startProvider, titles, Variant } from './lib/variants.mjs';

// The pages of the app, as in `end2end/tests/pages.ts`.
const PATHS = [
  '/',
  '/set-up',
  '/signing-in',
  '/protect',
  '/profile',
  '/resources',
  '/organizations',
  '/sessions',
  '/streaming',
  '/logto-away',
];
const VISITS = 400;
const AT_ONCE = 8;
const BYTES = 7_000;

const scratch = mkdtempSync(path.join(os.tmpdir(), 'use-'));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stopAll().then(() => process.exit(130)));
}
try {
  const variants = [];
  for (const name of Object.keys(titles).filter((name) => name !== 'peer')) {
    const variant = new Variant(name, await freePort());
    variant.answerWith(BYTES, scratch);
    variants.push(variant);
  }
  const provider = await startProvider(variants.map(({ home }) => home));
  for (const variant of variants) {
    console.log(`    ${variant.name}`);
    await use(variant, provider.url);
  }
  console.log('    sign-ins and refreshes');
  await measureUsers(['ours'], { rounds: 1, seconds: 2, sessions: 64, streams: 10 });
} finally {
  await stopAll();
  rmSync(scratch, { recursive: true });
}

async function use(variant, providerUrl) {
  const server = variant.start(providerUrl);
  await server.firstAnswer(`${variant.home}/`);
  await variant.signIn(providerUrl);
  for (const path of variant.name === 'ceiling' ? ['/'] : PATHS) {
    await visit(variant.home + path, variant.headers);
    await visit(variant.home + path, DOCUMENT);
  }
  // A program writes its profile when it ends.
  await server.stop();
}

async function visit(url, headers) {
  for (let visits = 0; visits < VISITS; visits += AT_ONCE) {
    const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => request(url, { headers })));
    const failed = answers.find(({ status }) => status >= 400);
    if (failed) {
      throw new Error(`${url} responds with ${failed.status}`);
    }
  }
}
