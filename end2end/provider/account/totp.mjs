// Time-based one-time passwords (RFC 6238): six digits, 30 seconds, SHA-1.

import { createHmac, randomInt } from 'node:crypto';

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const step = 30_000;

/** A secret of 80 bits, in Base32. */
export const generateSecret = () => Array.from({ length: 16 }, () => alphabet[randomInt(32)]).join('');

export const isSecret = (secret) => typeof secret === 'string' && /^[A-Z2-7]{16,}$/.test(secret);

/** The code of a secret at a time in milliseconds. */
export function codeAt(secret, time) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(time / step)));
  const digest = createHmac('sha1', decode(secret)).update(counter).digest();
  const offset = digest[19] & 15;
  const number = digest.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** Whether a code is the one of this time, or of the step before or after it. */
export const isCode = (secret, code, now = Date.now()) =>
  [-step, 0, step].some((difference) => codeAt(secret, now + difference) === code);

function decode(secret) {
  const bits = [...secret].map((character) => alphabet.indexOf(character).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
}
