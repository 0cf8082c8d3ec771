// `/test/*`: settings, the clock and a log, for tests. A Logto server has none of it.

import { advance, resetClock } from './clock.mjs';
import { resetDirectory } from './directory.mjs';
import { InvalidSetting } from './settings.mjs';

const capacity = 1000;
/** Parameters that the log may show, because none of them is a secret. */
const logged = [
  'grant_type',
  'resource',
  'organization_id',
  'scope',
  'prompt',
  'max_age',
  'acr_values',
  'ui_locales',
  'post_logout_redirect_uri',
  'token_type_hint',
  'subject_token_type',
  'direct_sign_in',
  'login_hint',
];

/** Request parameters and response members that only the app and the provider may see. */
const secret = [
  'code',
  'code_verifier',
  'state',
  'nonce',
  'refresh_token',
  'access_token',
  'id_token',
  'id_token_hint',
  'token',
  'subject_token',
  'actor_token',
  'one_time_token',
];

export class RequestLog {
  #entries = [];
  #secrets = new Map();

  add(entry) {
    this.#entries.push({ time: new Date(Date.now()).toISOString(), ...entry });
    this.#entries.splice(0, this.#entries.length - capacity);
  }

  clear() {
    this.#entries = [];
    this.#secrets.clear();
  }

  /** Each secret that was sent or received, with its name. */
  secrets() {
    return [...this.#secrets].map(([value, name]) => ({ name, value }));
  }

  addSecret(name, value) {
    this.#secrets.set(value, name);
  }

  #addSecrets(...sources) {
    for (const source of sources) {
      for (const name of secret) {
        // Keeps the first name: a revocation request calls every token `token`.
        if (typeof source?.[name] === 'string' && !this.#secrets.has(source[name])) {
          this.#secrets.set(source[name], name);
        }
      }
    }
  }

  toJSON() {
    return this.#entries;
  }

  /** Koa middleware: logs each request to the provider after its response. */
  middleware() {
    return async (ctx, next) => {
      try {
        await next();
      } finally {
        const params = ctx.oidc?.params ?? {};
        const location = ctx.response.get('location');
        const redirect = URL.canParse(location) ? Object.fromEntries(new URL(location).searchParams) : {};
        this.#addSecrets(params, redirect, ctx.body);
        const { authorization } = ctx.req.headers;
        if (authorization) {
          this.#secrets.set(authorization.replace(/^\w+ /, ''), 'authorization');
        }
        const shown = logged.filter((name) => params[name] !== undefined).map((name) => [name, params[name]]);
        this.add({
          method: ctx.method,
          path: new URL(ctx.req.originalUrl, 'http://provider').pathname,
          status: ctx.respond === false ? null : ctx.status,
          ...Object.fromEntries(shown),
        });
      }
    };
  }
}

/**
 * Handles these routes:
 *
 * - `GET /test/settings` returns all settings.
 * - `POST /test/settings` changes some and returns all; see settings.mjs.
 * - `POST /test/clock` with `{"advance": seconds}` advances the clock.
 * - `POST /test/reset` restores settings, users, organizations, webhooks, clock and log; with
 *   `{"sessions": true}` it also deletes all sessions and tokens.
 * - `GET /test/log` returns the requests and the deliveries of webhooks, oldest first.
 * - `GET /test/codes` returns the unused codes that were sent, the newest last, as `[{type, value,
 *   code}]`.
 * - `GET /test/secrets` returns the secrets that were exchanged, as `[{name, value}]`.
 */
export function control({ settings, log, store, created }) {
  const routes = {
    'GET /test/settings': () => settings.snapshot(),
    'POST /test/settings': (body) => {
      settings.change(body);
      return settings.snapshot();
    },
    'POST /test/clock': ({ advance: seconds }) => {
      if (!Number.isSafeInteger(seconds) || seconds < 0) {
        throw new InvalidSetting('advance must be a number of seconds');
      }
      advance(seconds);
      return { now: Math.floor(Date.now() / 1000) };
    },
    'POST /test/reset': ({ sessions }) => {
      settings.reset();
      resetDirectory();
      resetClock();
      log.clear();
      Object.values(created).forEach((data) => data.clear());
      if (sessions) {
        store.clear();
      }
      return settings.snapshot();
    },
    'GET /test/log': () => log,
    'GET /test/codes': () => created.verifications.codes,
    'GET /test/secrets': () => log.secrets(),
  };
  return async (req, res) => {
    const route = routes[`${req.method} ${new URL(req.url, 'http://provider').pathname}`];
    if (!route) {
      return json(res, 404, { error: 'not found' });
    }
    try {
      return json(res, 200, route(req.method === 'POST' ? await readJson(req) : undefined));
    } catch (error) {
      if (error instanceof InvalidSetting) {
        return json(res, 400, { error: error.message });
      }
      throw error;
    }
  };
}

async function readJson(req) {
  // A page of another origin cannot send this content type without a CORS preflight.
  if (req.headers['content-type'] !== 'application/json') {
    throw new InvalidSetting('the content type must be application/json');
  }
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) {
    text += chunk;
  }
  try {
    const value = JSON.parse(text || '{}');
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value;
    }
  } catch {
    // Falls through to the error below.
  }
  throw new InvalidSetting('the body must be a JSON object');
}

function json(res, status, body) {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}
