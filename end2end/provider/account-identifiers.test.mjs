// The Account API: verification by code, email address and phone number.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountOf } from './account/testing.mjs';
import { managementClient, receiver } from './management/testing.mjs';
import { provider } from './testing.mjs';

const email = (value) => ({ type: 'email', value });
const phone = (value) => ({ type: 'phone', value });

describe('identifiers of the account', () => {
  const client = provider();
  const target = receiver();
  const manage = managementClient(client);

  it('sets an address that a code has verified', async () => {
    const ada = await accountOf(client);
    await manage('POST', '/hooks', { events: ['User.Data.Updated'], config: { url: target.url } });
    const fresh = email('countess@example.com');
    const newIdentifierVerificationRecordId = await ada.prove(client, fresh);
    const body = { email: fresh.value, newIdentifierVerificationRecordId };
    await ada.refused(401, 'verification_record.permission_denied', 'POST', '/my-account/primary-email', body, {
      record: newIdentifierVerificationRecordId,
    });
    await ada.done('POST', '/my-account/primary-email', body);
    assert.equal((await ada.get('/my-account')).primaryEmail, fresh.value);
    const [{ body: event }] = await target.deliveries(1);
    assert.deepEqual([event.event, event.data.primaryEmail], ['User.Data.Updated', fresh.value]);
    await ada.done('DELETE', '/my-account/primary-email');
    assert.equal((await ada.get('/my-account')).primaryEmail, null);
  });

  it('sets and removes a number', async () => {
    const bob = await accountOf(client, 'bob');
    const fresh = phone('15550111');
    const newIdentifierVerificationRecordId = await bob.prove(client, fresh);
    await bob.done('POST', '/my-account/primary-phone', { phone: fresh.value, newIdentifierVerificationRecordId });
    assert.equal((await bob.get('/my-account')).primaryPhone, fresh.value);
    await bob.done('DELETE', '/my-account/primary-phone');
    assert.equal((await bob.get('/my-account')).primaryPhone, null);
  });

  it('accepts a code for the own address as a proof', async () => {
    const ada = await accountOf(client);
    const record = await ada.prove(client, email('ada@example.com'));
    assert.equal((await ada.call('GET', '/my-account/sessions', undefined, { record })).status, 200);
    const unproven = await ada.send(email('ada@example.com'));
    const refused = [401, 'verification_record.permission_denied', 'GET', '/my-account/sessions', undefined];
    await ada.refused(...refused, { record: unproven });
    const bob = await accountOf(client, 'bob');
    await bob.refused(...refused, { record });
    await client.advance(600);
    await ada.refused(...refused, { record });
  });

  it('refuses codes and records that do not fit', async () => {
    const ada = await accountOf(client);
    const fresh = email('countess@example.com');
    const record = await ada.send(fresh);
    const [{ code }] = (await client.control('codes')).body;
    const wrong = code === '000000' ? '000001' : '000000';
    const verify = (...args) => ada.verification(...args);
    await ada.refused(400, 'verification_code.email_mismatch', ...verify(email('x@example.com'), record, code));
    await ada.refused(400, 'verification_record.not_found', ...verify(phone('15550100'), record, code));
    await ada.refused(400, 'verification_record.not_found', ...verify(fresh, 'unknown', code));
    const set = (value, id = record) => [
      'POST',
      '/my-account/primary-email',
      { email: value, newIdentifierVerificationRecordId: id },
    ];
    await ada.refused(400, 'verification_record.not_found', ...set(fresh.value));
    for (let tries = 0; tries < 10; tries += 1) {
      await ada.refused(400, 'verification_code.code_mismatch', ...verify(fresh, record, wrong));
    }
    await ada.refused(400, 'verification_code.exceed_max_try', ...verify(fresh, record, code));

    const proven = await ada.prove(client, fresh);
    await ada.refused(400, 'verification_code.not_found', ...verify(fresh, proven, code));
    await ada.refused(400, 'verification_record.not_found', ...set('other@example.com', proven));
    await ada.refused(400, 'guard.invalid_input', ...set('no address', proven));
    const taken = await ada.prove(client, email('BOB@example.com'));
    await ada.refused(422, 'user.email_already_in_use', ...set('BOB@example.com', taken));
    await client.advance(600);
    const late = await accountOf(client);
    await late.refused(400, 'verification_record.not_found', ...set(fresh.value, proven));
  });

  it('refuses without the scope, a connector or another identifier', async () => {
    const plain = await accountOf(client, 'ada', { scope: 'openid', resource: undefined });
    await plain.refused(400, 'auth.unauthorized', 'DELETE', '/my-account/primary-email');
    await plain.refused(400, 'auth.unauthorized', 'DELETE', '/my-account/primary-phone');
    await client.control('settings', { message_connectors: false });
    const send = ['POST', '/verifications/verification-code'];
    await plain.refused(501, 'connector.not_found', ...send, { identifier: email('a@example.com') });
    for (const identifier of [undefined, email('no address'), phone('+1'), { type: 'username', value: 'ada' }]) {
      await plain.refused(400, 'guard.invalid_input', ...send, { identifier });
    }
  });
});
