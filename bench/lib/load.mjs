// Generates load with wrk.

import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { request } from './http.mjs';

const run = promisify(execFile);
const script = fileURLToPath(new URL('load.lua', import.meta.url));

export const CONNECTIONS = 32;
export const THREADS = 2;

/** Returns the signed-in page. Throws with the response if it is another page. */
export async function signedInPage({ url, headers, expected }) {
  const { status, body } = await request(url, { headers });
  if (status !== 200 || !body.includes(expected)) {
    throw new Error(`${url} responds with ${status} without "${expected}":\n${body.toString().slice(0, 500)}`);
  }
  return body;
}

/**
 * Puts load on the page for some seconds. Throws if a request fails, or if the average response is
 * shorter than the signed-in page.
 */
export async function load(target, seconds) {
  const page = await signedInPage(target);
  const headers = Object.entries(target.headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
  const args = [
    '-t',
    THREADS,
    '-c',
    CONNECTIONS,
    '-d',
    `${seconds}s`,
    '--timeout',
    '10s',
    '-s',
    script,
    ...headers,
    target.url,
  ];
  const { stdout } = await run('wrk', args.map(String));
  const counted = JSON.parse(stdout.trim().split('\n').at(-1));
  const perAnswer = counted.bytes / counted.requests;
  if (counted.failed > 0 || counted.requests === 0) {
    throw new Error(`${target.name}: ${counted.failed} of ${counted.requests} requests failed`);
  }
  if (perAnswer < page.length * 0.98) {
    throw new Error(`${target.name}: ${Math.round(perAnswer)} bytes per response, but the page has ${page.length}`);
  }
  await signedInPage(target);
  return { rps: counted.requests / counted.seconds, p50_ms: counted.p50_ms, p99_ms: counted.p99_ms };
}
