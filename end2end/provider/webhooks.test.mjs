// Deliveries of webhooks: how they are signed and sent, and that a broken receiver breaks nothing.
// Their events are in webhook-events.test.mjs.

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, test } from 'node:test';
import { managementClient, receiver } from './management/testing.mjs';
import { provider } from './testing.mjs';
import { Webhooks } from './webhooks.mjs';

const signature = (key, raw) => createHmac('sha256', key).update(raw).digest('hex');

/** A log that resolves `entry` with the first delivery. */
function deliveryLog() {
  let add;
  const entry = new Promise((resolve) => {
    add = resolve;
  });
  return { entry, log: { add, addSecret() {} } };
}

describe('a delivery', () => {
  const client = provider();
  const call = managementClient(client);
  const target = receiver();
  const user = '/users/ada0demouser';
  const create = async (fields) => (await call('POST', '/hooks', { config: { url: target.url }, ...fields })).body;
  const suspend = (isSuspended = true) => call('PATCH', `${user}/is-suspended`, { isSuspended });

  /** The entries of a delivery in the log, once there are so many. */
  async function logged(count) {
    for (;;) {
      const found = (await client.control('log')).body.filter(({ event }) => event);
      if (found.length >= count) {
        return found;
      }
    }
  }

  test('is a POST whose raw body is signed with the key of the webhook', async () => {
    const hook = await create({ events: ['User.Data.Updated'] });
    const { access_token: token } = (await client.signIn('ada', { resource: undefined })).tokens;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const body = JSON.stringify({ name: 'Ада Лавлейс 🧮' });
    assert.equal((await fetch(`${client.baseUrl}/api/my-account`, { method: 'PATCH', headers, body })).status, 200);
    const [delivery] = await target.deliveries(1);
    assert.equal(delivery.method, 'POST');
    assert.equal(delivery.headers['content-type'], 'application/json');
    assert.equal(delivery.headers['user-agent'], 'Logto (https://logto.io/)');
    assert.equal(delivery.headers['logto-signature-sha-256'], signature(hook.signingKey, delivery.raw));
    assert.deepEqual([delivery.body.hookId, delivery.body.data.name], [hook.id, 'Ада Лавлейс 🧮']);
  });

  test('has the headers of the configuration, but never another signature', async () => {
    const headers = { 'x-tenant': 'demo', 'User-Agent': 'mine', 'Logto-Signature-Sha-256': 'forged' };
    const hook = await create({ events: ['User.SuspensionStatus.Updated'], config: { url: target.url, headers } });
    await suspend();
    const [{ headers: sent, raw }] = await target.deliveries(1);
    assert.deepEqual([sent['x-tenant'], sent['user-agent']], ['demo', 'mine']);
    assert.equal(sent['logto-signature-sha-256'], signature(hook.signingKey, raw));
  });

  test('is signed with the new key when the key has changed', async () => {
    const { id } = await create({ events: ['User.SuspensionStatus.Updated'] });
    const { signingKey } = (await call('PATCH', `/hooks/${id}/signing-key`)).body;
    await suspend();
    const [{ headers, raw }] = await target.deliveries(1);
    assert.equal(headers['logto-signature-sha-256'], signature(signingKey, raw));
  });

  test('has the time of the event, by the clock of the provider', async () => {
    await create({ events: ['User.SuspensionStatus.Updated'] });
    await client.advance(600);
    await suspend();
    const [{ body }] = await target.deliveries(1);
    assert.match(body.createdAt, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const ahead = Date.parse(body.createdAt) - Date.now();
    assert.ok(ahead > 590_000 && ahead <= 600_000, `${ahead} ms ahead`);
  });

  test('goes to each webhook that asks for the event, and to no other', async () => {
    const both = ['User.Deleted', 'User.SuspensionStatus.Updated'];
    // The first ones, so that a wrong delivery would come first.
    await create({ events: both, enabled: false });
    await create({ events: ['PostSignIn'] });
    const { id: deleted } = await create({ events: both });
    const one = await create({ event: 'User.SuspensionStatus.Updated' });
    const several = await create({ events: both });
    await call('DELETE', `/hooks/${deleted}`);
    await suspend();
    await target.deliveries(2);
    await call('DELETE', user);
    const received = (await target.deliveries(3)).map(({ body }) => [body.event, body.hookId]);
    assert.deepEqual(new Set(received.slice(0, 2).map(([, id]) => id)), new Set([one.id, several.id]));
    assert.deepEqual(received.slice(2), [['User.Deleted', several.id]]);
    assert.equal((await logged(3)).length, 3);
  });

  test('is sent once if the receiver fails, and the API call succeeds', async () => {
    await create({ events: ['User.SuspensionStatus.Updated'] });
    target.respond = (res) => res.writeHead(500).end('broken');
    assert.equal((await suspend()).status, 200);
    const [failed] = await logged(1);
    assert.deepEqual([failed.status, failed.path, failed.event], [500, target.url, 'User.SuspensionStatus.Updated']);
    target.respond = (res) => res.writeHead(204).end();
    await suspend(false);
    assert.deepEqual((await logged(2)).map(({ status }) => status), [500, 204]);
    assert.deepEqual((await target.deliveries(2)).map(({ body }) => body.data.isSuspended), [true, false]);
  });

  test('does not break the API call if there is no receiver, or no valid URL or header', async () => {
    const events = ['User.SuspensionStatus.Updated'];
    await create({ events, config: { url: 'http://127.0.0.1:1/' } });
    await create({ events, config: { url: 'not a URL' } });
    await create({ events, config: { url: target.url, headers: { 'not a name': 'x' } } });
    const { status, body } = await suspend();
    assert.deepEqual([status, body.isSuspended], [200, true]);
    const entries = await logged(3);
    assert.ok(entries.every((entry) => entry.status === null && entry.error), JSON.stringify(entries));
    assert.deepEqual(target.events, []);
  });

  test('does not delay the API call, and ends with a reset', async () => {
    await create({ events: ['User.SuspensionStatus.Updated'] });
    let closed;
    const ended = new Promise((resolve) => {
      closed = resolve;
    });
    target.respond = (res) => res.once('close', closed);
    assert.equal((await suspend()).status, 200);
    await target.deliveries(1);
    await client.control('reset', {});
    await ended;
    assert.deepEqual((await client.control('log')).body, []);
  });

  test('ends when the receiver takes too long', { timeout: 10_000 }, async () => {
    const { entry, log } = deliveryLog();
    const webhooks = new Webhooks(log, [{ events: ['User.Deleted'], config: { url: target.url }, signingKey: 'key' }], {
      timeout: 50,
    });
    target.respond = () => {};
    webhooks.report('User.Deleted', {});
    const { status, error } = await entry;
    assert.equal(status, null);
    assert.match(error, /TimeoutError/);
    assert.equal(target.events.length, 1);
  });
});
