// Users who sign in, refresh access tokens and open the streaming page. The Rust program
// `bench users` plays the users and their provider, because a driver in JavaScript would be slower
// than the app.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { application } from '../../end2end/provider/demo.mjs';
import { freePort } from './process.mjs';
import { NAME, RESOURCE } from './sign-in.mjs';
import { median } from './statistics.mjs';
import { program, root, Variant } from './variants.mjs';

/** Users who act at the same time. */
const USERS = 16;
/** Signed-in sessions of an app, whose tokens the refreshes renew in turn. */
const SESSIONS = 256;
/** Visits of the streaming page. */
const STREAMS = 50;

/**
 * Starts the variants with these names, and returns the medians for each, and the setting. A failed
 * sign-in or refresh is an error.
 */
export async function measureUsers(names, { rounds, seconds, sessions = SESSIONS, streams = STREAMS }) {
  const plan = {
    provider_port: await freePort(),
    app_id: application.appId,
    app_secret: application.appSecret,
    resource: RESOURCE,
    user: NAME,
    apps: {},
    rounds,
    seconds,
    users: USERS,
    sessions,
    streams,
  };
  const servers = [];
  for (const name of names) {
    const variant = new Variant(name, await freePort());
    const server = variant.start(`http://127.0.0.1:${plan.provider_port}`);
    servers.push(server);
    await server.firstAnswer(`${variant.home}/`);
    plan.apps[name] = variant.home;
  }
  const measured = await act(plan).catch((error) => {
    throw new Error([error.message, ...servers.map(({ name, output }) => `${name}:\n${output}`)].join('\n'));
  });
  await Promise.all(servers.map((server) => server.stop()));
  const results = { setting: { rounds, seconds, users: USERS, streams } };
  for (const [name, rows] of Object.entries(measured)) {
    results[name] = {
      sign_ins: medians(rows.sign_ins),
      refreshes: medians(rows.refreshes),
      streams: medians(rows.streams),
    };
  }
  return results;
}

/** The median of each column. */
function medians(rows) {
  const of = (key) => Number(median(rows.map((row) => row[key])).toPrecision(5));
  return Object.fromEntries(Object.keys(rows[0]).map((key) => [key, of(key)]));
}

async function act(plan) {
  const child = spawn(program('bench'), ['users', JSON.stringify(plan)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (data) => (output += data));
  const [code] = await once(child, 'close');
  if (code !== 0) {
    throw new Error('a user could not sign in, refresh a token or open the streaming page');
  }
  return JSON.parse(output);
}
