import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { products, provider } from './testing.mjs';

describe('controls for tests', () => {
  const client = provider({ PROVIDER_ACCESS_TOKEN_TTL: '77' });

  test('settings come from the environment, and a reset restores them', async () => {
    assert.equal((await client.control('settings')).body.access_token_ttl, 77);
    assert.equal((await client.control('settings', { access_token_ttl: 5 })).body.access_token_ttl, 5);
    assert.equal((await client.control('reset', {})).body.access_token_ttl, 77);
  });

  test('an invalid setting changes nothing, and the error lists the valid values', async () => {
    const { status, body } = await client.control('settings', { id_token_ttl: 5, rotate: 'sometimes', nonsense: 1 });
    assert.equal(status, 400);
    assert.match(body.error, /rotate must be default, always or never; nonsense is not a setting/);
    assert.equal((await client.control('settings')).body.id_token_ttl, 3600);
  });

  test('a page of another origin cannot change settings without a preflight', async () => {
    const response = await fetch(`${client.baseUrl}/test/settings`, { method: 'POST', body: '{"rotate":"always"}' });
    assert.equal(response.status, 400);
    assert.equal((await client.control('settings')).body.rotate, 'default');
  });

  test('faults: a status, a number of times', async () => {
    await client.control('settings', { faults: { discovery: { status: 503, times: 2 } } });
    const statuses = [];
    for (let count = 0; count < 3; count += 1) {
      statuses.push((await fetch(client.endpoint('/.well-known/openid-configuration'))).status);
    }
    assert.deepEqual(statuses, [503, 503, 200]);
  });

  test('faults: a delay, a hang, and their end', async () => {
    await client.control('settings', { faults: { jwks: { delay_ms: 60 } } });
    const started = performance.now();
    assert.equal((await fetch(client.endpoint('/jwks'))).status, 200);
    assert.ok(performance.now() - started >= 55);
    await client.control('settings', { faults: { jwks: { hang: true } } });
    await assert.rejects(fetch(client.endpoint('/jwks'), { signal: AbortSignal.timeout(100) }), {
      name: 'TimeoutError',
    });
    await client.control('settings', { faults: { jwks: null } });
    assert.equal((await fetch(client.endpoint('/jwks'))).status, 200);
  });

  test('faults: a held request waits until the fault ends', async () => {
    await client.control('settings', { faults: { jwks: { hold: true } } });
    const held = fetch(client.endpoint('/jwks'));
    await client.control('settings', { faults: { token: { delay_ms: 1 } } });
    assert.equal(await Promise.race([held, client.control('settings', {}).then(() => 'held')]), 'held');
    await client.control('settings', { faults: { jwks: null, token: null } });
    assert.equal((await held).status, 200);
  });

  test('the log shows requests without their secrets', async () => {
    const { tokens, callback, verifier, state, nonce } = await client.signIn('ada');
    await client.refresh(tokens.refresh_token, { resource: products, organization_id: 'acme' });
    const { body } = await client.control('log');
    assert.deepEqual(
      body
        .filter(({ path }) => path === '/oidc/token')
        .map(({ status, grant_type, resource, organization_id }) => [status, grant_type, resource, organization_id]),
      [
        [200, 'authorization_code', undefined, undefined],
        [200, 'refresh_token', products, 'acme'],
      ],
    );
    assert.ok(body.some(({ method, path }) => method === 'POST' && path === '/sign-in/:uid'));
    const text = JSON.stringify(body);
    const secrets = [
      tokens.refresh_token,
      tokens.access_token,
      tokens.id_token,
      callback.code,
      verifier,
      state,
      nonce,
      'quick-start-secret',
      'ada-demo',
    ];
    secrets.forEach((secret) => assert.ok(!text.includes(secret)));
  });

  test('the exchanged secrets are listed, so that a test can search for them elsewhere', async () => {
    await client.control('reset', {});
    const { tokens, callback, verifier, state, nonce } = await client.signIn('ada');
    const { body } = await client.control('secrets');
    const told = body.map(({ value }) => value);
    const secrets = [tokens.refresh_token, tokens.access_token, tokens.id_token, callback.code, verifier, state, nonce];
    secrets.forEach((value) => assert.ok(told.includes(value), JSON.stringify(body)));
  });

  test('a reset with sessions deletes what was issued', async () => {
    const { tokens } = await client.signIn('ada');
    await client.control('reset', { sessions: true });
    assert.equal((await client.refresh(tokens.refresh_token)).body.error, 'invalid_grant');
  });

  test('the provider does not start with invalid environment variables, and names all of them', async () => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('server.mjs', import.meta.url))], {
      env: { ...process.env, PROVIDER_PORT: '0', PROVIDER_ID_TOKEN_TTL: 'long', PROVIDER_ROTATE: 'maybe' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let problems = '';
    child.stderr.on('data', (chunk) => {
      problems += chunk;
    });
    const [code] = await once(child, 'close');
    assert.equal(code, 1);
    assert.match(
      problems,
      /PROVIDER_ID_TOKEN_TTL must be a positive number of seconds; PROVIDER_ROTATE must be default, always or never/,
    );
  });
});
