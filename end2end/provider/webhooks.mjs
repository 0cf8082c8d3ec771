// The tenant's webhooks, and the requests that report events to them.

import { createHmac, randomBytes } from 'node:crypto';
import { InvalidSetting } from './settings.mjs';

const newId = () => randomBytes(10).toString('hex');
const newKey = () => randomBytes(16).toString('hex');

/** The events that the app of the guide asks for (docs/webhooks.md). */
const seededEvents = ['User.Deleted', 'User.SuspensionStatus.Updated', 'Organization.Membership.Updated'];

/**
 * The webhook that the tenant has from the start, as a list: with the URL and the signing key of the
 * environment, or none.
 */
export function seededWebhooks({ PROVIDER_WEBHOOK_URL: url, PROVIDER_WEBHOOK_SIGNING_KEY: signingKey }) {
  if (!url && !signingKey) {
    return [];
  }
  if (!signingKey || !URL.canParse(url)) {
    throw new InvalidSetting('PROVIDER_WEBHOOK_URL must be an absolute URL, together with PROVIDER_WEBHOOK_SIGNING_KEY');
  }
  return [{ name: 'The app', events: seededEvents, config: { url }, signingKey }];
}

export class Webhooks {
  #all = new Map();
  #log;
  #seeded;
  #timeout;
  /** Ends the deliveries that are in flight. */
  #ending = new AbortController();

  /** `timeout` is the time for a receiver's response, in milliseconds. `log` records the deliveries. */
  constructor(log, seeded = [], { timeout = 10_000 } = {}) {
    this.#log = log;
    this.#seeded = seeded;
    this.#timeout = timeout;
    this.clear();
  }

  get all() {
    return [...this.#all.values()];
  }

  /** The webhook with this id, or undefined. */
  get(id) {
    return this.#all.get(id);
  }

  create({ name = '', event = null, events = [], config, enabled = true, signingKey = newKey() }) {
    const id = newId();
    const webhook = { tenantId: 'default', id, name, event, events, config, signingKey, enabled, createdAt: Date.now() };
    this.#all.set(id, webhook);
    this.#log.addSecret('signing key', signingKey);
    return webhook;
  }

  /** Changes fields of a webhook, and returns it, or undefined. */
  update(id, fields) {
    const found = this.#all.get(id);
    return found && Object.assign(found, fields);
  }

  /** Replaces the signing key of a webhook, and returns the webhook, or undefined. */
  renewKey(id) {
    const renewed = this.update(id, { signingKey: newKey() });
    if (renewed) {
      this.#log.addSecret('signing key', renewed.signingKey);
    }
    return renewed;
  }

  /** Whether there was a webhook with this id. */
  delete(id) {
    return this.#all.delete(id);
  }

  /** Restores the initial webhooks, and ends the deliveries that are in flight. */
  clear() {
    this.#ending.abort();
    this.#ending = new AbortController();
    this.#all.clear();
    this.#seeded.forEach((webhook) => this.create(webhook));
  }

  /**
   * Reports an event to the webhooks that ask for it. Does not wait for the receivers, and never
   * fails: the request that caused the event has succeeded.
   */
  report(event, data) {
    const payload = { event, createdAt: new Date(Date.now()).toISOString(), ...data };
    const asksFor = (webhook) => (webhook.events.length > 0 ? webhook.events.includes(event) : webhook.event === event);
    for (const webhook of this.all.filter((each) => each.enabled && asksFor(each))) {
      this.#deliver(webhook, { ...payload, hookId: webhook.id });
    }
  }

  /** Sends an event once, as Logto 1.42: its HTTP client retries no POST. */
  async #deliver({ config: { url, headers }, signingKey }, payload) {
    const { signal: ending } = this.#ending;
    const body = JSON.stringify(payload);
    const entry = { method: 'POST', path: withoutSecrets(url), status: null, event: payload.event };
    try {
      const sent = new Headers({ 'user-agent': 'Logto (https://logto.io/)', 'content-type': 'application/json' });
      for (const [name, value] of Object.entries(headers ?? {})) {
        sent.set(name, value);
      }
      sent.set('logto-signature-sha-256', createHmac('sha256', signingKey).update(body).digest('hex'));
      const response = await fetch(url, {
        method: 'POST',
        headers: sent,
        body,
        signal: AbortSignal.any([ending, AbortSignal.timeout(this.#timeout)]),
      });
      entry.status = response.status;
      await response.body?.cancel();
    } catch (error) {
      entry.error = String(error.cause ?? error);
    }
    if (!ending.aborted) {
      this.#log.add(entry);
    }
  }
}

/** The address without user name, password and query, for the log. */
function withoutSecrets(address) {
  if (!URL.canParse(address)) {
    return 'not a URL';
  }
  const { origin, pathname } = new URL(address);
  return origin + pathname;
}
