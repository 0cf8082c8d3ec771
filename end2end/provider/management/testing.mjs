// For the tests of the provider: a client of the Management API.

import assert from 'node:assert/strict';
import { managementApp } from '../demo.mjs';
import { managementResource } from '../directory.mjs';

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

/** Expects a response with this status and code of Logto. */
export function assertRefused({ status, body }, expected, code) {
  assert.deepEqual([status, body.code], [expected, code]);
}
