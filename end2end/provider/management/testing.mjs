// For the tests of the provider: a client of the Management API, and a receiver of webhooks.

import assert from 'node:assert/strict';
import { after, before, beforeEach } from 'node:test';
import { managementApp } from '../demo.mjs';
import { managementResource } from '../directory.mjs';
import { Receiver } from './receiver.mjs';

export const machine = [managementApp.id, managementApp.secret];

/** A token request of the machine-to-machine application. */
export const machineToken = (client, form = { resource: managementResource, scope: 'all' }) =>
  client.token({ grant_type: 'client_credentials', ...form }, machine);

/**
 * Sends a request to `/api`, with the token of the machine-to-machine application or another one.
 */
export function managementClient(client) {
  let own;
  return async (method, path, body, { token } = {}) => {
    own ??= (await machineToken(client)).body.access_token;
    const response = await fetch(`${client.baseUrl}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${token ?? own}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json' && text;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
}

/** A receiver for the tests of a `describe`. It forgets its deliveries before each test. */
export function receiver() {
  const self = new Receiver();
  before(() => self.listen());
  beforeEach(() => self.clear());
  after(() => self.close());
  return self;
}

/** Expects a response with this status and code of Logto. */
export function assertRefused({ status, body }, expected, code) {
  assert.deepEqual([status, body.code], [expected, code]);
}
