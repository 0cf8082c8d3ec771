// Registration: a visitor enters an email address, a name and a password, and becomes a user.

import { addUser, findUserByEmail } from './directory.mjs';

/** The shortest password that Logto accepts by default. */
export const minimumPasswordLength = 8;

export const isEmail = (value) => typeof value === 'string' && /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/.test(value);

/**
 * Registers the user of a form. Returns `{ user }`, or `{ problem }` with a text for the visitor, the
 * field that has to change, and a status.
 */
export function register({ email, name, password }) {
  if (!isEmail(email)) {
    return { problem: { status: 400, field: 'email', text: 'Enter an email address.' } };
  }
  if (findUserByEmail(email)) {
    const text = 'There is already an account with this email address. Sign in instead.';
    return { problem: { status: 422, field: 'email', text } };
  }
  if (password.length < minimumPasswordLength) {
    const text = `The password needs at least ${minimumPasswordLength} characters.`;
    return { problem: { status: 422, field: 'password', text } };
  }
  return { user: addUser({ email, name: name || null, password }) };
}
