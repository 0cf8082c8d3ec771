// Tokens with which programs act for users: subject tokens and personal access tokens.

import { randomBytes } from 'node:crypto';

/** How long a subject token can be exchanged, in seconds. */
export const subjectTokenLifetime = 600;

export class Delegation {
  #subjects = new Map();
  #personal = new Map();

  /** Creates a subject token for a user. */
  createSubject(userId) {
    const value = `sub_${randomBytes(24).toString('base64url')}`;
    this.#subjects.set(value, { userId, expiresAt: Date.now() + subjectTokenLifetime * 1000 });
    return value;
  }

  /** The user of a subject token that is neither consumed nor expired. */
  subject(value) {
    const token = this.#subjects.get(value);
    return token && token.expiresAt > Date.now() ? token.userId : undefined;
  }

  /** Consumes a subject token. Other tokens are ignored: they can be exchanged again. */
  consumeSubject(value) {
    this.#subjects.delete(value);
  }

  /** Creates a personal access token, or returns undefined if the user has one with this name. */
  createPersonal({ userId, name, expiresAt }) {
    if (this.#findPersonal(userId, name)) {
      return undefined;
    }
    const value = `pat_${randomBytes(24).toString('base64url')}`;
    this.#personal.set(value, { userId, name, expiresAt });
    return value;
  }

  /** The user of a personal access token that has not expired. */
  personal(value) {
    const token = this.#personal.get(value);
    return token && (token.expiresAt ?? Infinity) > Date.now() ? token.userId : undefined;
  }

  /** Deletes a personal access token. Returns whether it existed. */
  deletePersonal(userId, name) {
    return this.#personal.delete(this.#findPersonal(userId, name));
  }

  clear() {
    this.#subjects.clear();
    this.#personal.clear();
  }

  #findPersonal(userId, name) {
    return [...this.#personal].find(([, token]) => token.userId === userId && token.name === name)?.[0];
  }
}
