// Child processes: start, time until the first response, memory, and stop by id.

import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { request } from './http.mjs';

const running = new Set();

/** Characters of the last output to keep, for the error if a process fails. */
const KEPT = 4000;

export class Server {
  #child;
  #output = '';

  constructor({ name, command, args, cwd, env }) {
    this.name = name;
    this.#child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.once('error', (error) => (this.#output += error));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (data) => (this.#output = (this.#output + data).slice(-KEPT)));
    }
    running.add(this);
  }

  /** Returns the milliseconds until `url` responds with 200. */
  async firstAnswer(url, headers = {}, seconds = 60) {
    const start = performance.now();
    while ((await status(url, headers)) !== 200) {
      if (this.#ended()) {
        throw new Error(`${this.name} has ended:\n${this.#output}`);
      }
      if (performance.now() - start > seconds * 1000) {
        throw new Error(`${this.name} does not respond with 200 at ${url} within ${seconds} s:\n${this.#output}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return performance.now() - start;
  }

  /** Resident memory of the process and its descendants, in MB. */
  residentMegabytes() {
    const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number));
    const family = new Set([this.#child.pid]);
    for (let size = 0; size !== family.size;) {
      size = family.size;
      rows.filter(([, parent]) => family.has(parent)).forEach(([pid]) => family.add(pid));
    }
    return rows.filter(([pid]) => family.has(pid)).reduce((sum, [, , kilobytes]) => sum + kilobytes, 0) / 1024;
  }

  /** The last characters that the process has written. */
  get output() {
    return this.#output;
  }

  #ended() {
    return !this.#child.pid || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** Sends SIGTERM, and SIGKILL after five seconds. */
  async stop() {
    running.delete(this);
    if (this.#ended()) {
      return;
    }
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5000);
    await exited;
    clearTimeout(timer);
  }
}

export async function stopAll() {
  await Promise.all([...running].map((server) => server.stop()));
}

const status = (url, headers) =>
  request(url, { headers }).then(
    (response) => response.status,
    () => 0,
  );

/** A free port. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The environment without the developer's settings for the app or the provider. */
export function cleanEnvironment() {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(LOGTO|LEPTOS|PROVIDER|RUST_LOG|RUST_BACKTRACE)/.test(name)),
  );
}
