// The factors of multi-factor authentication: an authenticator app and backup codes. A passkey would
// need a device that proves it, so its calls are unknown here.

import { randomBytes } from 'node:crypto';
import { refuse } from '../api.mjs';
import { requireScope, requireVerified } from './access.mjs';
import { generateSecret, isCode, isSecret } from './totp.mjs';
import { isText } from './values.mjs';

const path = '/my-account/mfa-verifications';
const backupCodes = 10;

/** The authenticator app that a demo user has from the start. */
const demoApp = { id: 'totp', type: 'Totp', createdAt: '2024-01-15T09:30:00.000Z' };

const factorsOf = (user) => user.factors ?? (user.secondFactor ? [demoApp] : []);

const shown = ({ id, createdAt, type, codes }) => ({
  id,
  createdAt,
  type,
  ...(codes && { remainCodes: codes.length }),
});

export function factorRoutes({ fields, changed, log }) {
  const requireAccess = (caller) => {
    requireVerified(caller);
    fields.requireEditable('mfa');
    requireScope(caller, 'identities');
  };
  const set = ({ caller, origin }, factors) => {
    caller.user.factors = factors;
    caller.user.secondFactor = factors.some(({ type }) => type === 'Totp');
    changed(caller, origin);
    return [204];
  };
  const add = (request, factor) => set(request, [...factorsOf(request.caller.user), created(factor)]);
  const has = ({ user }, wanted) => factorsOf(user).some(({ type }) => type === wanted);

  const adding = {
    Totp(request) {
      const { caller, body } = request;
      if (has(caller, 'Totp')) {
        refuse(422, 'user.totp_already_in_use');
      }
      checkTotp(body, body.code !== undefined);
      return add(request, { type: 'Totp' });
    },
    BackupCode(request) {
      const { caller, body } = request;
      if (has(caller, 'BackupCode')) {
        refuse(422, 'user.backup_code_already_in_use');
      }
      if (!has(caller, 'Totp')) {
        refuse(422, 'session.mfa.backup_code_can_not_be_alone');
      }
      if (body.codes.length !== backupCodes || !body.codes.every((code) => /^[\da-f]{10}$/i.test(code))) {
        refuse(422, 'user.wrong_backup_code_format');
      }
      return add(request, { type: 'BackupCode', codes: body.codes });
    },
  };

  return {
    [`GET ${path}`]: ({ caller }) => {
      fields.requireReadable('mfa');
      requireScope(caller, 'identities');
      return [200, factorsOf(caller.user).map(shown)];
    },
    [`POST ${path}`]: (request) => {
      const { caller, body } = request;
      const isValid = {
        Totp: isText(body.secret) && (body.code === undefined || isText(body.code)),
        BackupCode: Array.isArray(body.codes) && body.codes.every(isText),
        WebAuthn: isText(body.newIdentifierVerificationRecordId),
      };
      if (!Object.hasOwn(isValid, body.type) || !isValid[body.type]) {
        refuse(400, 'guard.invalid_input');
      }
      requireAccess(caller);
      return adding[body.type]?.(request) ?? refuse(400, 'session.mfa.mfa_factor_not_enabled');
    },
    [`PUT ${path}/totp`]: (request) => {
      const { caller, body } = request;
      if (!isText(body.secret) || !isText(body.code)) {
        refuse(400, 'guard.invalid_input');
      }
      requireAccess(caller);
      checkTotp(body, true);
      const factor = created({ type: 'Totp' });
      const factors = factorsOf(caller.user);
      const at = factors.findIndex(({ type }) => type === 'Totp');
      return set(request, at < 0 ? [...factors, factor] : factors.with(at, factor));
    },
    // Only passkeys have names, and no user has one.
    [`PATCH ${path}/:id/name`]: ({ caller, body }) => {
      if (!isText(body.name)) {
        refuse(400, 'guard.invalid_input');
      }
      requireAccess(caller);
      return refuse(400, 'verification_record.not_found');
    },
    [`DELETE ${path}/:id`]: (request) => {
      const { caller, params } = request;
      requireAccess(caller);
      const factors = factorsOf(caller.user);
      const left = factors.filter(({ id }) => id !== params.id);
      return left.length < factors.length ? set(request, left) : refuse(400, 'verification_record.not_found');
    },
    [`POST ${path}/totp-secret/generate`]: () => {
      const secret = generateSecret();
      log.addSecret('secret of an authenticator app', secret);
      return [200, { secret }];
    },
    [`POST ${path}/backup-codes/generate`]: () => {
      const codes = Array.from({ length: backupCodes }, () => randomBytes(5).toString('hex'));
      codes.forEach((code) => log.addSecret('backup code', code));
      return [200, { codes }];
    },
  };
}

const created = (factor) => ({
  id: randomBytes(10).toString('hex'),
  createdAt: new Date(Date.now()).toISOString(),
  ...factor,
});

function checkTotp({ secret, code }, isChecked) {
  if (!isSecret(secret)) {
    refuse(400, 'user.totp_secret_invalid');
  }
  if (isChecked && !isCode(secret, code)) {
    refuse(400, 'session.mfa.invalid_totp_code');
  }
}
