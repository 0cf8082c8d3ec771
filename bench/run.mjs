// Measures all variants in one run, in alternating rounds, and writes the results. script/bench has
// built everything and started Redis.
//
//   BENCH_ROUNDS    rounds of load (60), with each variant once; short, because the machine's speed
//                   changes
//   BENCH_SECONDS   seconds of load for a variant in a round (1)
//                   Sign-ins and refreshes have a quarter of the rounds, of twice the length.
//   BENCH_ONLY      some variants, separated by spaces: prints their numbers and writes no results

import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { visit } from './lib/browser.mjs';
import { CONNECTIONS, load, signedInPage, THREADS } from './lib/load.mjs';
import { machine, versions } from './lib/machine.mjs';
import { freePort, stopAll } from './lib/process.mjs';
import { writeResults } from './lib/report.mjs';
import { median } from './lib/statistics.mjs';
import { measureUsers } from './lib/users.mjs';
import { startProvider, titles, Variant } from './lib/variants.mjs';

const rounds = Number(process.env.BENCH_ROUNDS || 60);
const seconds = Number(process.env.BENCH_SECONDS || 1);
const only = process.env.BENCH_ONLY?.split(/\s+/).filter(Boolean);
const STARTS = 7;

const say = (text) => console.log(`==> ${text}`);
const note = (text) => console.log(`    ${text}`);

const scratch = mkdtempSync(path.join(os.tmpdir(), 'bench-'));
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stopAll().then(() => process.exit(130)));
}
try {
  await run();
} finally {
  await stopAll();
  rmSync(scratch, { recursive: true });
}

async function run() {
  const variants = [];
  for (const name of only ?? Object.keys(titles)) {
    variants.push(new Variant(name, await freePort()));
  }
  say('Starting all variants, and signing the same user in at each');
  const provider = await startProvider([...variants.map(({ home }) => home), 'http://127.0.0.1:3000']);
  const servers = new Map();
  for (const variant of variants) {
    await begin(variant, provider, variants, servers);
  }
  const rows = new Map(variants.map(({ name }) => [name, []]));

  const visits = new Map();
  if (!only) {
    say('Opening the pages in a browser');
    for (const variant of variants.filter(({ name }) => name !== 'ceiling')) {
      visits.set(variant.name, await visit(variant));
      note(`${variant.name}: ${JSON.stringify(visits.get(variant.name))}`);
    }
  }

  // The provider is stopped from here on: requests that need it would fail.
  await provider.server.stop();

  say('Time from start to first response, without the provider');
  const starts = new Map();
  for (const variant of variants) {
    starts.set(variant.name, await startTime(variant, provider.url));
    note(`${variant.name}: ${starts.get(variant.name).toFixed(1)} ms`);
  }

  say('Sign-ins, refreshes and the streaming page');
  const names = variants.map(({ name }) => name).filter((name) => ['ours', 'peer'].includes(name));
  const users = await measureUsers(names, { rounds: Math.ceil(rounds / 4), seconds: 2 * seconds });
  note(JSON.stringify(users));

  say('Warming up');
  for (const variant of variants) {
    await load(variant.target, Math.max(seconds, 5));
  }
  for (let round = 0; round < rounds; round += 1) {
    say(`Round ${round + 1} of ${rounds}`);
    for (const variant of inTurn(variants, round)) {
      const row = await load(variant.target, seconds);
      rows.get(variant.name).push(row);
      note(
        `${variant.name.padEnd(13)} ${row.rps.toFixed(0).padStart(7)} requests/s` +
          `  p50 ${row.p50_ms} ms  p99 ${row.p99_ms} ms`,
      );
    }
  }

  const results = {
    date: new Date().toISOString(),
    machine: machine(),
    versions: versions(),
    setting: { rounds, seconds, connections: CONNECTIONS, threads: THREADS },
    users,
  };
  for (const { name } of variants) {
    const of = (key) => Number(median(rows.get(name).map((row) => row[key])).toPrecision(5));
    results[name] = {
      rps: of('rps'),
      p50_ms: of('p50_ms'),
      p99_ms: of('p99_ms'),
      rss_mb: Number(servers.get(name).residentMegabytes().toFixed(1)),
      start_ms: Number(starts.get(name).toFixed(1)),
      page_bytes_br: null,
      island_page_bytes_br: null,
      interactive_ms: null,
      ...visits.get(name),
    };
    note(`${name}: ${JSON.stringify(results[name])}`);
  }

  if (!only) {
    writeResults(results);
    say('Written: bench/results/latest.json, latest.md and latest.svg');
  }
}

/**
 * Starts a variant and signs in there. The variant `ceiling` responds with as many bytes as `ours`.
 */
async function begin(variant, provider, variants, servers) {
  if (variant.name === 'ceiling') {
    const other = variants.find(({ name }) => name === 'ours');
    variant.answerWith(other ? (await signedInPage(other.target)).length : 20_000, scratch);
  }
  const server = variant.start(provider.url);
  servers.set(variant.name, server);
  await server.firstAnswer(`${variant.home}/`);
  await variant.signIn(provider.url);
  const page = await signedInPage(variant.target);
  note(`${variant.name}: ${page.length} bytes of HTML, ${variant.headers.cookie?.length ?? 0} of cookie`);
}

/** The median time of several starts. */
async function startTime(variant, providerUrl) {
  const times = [];
  for (let i = 0; i < STARTS; i += 1) {
    const port = await freePort();
    const server = variant.start(providerUrl, port);
    times.push(await server.firstAnswer(`http://127.0.0.1:${port}/`, variant.headers));
    await server.stop();
  }
  return median(times);
}

/** The order of a round: each variant comes first in turn, and follows different variants. */
function inTurn(variants, round) {
  const offset = round % variants.length;
  const order = [...variants.slice(offset), ...variants.slice(0, offset)];
  return round % 2 === 0 ? order : order.reverse();
}
