// The variants to measure: how each starts, and its signed-in user.

import { randomBytes } from 'node:crypto';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { application } from '../../end2end/provider/demo.mjs';
import { DOCUMENT } from './http.mjs';
import { cleanEnvironment, freePort, Server } from './process.mjs';
import { NAME, peerCookie, RESOURCE, signIn } from './sign-in.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));
const peerDirectory = path.join(root, 'bench/peer');
const target = process.env.CARGO_TARGET_DIR ?? path.join(root, 'target');
/** `BENCH_PROFILE` is for trials: only results of `release` count. */
const profile = process.env.BENCH_PROFILE ?? 'release';
export const isTrial = profile !== 'release';
/** The directory of the programs. */
const built = path.join(target, profile);
const SECRET = 'only-for-the-benchmark-0123456789abcdef';

/** Names in the results, with their titles in the table. */
export const titles = {
  ours: 'Leptos, signed in (cookie)',
  ours_memory: 'Leptos, signed in (memory store)',
  ours_redis: 'Leptos, signed in (Redis store)',
  ours_no_auth: 'Leptos, the same page without sign-in',
  peer: 'Next.js + @logto/next, signed in (cookie)',
  ceiling: 'axum, a fixed body of the same length',
};

/** Starts the provider for all variants, whose addresses are `homes`. */
export async function startProvider(homes) {
  const port = await freePort();
  const server = new Server({
    name: 'provider',
    command: process.execPath,
    args: ['end2end/provider/server.mjs'],
    cwd: root,
    env: {
      ...cleanEnvironment(),
      PROVIDER_PORT: String(port),
      PROVIDER_APP_URL: homes.join(' '),
      // Nothing expires during the measurement.
      PROVIDER_ID_TOKEN_TTL: '86400',
      PROVIDER_ACCESS_TOKEN_TTL: '86400',
    },
  });
  const url = `http://127.0.0.1:${port}`;
  await server.firstAnswer(`${url}/oidc/.well-known/openid-configuration`);
  return { server, url };
}

/** A variant on its own port. */
export class Variant {
  constructor(name, port) {
    this.name = name;
    this.home = `http://127.0.0.1:${port}`;
    this.headers = DOCUMENT;
    this.expected = NAME;
  }

  get target() {
    return { name: this.name, url: `${this.home}/`, headers: this.headers, expected: this.expected };
  }

  /** Starts a process. `port` overrides the variant's port, for a second process. */
  start(providerUrl, port = new URL(this.home).port) {
    const env = { ...cleanEnvironment(), ...this.#environment(providerUrl, port) };
    return new Server({ name: this.name, ...this.#command(port), env });
  }

  /**
   * Writes the file that the variant `ceiling` serves to `directory`: the expected text, filled up
   * to `bytes`.
   */
  answerWith(bytes, directory) {
    this.body = path.join(directory, 'body.html');
    const filler = randomBytes(bytes).toString('base64');
    writeFileSync(this.body, (this.expected + filler).slice(0, bytes));
  }

  /** Signs the user in. */
  async signIn(providerUrl) {
    if (this.name === 'ceiling') {
      return;
    }
    const cookie = this.name === 'peer' ? await peerCookie(providerUrl, SECRET) : await signIn(this.home, this.home);
    this.headers = { ...DOCUMENT, cookie };
  }

  #command(port) {
    if (this.name === 'peer') {
      const next = path.join(peerDirectory, 'node_modules/next/dist/bin/next');
      return {
        command: process.execPath,
        args: [next, 'start', '--hostname', '127.0.0.1', '--port', String(port)],
        cwd: peerDirectory,
      };
    }
    const binary = this.name === 'ours' ? 'quick-start' : 'bench';
    const args = {
      ours: [],
      ours_memory: ['memory'],
      ours_redis: ['redis'],
      ours_no_auth: ['no-auth'],
      ceiling: ['ceiling', this.body],
    }[this.name];
    return { command: program(binary), args, cwd: root };
  }

  #environment(providerUrl, port) {
    const common = {
      LOGTO_ENDPOINT: providerUrl,
      LOGTO_APP_ID: application.appId,
      LOGTO_APP_SECRET: application.appSecret,
      LOGTO_BASE_URL: this.home,
      LOGTO_COOKIE_SECRET: SECRET,
    };
    if (this.name === 'peer') {
      return { ...common, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
    }
    return {
      ...common,
      LOGTO_RESOURCES: RESOURCE,
      LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
      LEPTOS_SITE_ROOT: path.join(target, 'site'),
      LEPTOS_SITE_PKG_DIR: 'pkg',
      LEPTOS_OUTPUT_NAME: 'quick-start',
      // The load alone needs no site, and without a site there are no hashes.
      LEPTOS_HASH_FILES: String(existsSync(path.join(built, 'hash.txt'))),
      // Relative to the program.
      LEPTOS_HASH_FILE_NAME: 'hash.txt',
      LEPTOS_ENV: 'PROD',
    };
  }
}

/** A program that script/bench has built. */
export function program(name) {
  const file = path.join(built, name);
  if (!existsSync(file)) {
    throw new Error(`${file} does not exist: run script/bench or script/release to build it`);
  }
  return file;
}
