// Child processes: start, wait, and stop by id.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';

/** The last output of a process, for the error if it does not start. */
const KEPT_LINES = 40;

export class Process {
  readonly #child: ChildProcess;
  readonly #lines: string[] = [];

  constructor(
    readonly name: string,
    command: string,
    args: string[],
    { keptLines = KEPT_LINES, ...options }: { cwd: string; env: NodeJS.ProcessEnv; keptLines?: number | undefined },
  ) {
    this.#child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.once('error', (error) => this.#lines.push(String(error)));
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      createInterface({ input: stream! }).on('line', (line) => {
        this.#lines.push(line);
        this.#lines.splice(0, this.#lines.length - keptLines);
        if (process.env.E2E_LOG) {
          console.log(`[${name}] ${line}`);
        }
      });
    }
  }

  /** The last lines it printed. */
  output(): string {
    return this.#lines.join('\n');
  }

  /**
   * Polls until `ready` returns true. Throws with the output if the process ends or takes too long.
   */
  async until(ready: () => Promise<boolean>, seconds: number): Promise<void> {
    const deadline = Date.now() + seconds * 1000;
    while (!(await ready())) {
      if (this.#child.exitCode !== null || this.#child.signalCode !== null || !this.#child.pid) {
        throw new Error(`${this.name} ended with ${this.#child.exitCode ?? this.#child.signalCode}:\n${this.output()}`);
      }
      if (Date.now() > deadline) {
        throw new Error(`${this.name} was not ready within ${seconds} s:\n${this.output()}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Sends SIGTERM, and SIGKILL after ten seconds. */
  async stop(): Promise<void> {
    if (!this.#child.pid || this.#child.exitCode !== null || this.#child.signalCode !== null) {
      return;
    }
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 10_000);
    await exited;
    clearTimeout(timer);
  }
}

/** A free port. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether an HTTP server responds within five seconds. */
export async function answers(url: string): Promise<boolean> {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(5_000) }).then(
    async (response) => {
      await response.body?.cancel();
      return true;
    },
    () => false,
  );
}
