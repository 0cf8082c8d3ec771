// One-time tokens of magic links.

import { randomBytes } from 'node:crypto';

const defaultLifetime = 600;

export class OneTimeTokens {
  #all = new Map();

  /** All tokens, the newest first. */
  get all() {
    return [...this.#all.values()].map(current).reverse();
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
    const found = this.#all.get(id);
    return found && current(found);
  }

  /**
   * Why a token cannot be used for an address: a status and Logto's code. Undefined if it can. The
   * order of the checks is Logto's: a consumed token that is too old has expired.
   */
  problem({ token, email }) {
    const found = this.#find(token);
    if (!found) {
      return [404, 'one_time_token.token_not_found'];
    }
    if (found.email !== email) {
      return [400, 'one_time_token.email_mismatch'];
    }
    if (isExpired(found)) {
      return [400, 'one_time_token.token_expired'];
    }
    return found.status === 'active' ? undefined : [400, `one_time_token.token_${found.status}`];
  }

  /** Why a token without another problem cannot be used by a user who does this: the same. */
  eventProblem({ token }, event) {
    const only = this.#find(token).context.interactionEvent ?? event;
    return only === event ? undefined : [400, 'one_time_token.interaction_event_mismatch'];
  }

  /** Uses up a token that has no problem. */
  consume(token) {
    const found = this.#find(token);
    found.status = 'consumed';
    return found;
  }

  /** Sets the status of a token, and returns it. */
  setStatus(id, status) {
    return Object.assign(this.#all.get(id), { status });
  }

  /** Whether there was a token with this id. */
  delete(id) {
    return this.#all.delete(id);
  }

  clear() {
    this.#all.clear();
  }

  #find(token) {
    return [...this.#all.values()].find((other) => other.token === token);
  }
}

const isExpired = ({ expiresAt }) => expiresAt <= Date.now();

/** A copy of a token with its status at this time. */
const current = (token) => ({ ...token, ...(token.status === 'active' && isExpired(token) && { status: 'expired' }) });
