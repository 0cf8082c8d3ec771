// Measures one and two instances of the app with one Redis, behind a proxy that distributes
// connections in turn. Prints a Markdown table.

import { load } from './lib/load.mjs';
import { freePort, Server, stopAll } from './lib/process.mjs';
import { program, root, startProvider, Variant } from './lib/variants.mjs';

const seconds = Number(process.env.BENCH_SECONDS || 5);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, () => stopAll().then(() => process.exit(130)));
}
try {
  console.log('| instances | requests/s | p50 | p99 |\n|---:|---:|---:|---:|');
  for (const count of [1, 2]) {
    const { rps, p50_ms: p50, p99_ms: p99 } = await measure(count);
    console.log(`| ${count} | ${Math.round(rps)} | ${p50.toFixed(1)} ms | ${p99.toFixed(1)} ms |`);
  }
} finally {
  await stopAll();
}

async function measure(count) {
  const app = new Variant('ours_redis', await freePort());
  const provider = await startProvider([app.home]);
  const instances = [];
  for (let i = 0; i < count; i += 1) {
    const port = await freePort();
    await app.start(provider.url, port).firstAnswer(`http://127.0.0.1:${port}/`);
    instances.push(`127.0.0.1:${port}`);
  }
  const args = ['proxy', new URL(app.home).host, ...instances];
  await new Server({ name: 'proxy', command: program('bench'), args, cwd: root, env: process.env }).firstAnswer(
    `${app.home}/`,
  );
  await app.signIn(provider.url);
  await load(app.target, seconds);
  const result = await load(app.target, seconds);
  await stopAll();
  return result;
}
