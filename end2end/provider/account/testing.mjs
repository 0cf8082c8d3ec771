// For the tests of the Account API: a client of one user.

import assert from 'node:assert/strict';
import { allScopes, Browser } from '../testing.mjs';

export const scope = `${allScopes} urn:logto:scope:sessions`;

/** Signs a user in, and returns the client of their account. */
export async function accountOf(client, username = 'ada', parameters = { scope }) {
  const { tokens } = await client.signIn(username, parameters, new Browser());
  const account = new Account(client.baseUrl, tokens);
  const password = `${username}-demo`;
  const { body } = await account.call('POST', '/verifications/password', { password });
  account.record = body.verificationRecordId;
  return account;
}

/** The calls of one user. */
export class Account {
  /** The verification record that `call` sends. */
  record;

  constructor(baseUrl, tokens) {
    this.baseUrl = baseUrl;
    this.tokens = tokens;
  }

  /** Calls the API. `record` replaces the verification record; null leaves it out. */
  async call(method, path, body, { record = this.record } = {}) {
    const response = await fetch(`${this.baseUrl}/api${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.tokens.access_token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...(record && { 'logto-verification-id': record }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text && JSON.parse(text) };
  }

  /** Calls the API, and returns the body. */
  async get(path) {
    const { status, body } = await this.call('GET', path);
    assert.equal(status, 200, JSON.stringify(body));
    return body;
  }

  /** Calls the API, and expects a response with this status and code of Logto. */
  async refused(status, code, ...request) {
    const answer = await this.call(...request);
    assert.deepEqual([answer.status, answer.body.code], [status, code]);
  }

  /** Calls the API, and expects an empty response. */
  async done(...request) {
    assert.deepEqual(await this.call(...request), { status: 204, body: '' });
  }

  /** Sends a code to an address or number, and returns its record. */
  async send(identifier) {
    const { status, body } = await this.call('POST', '/verifications/verification-code', { identifier });
    assert.equal(status, 201, JSON.stringify(body));
    return body.verificationRecordId;
  }

  /** The request that checks a code. */
  verification(identifier, verificationId, code) {
    return ['POST', '/verifications/verification-code/verify', { identifier, verificationId, code }];
  }

  /** Proves the possession of an address or number, with the code that was sent to it. */
  async prove(client, identifier) {
    const record = await this.send(identifier);
    const { code } = (await client.control('codes')).body.findLast(({ value }) => value === identifier.value);
    const { status, body } = await this.call(...this.verification(identifier, record, code));
    assert.deepEqual([status, body], [200, { verificationRecordId: record }]);
    return record;
  }
}
