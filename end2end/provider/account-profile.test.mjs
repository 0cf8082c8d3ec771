// The Account API: name, avatar, username, profile and password.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountOf } from './account/testing.mjs';
import { provider } from './testing.mjs';

describe('the account', () => {
  const client = provider();

  it('has the fields of the scopes', async () => {
    const ada = await (await accountOf(client)).get('/my-account');
    assert.deepEqual(
      [ada.username, ada.primaryEmail, ada.primaryPhone, ada.hasPassword, ada.applicationId],
      ['ada', 'ada@example.com', '15550100', true, null],
    );
    assert.deepEqual([ada.profile.givenName, ada.profile.address.locality], ['Ada', 'London']);
    assert.equal(ada.avatar, `${client.baseUrl}/pictures/ada.svg`);
    assert.ok(Math.abs(ada.lastSignInAt - Date.now()) < 60_000);
    const plain = await (await accountOf(client, 'ada', { scope: 'openid', resource: undefined })).get('/my-account');
    assert.deepEqual(
      Object.keys(plain).filter((name) => /name|email|phone|data|identities|avatar|profile/i.test(name)),
      [],
    );
    const scope = 'openid profile';
    const { profile } = await (await accountOf(client, 'ada', { scope, resource: undefined })).get('/my-account');
    assert.deepEqual([profile.nickname, profile.address], ['The Enchantress of Numbers', undefined]);
  });

  it('changes single claims of the profile', async () => {
    const ada = await accountOf(client);
    const change = { nickname: 'Countess', address: { locality: 'Ockham', streetAddress: '1 Park' }, unknown: 1 };
    const { status, body } = await ada.call('PATCH', '/my-account/profile', change);
    assert.equal(status, 200);
    assert.deepEqual(
      [body.nickname, body.givenName, body.address, body.unknown],
      ['Countess', 'Ada', { locality: 'Ockham', streetAddress: '1 Park' }, undefined],
    );
    const { body: claims } = await client.userInfo(ada.tokens.access_token);
    assert.deepEqual([claims.nickname, claims.address.street_address], ['Countess', '1 Park']);
    for (const invalid of [{ nickname: 1 }, { address: 'London' }, { address: { locality: 1 } }]) {
      await ada.refused(400, 'guard.invalid_input', 'PATCH', '/my-account/profile', invalid);
    }
    const noAddress = await accountOf(client, 'ada', { scope: 'openid profile', resource: undefined });
    await noAddress.refused(400, 'auth.unauthorized', 'PATCH', '/my-account/profile', { address: {} });
    const noProfile = await accountOf(client, 'ada', { scope: 'openid', resource: undefined });
    await noProfile.refused(400, 'auth.unauthorized', 'PATCH', '/my-account/profile', { nickname: 'x' });
  });

  it('changes the username with a verification record', async () => {
    const ada = await accountOf(client);
    const path = '/my-account';
    const refused = [401, 'verification_record.permission_denied'];
    await ada.refused(...refused, 'PATCH', path, { username: 'countess' }, { record: null });
    await ada.refused(422, 'user.username_already_in_use', 'PATCH', path, { username: 'bob' });
    await ada.refused(400, 'guard.invalid_input', 'PATCH', path, { username: '1 bob' });
    assert.equal((await ada.call('PATCH', path, { username: 'countess' })).body.username, 'countess');
    assert.equal((await ada.call('PATCH', path, { username: null })).body.username, null);
    const { body: claims } = await client.userInfo(ada.tokens.access_token);
    assert.deepEqual([claims.sub, claims.username], ['ada0demouser', null]);
    const cleo = await accountOf(client, 'cleo');
    await cleo.refused(400, 'user.last_sign_in_method_required', 'PATCH', path, { username: null });
  });

  it('changes the password, and stays signed in', async () => {
    const ada = await accountOf(client);
    const change = ['POST', '/my-account/password', { password: 'another password' }];
    await ada.refused(401, 'verification_record.permission_denied', ...change, { record: null });
    await ada.refused(422, 'password.rejected', 'POST', '/my-account/password', { password: 'short' });
    await ada.done(...change);
    const check = (password) => ['POST', '/verifications/password', { password }];
    await ada.refused(422, 'session.invalid_credentials', ...check('ada-demo'));
    assert.equal((await ada.call(...check('another password'))).status, 201);
    assert.equal((await client.refresh(ada.tokens.refresh_token)).status, 200);
  });

  it('follows the settings of the tenant for each field', async () => {
    const ada = await accountOf(client);
    const fields = { name: 'ReadOnly', email: 'Off', phone: 'ReadOnly', social: 'ReadOnly', mfa: 'Off', session: 'Off' };
    const account_fields = { ...fields, password: 'Off', profile: 'ReadOnly' };
    assert.equal((await client.control('settings', { account_fields })).status, 200);
    const { name, primaryEmail, hasPassword } = await ada.get('/my-account');
    assert.deepEqual([name, primaryEmail, hasPassword], ['Ada Lovelace', undefined, undefined]);
    const newIdentifierVerificationRecordId = 'x';
    for (const request of [
      ['PATCH', '/my-account', { name: 'X' }],
      ['PATCH', '/my-account/profile', { nickname: 'X' }],
      ['POST', '/my-account/password', { password: 'another password' }],
      ['POST', '/my-account/primary-email', { email: 'a@example.com', newIdentifierVerificationRecordId }],
      ['DELETE', '/my-account/primary-phone'],
      ['POST', '/my-account/identities', { newIdentifierVerificationRecordId }],
      ['DELETE', '/my-account/identities/github'],
      ['POST', '/my-account/mfa-verifications', { type: 'Totp', secret: 'x' }],
      ['PATCH', '/my-account/mfa-settings', { skipMfaOnSignIn: true }],
      ['PATCH', '/my-account/logto-configs', {}],
      ['DELETE', '/my-account/sessions/x'],
      ['DELETE', '/my-account/grants/x'],
    ]) {
      await ada.refused(400, 'account_center.field_not_editable', ...request);
    }
    for (const path of ['mfa-verifications', 'mfa-settings', 'logto-configs', 'sessions', 'grants']) {
      await ada.refused(400, 'account_center.field_not_enabled', 'GET', `/my-account/${path}`);
    }
    assert.equal((await client.control('settings', { account_fields: { name: 'Maybe' } })).status, 400);
  });
});
