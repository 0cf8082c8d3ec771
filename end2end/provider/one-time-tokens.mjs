// One-time tokens of magic links.

import { randomBytes } from 'node:crypto';

const defaultLifetime = 600;

export class OneTimeTokens {
  #all = new Map();

  get all() {
    return [...this.#all.values()];
  }

  /** Creates a token for an email address, which need not belong to a user. */
  create({ email, expiresIn = defaultLifetime, context = {} }) {
    const [id, token] = [randomBytes(10).toString('hex'), randomBytes(24).toString('base64url')];
    const createdAt = Date.now();
    const created = { id, email, token, context, status: 'active', createdAt, expiresAt: createdAt + expiresIn * 1000 };
    this.#all.set(id, created);
    return created;
  }

  /** The token with this id, or undefined. */
  get(id) {
    return this.#all.get(id);
  }

  /** Why a token cannot be used for an address: a status and Logto's code. Undefined if it can. */
  problem({ token, email }) {
    const found = this.#find(token);
    if (!found) {
      return [404, 'one_time_token.token_not_found'];
    }
    if (found.status !== 'active') {
      return [400, `one_time_token.token_${found.status}`];
    }
    if (found.expiresAt <= Date.now()) {
      return [400, 'one_time_token.token_expired'];
    }
    return found.email === email ? undefined : [400, 'one_time_token.email_mismatch'];
  }

  /** Uses up a token that has no problem. */
  consume(token) {
    const found = this.#find(token);
    found.status = 'consumed';
    return found;
  }

  clear() {
    this.#all.clear();
  }

  #find(token) {
    return this.all.find((other) => other.token === token);
  }
}
