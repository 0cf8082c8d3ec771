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

export function table(results) {
  const row = (cells) => `| ${cells.join(' | ')} |`;
  const rows = Object.keys(titles).map((name) => row(columns.map(([, cell]) => cell(results[name], name))));
  const { machine, versions, setting } = results;
  return [
    row(columns.map(([title]) => title)),
    `|${columns.map((_, position) => (position === 0 ? '---' : '---:')).join('|')}|`,
    ...rows,
    '',
    [
      `${machine.cpu}, ${machine.cores} cores, ${machine.system};`,
      `${setting.connections} connections from the same machine, medians of ${setting.rounds} alternating rounds`,
      `of ${setting.seconds} s. One process each. rustc ${versions.rustc}, Leptos ${versions.leptos},`,
      `axum ${versions.axum}; Node ${versions.node}, Next.js ${versions.next}, @logto/next ${versions.logto_next}.`,
      `${results.date.slice(0, 10)}.`,
    ].join(' '),
    'Pages are what a browser with an empty cache loads, compressed with brotli.',
  ].join('\n');
}

const whole = (number) => Math.round(number).toLocaleString('en-US');
const milliseconds = (ms) => `${ms < 10 ? ms.toFixed(1) : whole(ms)} ms`;
const kilobytes = (bytes) => (bytes === null ? '–' : `${(bytes / 1000).toFixed(1)} kB`);
