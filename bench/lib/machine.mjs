// The machine and the versions that the numbers belong to.

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './variants.mjs';

const run = (command, ...args) => {
  try {
    return execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return null;
  }
};

const version = (text) => /\d+(\.\d+)+/.exec(text ?? '')?.[0] ?? null;

export function machine() {
  const [cpu] = os.cpus();
  return {
    cpu: cpu.model.trim(),
    cores: os.cpus().length,
    memory_gb: Math.round(os.totalmem() / 2 ** 30),
    system: `${os.type()} ${os.release()}`,
  };
}

export function versions() {
  const locked = readFileSync(path.join(root, 'Cargo.lock'), 'utf8');
  const crate = (name) => new RegExp(`name = "${name}"\\nversion = "([^"]+)"`).exec(locked)?.[1];
  const { packages } = JSON.parse(readFileSync(path.join(root, 'bench/peer/package-lock.json'), 'utf8'));
  const npm = (name) => packages[`node_modules/${name}`].version;
  return {
    commit: run('git', 'rev-parse', '--short', 'HEAD'),
    rustc: version(run('rustc', '--version')),
    leptos: crate('leptos'),
    axum: crate('axum'),
    node: version(process.version),
    next: npm('next'),
    logto_next: npm('@logto/next'),
    redis: version(run('redis-server', '--version')),
    // `wrk -v` exits with an error code after it has printed its version.
    wrk: version(run('sh', '-c', 'wrk -v; true')),
  };
}
