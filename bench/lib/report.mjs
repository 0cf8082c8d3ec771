// The results as JSON, as a table and as a chart.

import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chart } from './chart.mjs';
import { root, titles } from './variants.mjs';

const directory = path.join(root, 'bench/results');

export function writeResults(results) {
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'latest.json'), `${JSON.stringify(results, null, 2)}\n`);
  writeFileSync(path.join(directory, 'latest.md'), `${table(results)}\n`);
  writeFileSync(path.join(directory, 'latest.svg'), chart(results));
}

const columns = [
  ['', (_, name) => titles[name]],
  ['requests/s', ({ rps }) => whole(rps)],
  ['p50', ({ p50_ms: ms }) => milliseconds(ms)],
  ['p99', ({ p99_ms: ms }) => milliseconds(ms)],
  ['memory', ({ rss_mb: mb }) => `${mb < 20 ? mb.toFixed(1) : whole(mb)} MB`],
  ['first answer', ({ start_ms: ms }) => milliseconds(ms)],
  ['home page', ({ page_bytes_br: bytes }) => kilobytes(bytes)],
  ['page with an island', ({ island_page_bytes_br: bytes }) => kilobytes(bytes)],
  ['answers a click', ({ interactive_ms: ms }) => (ms === null ? '–' : milliseconds(ms))],
];

/** What users do who sign in, refresh tokens and open the streaming page. */
const userColumns = [
  ['', (_, name) => titles[name]],
  ['sign-ins/s', ({ sign_ins: { rate } }) => whole(rate)],
  ['p50', ({ sign_ins: { p50_ms: ms } }) => milliseconds(ms)],
  ['p99', ({ sign_ins: { p99_ms: ms } }) => milliseconds(ms)],
  ['refreshes/s', ({ refreshes: { rate } }) => whole(rate)],
  ['p50', ({ refreshes: { p50_ms: ms } }) => milliseconds(ms)],
  ['p99', ({ refreshes: { p99_ms: ms } }) => milliseconds(ms)],
  ['streaming: first byte', ({ streams: { first_byte_ms: ms } }) => milliseconds(ms)],
  ['whole page', ({ streams: { whole_page_ms: ms } }) => milliseconds(ms)],
];

export function table(results) {
  const { machine, versions, setting, users } = results;
  return [
    ...lines(columns, Object.keys(titles), results),
    '',
    [
      `${machine.cpu}, ${machine.cores} cores, ${machine.system};`,
      `${setting.connections} connections from the same machine, medians of ${setting.rounds} alternating rounds`,
      `of ${setting.seconds} s. One process each. rustc ${versions.rustc}, Leptos ${versions.leptos},`,
      `axum ${versions.axum}; Node ${versions.node}, Next.js ${versions.next}, @logto/next ${versions.logto_next}.`,
      `${results.date.slice(0, 10)}.`,
    ].join(' '),
    'Pages are what a browser with an empty cache loads, compressed with brotli.',
    '',
    ...lines(userColumns, ['ours', 'peer'], users),
    '',
    [
      `${users.setting.users} users at the same time, medians of ${users.setting.rounds} alternating rounds of`,
      `${users.setting.seconds} s. A sign-in is its start, with a redirect to the provider, and the callback: the`,
      'code is exchanged at a provider on the same machine, the ID token (ES384) is verified, the session is',
      'written to the cookie, and the browser is redirected to the home page. A refresh is a request that finds an',
      'expired access token for an API resource: the refresh token is exchanged and rotated, the new ID token is',
      'verified, and the session is written to the cookie.',
      `Streaming: the median of ${users.setting.streams} visits, one at a time, by a signed-in user whose access`,
      'token takes the provider 250 ms.',
    ].join(' '),
  ].join('\n');
}

/** The lines of a table with a row for each name. */
function lines(columns, names, results) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  return [
    row(columns.map(([title]) => title)),
    `|${columns.map((_, position) => (position === 0 ? '---' : '---:')).join('|')}|`,
    ...names.map((name) => row(columns.map(([, cell]) => cell(results[name], name)))),
  ];
}

const whole = (number) => Math.round(number).toLocaleString('en-US');
const milliseconds = (ms) => `${ms < 10 ? ms.toFixed(1) : whole(ms)} ms`;
const kilobytes = (bytes) => (bytes === null ? '–' : `${(bytes / 1000).toFixed(1)} kB`);
