// The Account API: the factors of multi-factor authentication, and the settings for them.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { accountOf } from './account/testing.mjs';
import { codeAt, isCode } from './account/totp.mjs';
import { provider } from './testing.mjs';

const path = '/my-account/mfa-verifications';
const denied = [401, 'verification_record.permission_denied'];

describe('factors of the account', () => {
  const client = provider();

  const secretOf = async (account) => (await account.call('POST', `${path}/totp-secret/generate`, {})).body.secret;
  const totp = (secret, code = codeAt(secret, Date.now())) => ({ type: 'Totp', secret, code });
  const kinds = async (account) => (await account.get(path)).map(({ type }) => type);

  it('has an authenticator app, and backup codes beside it', async () => {
    const bob = await accountOf(client, 'bob');
    assert.deepEqual(await bob.get(path), []);
    const { codes } = (await bob.call('POST', `${path}/backup-codes/generate`, {})).body;
    assert.equal(codes.length, 10);
    const backup = { type: 'BackupCode', codes };
    await bob.refused(422, 'session.mfa.backup_code_can_not_be_alone', 'POST', path, backup);
    await bob.done('POST', path, totp(await secretOf(bob)));
    await bob.refused(422, 'user.wrong_backup_code_format', 'POST', path, { ...backup, codes: codes.slice(1) });
    await bob.done('POST', path, backup);
    const [app, spare] = await bob.get(path);
    assert.deepEqual([app.type, spare.type, spare.remainCodes], ['Totp', 'BackupCode', 10]);
    await bob.refused(422, 'user.totp_already_in_use', 'POST', path, totp(await secretOf(bob)));
    await bob.refused(422, 'user.backup_code_already_in_use', 'POST', path, backup);
    await bob.done('PUT', `${path}/totp`, totp(await secretOf(bob)));
    const [replaced] = await bob.get(path);
    assert.notEqual(replaced.id, app.id);
    await bob.done('DELETE', `${path}/${spare.id}`);
    await bob.done('DELETE', `${path}/${replaced.id}`);
    await bob.refused(400, 'verification_record.not_found', 'DELETE', `${path}/${replaced.id}`);
    assert.deepEqual(await kinds(bob), []);
  });

  it('replaces the authenticator app of a demo user', async () => {
    const ada = await accountOf(client);
    assert.deepEqual(await kinds(ada), ['Totp']);
    await ada.done('PUT', `${path}/totp`, totp(await secretOf(ada)));
    assert.deepEqual(await kinds(ada), ['Totp']);
  });

  it('refuses wrong codes and secrets, passkeys and calls without a record or the scope', async () => {
    const bob = await accountOf(client, 'bob');
    const secret = await secretOf(bob);
    const late = codeAt(secret, Date.now() + 600_000);
    await bob.refused(400, 'session.mfa.invalid_totp_code', 'POST', path, totp(secret, late));
    await bob.refused(400, 'user.totp_secret_invalid', 'POST', path, totp('not base 32', '123456'));
    const passkey = { type: 'WebAuthn', newIdentifierVerificationRecordId: 'x' };
    await bob.refused(400, 'session.mfa.mfa_factor_not_enabled', 'POST', path, passkey);
    await bob.refused(400, 'verification_record.not_found', 'PATCH', `${path}/totp/name`, { name: 'x' });
    await bob.refused(400, 'guard.invalid_input', 'POST', path, { type: 'Telepathy' });
    assert.equal((await bob.call('POST', '/verifications/web-authn/registration')).status, 404);
    await bob.refused(...denied, 'POST', path, totp(secret), { record: null });
    const plain = await accountOf(client, 'bob', { scope: 'openid', resource: undefined });
    await plain.refused(401, 'auth.unauthorized', 'GET', path);
    await plain.refused(401, 'auth.unauthorized', 'POST', path, totp(secret));
    await bob.done('POST', path, { type: 'Totp', secret });
  });

  it('keeps the settings of the user', async () => {
    const bob = await accountOf(client, 'bob');
    const [settings, configs] = ['/my-account/mfa-settings', '/my-account/logto-configs'];
    assert.deepEqual(await bob.get(settings), { skipMfaOnSignIn: false });
    const skip = { skipMfaOnSignIn: true };
    await bob.refused(...denied, 'PATCH', settings, skip, { record: null });
    assert.deepEqual(await bob.call('PATCH', settings, skip), { status: 200, body: skip });
    const changed = { mfa: { skipped: true, skipMfaOnSignIn: true }, passkeySignIn: { skipped: false } };
    const change = { mfa: { skipped: true }, unknown: 1 };
    await bob.refused(...denied, 'PATCH', configs, change, { record: null });
    assert.deepEqual(await bob.call('PATCH', configs, change), { status: 200, body: changed });
    assert.deepEqual(await bob.get(configs), changed);
    await bob.refused(400, 'guard.invalid_input', 'PATCH', configs, { mfa: { skipped: 'yes' } });
    await bob.refused(400, 'guard.invalid_input', 'PATCH', settings, {});
    const plain = await accountOf(client, 'bob', { scope: 'openid', resource: undefined });
    await plain.refused(401, 'auth.unauthorized', 'GET', settings);
    await plain.refused(401, 'auth.unauthorized', 'GET', configs);
  });
});

it('computes the codes of RFC 6238, and accepts a clock that is one step off', () => {
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
  for (const [seconds, code] of [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [20_000_000_000, '353130'],
  ]) {
    assert.equal(codeAt(secret, seconds * 1000), code);
  }
  assert.deepEqual(
    [1_111_111_049, 1_111_111_050, 1_111_111_139, 1_111_111_140].map((now) => isCode(secret, '081804', now * 1000)),
    [false, true, true, false],
  );
});
