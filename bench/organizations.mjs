// Measures the signed-in home page for users in many organizations, in alternating rounds with one
// instance per user. Prints a Markdown table.

import { randomBytes } from 'node:crypto';
import { organizations, users } from '../end2end/provider/demo.mjs';
import { startProvider } from '../end2end/provider/provider.mjs';
import { load, signedInPage } from './lib/load.mjs';
import { freePort, stopAll } from './lib/process.mjs';
import { USERNAME } from './lib/sign-in.mjs';
import { median } from './lib/statistics.mjs';
import { Variant } from './lib/variants.mjs';

const COUNTS = [1, 100, 150];
const rounds = Number(process.env.BENCH_ROUNDS || 10);
const seconds = Number(process.env.BENCH_SECONDS || 1);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stopAll().then(() => process.exit(130)));
}
const apps = [];
for (const count of COUNTS) {
  apps.push({ count, variant: new Variant('ours', await freePort()), rates: [] });
}
// Nothing expires during the measurement.
const environment = { PROVIDER_ID_TOKEN_TTL: '86400', PROVIDER_ACCESS_TOKEN_TTL: '86400' };
const provider = await startProvider({
  port: 0,
  appUrl: apps.map(({ variant }) => variant.home).join(' '),
  environment,
});
try {
  for (const { count, variant } of apps) {
    become(count);
    await variant.start(provider.baseUrl).firstAnswer(`${variant.home}/`);
    await variant.signIn(provider.baseUrl);
    await load(variant.target, seconds);
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { variant, rates } of round % 2 === 0 ? apps : [...apps].reverse()) {
      rates.push((await load(variant.target, seconds)).rps);
    }
  }
  console.log('| organizations | cookies | page | requests/s |\n|---:|---:|---:|---:|');
  for (const { count, variant, rates } of apps) {
    const page = await signedInPage(variant.target);
    console.log(
      `| ${count} | ${variant.headers.cookie.length} bytes | ${page.length} bytes | ${Math.round(median(rates))} |`,
    );
  }
} finally {
  await stopAll();
  await provider.close();
}

/** Puts the user into `count` organizations, whose ids are as long and as random as Logto's. */
function become(count) {
  const ids = Array.from({ length: count }, () => randomBytes(6).toString('hex'));
  users[USERNAME].organizations = Object.fromEntries(ids.map((id) => [id, ['member']]));
  Object.assign(
    organizations,
    Object.fromEntries(ids.map((id) => [id, { name: `Organization ${id}`, description: null }])),
  );
}
