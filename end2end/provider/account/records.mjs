// Verification records: proofs that a user is present, or has a new address, number or account.

import { randomBytes, randomInt } from 'node:crypto';
import { refuse } from '../api.mjs';

/** How long a record is valid, in milliseconds. */
const lifetime = 600_000;
/** The number of wrong codes after which no code is accepted. */
const maximumTries = 10;

const codeTypes = { email: 'EmailVerificationCode', phone: 'PhoneVerificationCode' };
/** The types of records that prove the identity of a user. */
const proofs = ['Password', ...Object.values(codeTypes)];

export class Verifications {
  #records = new Map();

  /** Adds a record. Without a user it proves nothing but the possession of its identifier. */
  create(fields) {
    const now = Date.now();
    this.#records.forEach(({ expiresAt }, id) => expiresAt <= now && this.#records.delete(id));
    const record = { id: randomBytes(16).toString('hex'), expiresAt: now + lifetime, ...fields };
    this.#records.set(record.id, record);
    return record;
  }

  /** Adds a record with a code of six digits for an email address or phone number. */
  createCode({ type, value }, userId) {
    const code = randomInt(1_000_000).toString().padStart(6, '0');
    return this.create({ type: codeTypes[type], userId, identifier: { type, value }, code, tries: 0, verified: false });
  }

  /** Whether a record proves the identity of a user. It stays valid for further calls. */
  proves(id, userId) {
    const record = this.#find(id);
    return record?.verified === true && record.userId === userId && proofs.includes(record.type);
  }

  /** The record of this type, from any user. */
  require(id, type) {
    const record = this.#find(id);
    return record?.type === type ? record : refuse(400, 'verification_record.not_found');
  }

  /** The identifier or account that a record of this type has verified. */
  requireVerified(id, type) {
    const record = this.require(id, type);
    return record.verified ? record : refuse(400, 'verification_record.not_found');
  }

  /** Refuses a record that has not verified this email address or phone number. */
  requireIdentifier(id, { type, value }) {
    if (this.requireVerified(id, codeTypes[type]).identifier.value !== value) {
      refuse(400, 'verification_record.not_found');
    }
  }

  /** Checks the code of a record, which can be used once. */
  verifyCode(id, { type, value }, code) {
    const record = this.require(id, codeTypes[type]);
    if (record.code === undefined) {
      refuse(400, 'verification_code.not_found');
    }
    if (record.identifier.value !== value) {
      refuse(400, `verification_code.${type}_mismatch`);
    }
    if (record.tries >= maximumTries) {
      refuse(400, 'verification_code.exceed_max_try');
    }
    if (record.code !== code) {
      record.tries += 1;
      refuse(400, 'verification_code.code_mismatch');
    }
    delete record.code;
    record.verified = true;
    return record;
  }

  /** The codes that can be used, the newest last, as `{type, value, code}`. */
  get codes() {
    const open = [...this.#records.keys()].map((id) => this.#find(id)).filter((record) => record?.code);
    return open.map(({ identifier, code }) => ({ ...identifier, code }));
  }

  clear() {
    this.#records.clear();
  }

  #find(id) {
    const record = this.#records.get(id);
    return record && record.expiresAt > Date.now() ? record : undefined;
  }
}
