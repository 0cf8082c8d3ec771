// Webhooks in the Management API: `/api/hooks`.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertRefused, managementClient } from './management/testing.mjs';
import { provider } from './testing.mjs';
import { seededWebhooks } from './webhooks.mjs';

const config = { url: 'http://127.0.0.1:1/webhook', headers: { 'x-tenant': 'demo' } };
const hook = { name: 'Sessions', events: ['User.Deleted', 'User.SuspensionStatus.Updated'], config };

describe('the webhooks of the Management API', () => {
  const client = provider();
  const call = managementClient(client);

  test('are created, listed, changed and deleted', async () => {
    const { status, body: created } = await call('POST', '/hooks', hook);
    assert.equal(status, 201);
    const { id, signingKey, createdAt, ...rest } = created;
    assert.match(id, /^[0-9a-z]+$/);
    assert.match(signingKey, /^[0-9A-Za-z]{32}$/);
    assert.ok(Math.abs(createdAt - Date.now()) < 60_000);
    assert.deepEqual(rest, { tenantId: 'default', ...hook, event: null, enabled: true });
    assert.deepEqual((await call('GET', '/hooks')).body, [created]);
    assert.deepEqual((await call('GET', `/hooks/${id}`)).body, created);
    const changed = await call('PATCH', `/hooks/${id}`, { events: ['PostSignIn'], enabled: false, signingKey: 'mine' });
    assert.deepEqual([changed.status, changed.body], [200, { ...created, events: ['PostSignIn'], enabled: false }]);
    assert.deepEqual(await call('DELETE', `/hooks/${id}`).then(({ status, body }) => [status, body]), [204, '']);
    assert.deepEqual((await call('GET', '/hooks')).body, []);
  });

  test('take one event, as in older versions, or several without duplicates', async () => {
    const { body } = await call('POST', '/hooks', { event: 'PostRegister', config });
    assert.deepEqual([body.name, body.event, body.events], ['', 'PostRegister', []]);
    const { body: other } = await call('POST', '/hooks', { events: ['PostSignIn', 'PostSignIn'], config });
    assert.deepEqual([other.event, other.events], [null, ['PostSignIn']]);
  });

  test('get another signing key', async () => {
    const { body: created } = await call('POST', '/hooks', hook);
    const { status, body: renewed } = await call('PATCH', `/hooks/${created.id}/signing-key`);
    assert.equal(status, 200);
    assert.notEqual(renewed.signingKey, created.signingKey);
    assert.deepEqual({ ...renewed, signingKey: created.signingKey }, created);
    assert.deepEqual((await call('GET', `/hooks/${created.id}`)).body, renewed);
    const secrets = (await client.control('secrets')).body.map(({ value }) => value);
    assert.ok(secrets.includes(created.signingKey) && secrets.includes(renewed.signingKey));
  });

  test('are listed in pages only if the query asks for it', async () => {
    for (let count = 0; count < 21; count += 1) {
      await call('POST', '/hooks', hook);
    }
    const { headers, body } = await call('GET', '/hooks');
    assert.deepEqual([body.length, headers.get('total-number')], [21, null]);
    const paged = await call('GET', '/hooks?page=2');
    assert.deepEqual([paged.body.length, paged.headers.get('total-number')], [1, '21']);
  });

  test('are refused if a field is invalid', async () => {
    for (const field of [
      { name: '' },
      { name: 1 },
      { events: [] },
      { events: ['User.Renamed'] },
      { event: 'constructor' },
      { config: undefined },
      { config: { headers: {} } },
      { config: { ...config, headers: { 'x-number': 1 } } },
      { config: { ...config, retries: 4 } },
      { enabled: 'yes' },
    ]) {
      assertRefused(await call('POST', '/hooks', { ...hook, ...field }), 400, 'guard.invalid_input');
    }
    assertRefused(await call('POST', '/hooks', { config }), 400, 'hook.missing_events');
    assert.deepEqual((await call('GET', '/hooks')).body, []);
    const { id } = (await call('POST', '/hooks', hook)).body;
    assertRefused(await call('PATCH', `/hooks/${id}`, { events: [] }), 400, 'guard.invalid_input');
  });

  test('that do not exist are an error', async () => {
    assertRefused(await call('GET', '/hooks/unknown'), 404, 'entity.not_exists_with_id');
    assertRefused(await call('PATCH', '/hooks/unknown', { name: 'x' }), 404, 'entity.not_exists');
    assertRefused(await call('PATCH', '/hooks/unknown/signing-key'), 404, 'entity.not_exists');
    assertRefused(await call('DELETE', '/hooks/unknown'), 404, 'entity.not_found');
  });

  test('are reset with the rest of the tenant', async () => {
    await call('POST', '/hooks', hook);
    await client.control('reset', {});
    assert.deepEqual((await call('GET', '/hooks')).body, []);
  });
});

describe('the webhook of the environment', () => {
  const [url, key] = [config.url, 'a signing key of the environment'];
  const client = provider({ PROVIDER_WEBHOOK_URL: url, PROVIDER_WEBHOOK_SIGNING_KEY: key });
  const call = managementClient(client);

  test('exists from the start, and again after a reset', async () => {
    const [{ id, signingKey, config: seeded, events }] = (await call('GET', '/hooks')).body;
    assert.deepEqual([signingKey, seeded], [key, { url }]);
    assert.deepEqual(events, ['User.Deleted', 'User.SuspensionStatus.Updated', 'Organization.Membership.Updated']);
    assert.equal((await call('DELETE', `/hooks/${id}`)).status, 204);
    await client.control('reset', {});
    assert.deepEqual((await call('GET', '/hooks')).body.map((hook) => hook.signingKey), [key]);
    assert.ok((await client.control('secrets')).body.some(({ value }) => value === key));
  });

  test('needs a URL and a key', () => {
    assert.deepEqual(seededWebhooks({}), []);
    for (const environment of [
      { PROVIDER_WEBHOOK_URL: url },
      { PROVIDER_WEBHOOK_SIGNING_KEY: key },
      { PROVIDER_WEBHOOK_URL: '/webhook', PROVIDER_WEBHOOK_SIGNING_KEY: key },
    ]) {
      assert.throws(() => seededWebhooks(environment), /PROVIDER_WEBHOOK_URL must be an absolute URL/);
    }
  });
});
