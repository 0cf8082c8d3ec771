// Child processes: start, wait, and stop by id. In JavaScript, because Node runs the tests of
// browsers/ without a compiler.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

/** The last output of a process, for the error if it does not start. */
const KEPT_LINES = 40;

export class Process {
  /** @type {import('node:child_process').ChildProcess} */
  #child;
  /** @type {string[]} */
  #lines = [];

  /**
   * @param {string} name
   * @param {string} command
   * @param {string[]} args
   * @param {{ cwd: string, env: NodeJS.ProcessEnv, keptLines?: number | undefined }} options
   */
  constructor(name, command, args, { keptLines = KEPT_LINES, ...options }) {
    this.name = name;
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.once('error', (error) => this.#lines.push(String(error)));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        this.#lines.push(line);
        this.#lines.splice(0, this.#lines.length - keptLines);
        if (process.env.E2E_LOG) {
          console.log(`[${name}] ${line}`);
        }
      });
    }
  }

  /** The last lines it printed. */
  output() {
    return this.#lines.join('\n');
  }

  /**
   * Polls until `ready` returns true. Throws with the output if the process ends or takes too long.
   *
   * @param {() => boolean | Promise<boolean>} ready
   * @param {number} seconds
   */
  async until(ready, seconds) {
    const deadline = Date.now() + seconds * 1000;
    while (!(await ready())) {
      if (this.#hasEnded) {
        throw new Error(`${this.name} ended with ${this.#child.exitCode ?? this.#child.signalCode}:\n${this.output()}`);
      }
      if (Date.now() > deadline) {
        throw new Error(`${this.name} was not ready within ${seconds} s:\n${this.output()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Sends SIGTERM, and SIGKILL after ten seconds. */
  async stop() {
    if (this.#hasEnded) {
      return;
    }
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(timer);
  }

  get #hasEnded() {
    return !this.#child.pid || this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

/** A free port. */
export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  server.close();
  await once(server, 'close');
  return port;
}

/**
 * Whether an HTTP server responds within five seconds.
 *
 * @param {string} url
 */
export async function answers(url) {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
}
