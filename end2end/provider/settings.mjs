// The settings: from environment variables at the start, and by `POST /test/settings` while the
// provider runs.

import { isClaimsScript } from './claims-script.mjs';

const day = 24 * 60 * 60;

const positive = (value) => Number.isSafeInteger(value) && value > 0;
const seconds = positive;
const uriOrNull = (value) => value === null || (typeof value === 'string' && URL.canParse(value));
const boolean = (value) => typeof value === 'boolean';
const endpoints = ['discovery', 'jwks', 'auth', 'token', 'userinfo', 'revocation', 'end_session', 'api'];

function faults(value) {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([endpoint, fault]) => endpoints.includes(endpoint) && (fault === null || isFault(fault)),
    )
  );
}

const faultChecks = {
  delay_ms: (v) => Number.isSafeInteger(v) && v >= 0,
  status: (v) => Number.isSafeInteger(v) && v >= 400 && v <= 599,
  retry_after: seconds,
  hold: boolean,
  hang: boolean,
  after: boolean,
  times: seconds,
};

function isFault(fault) {
  const isValid = ([key, value]) => Object.hasOwn(faultChecks, key) && faultChecks[key](value);
  return isRecord(fault) && Object.entries(fault).every(isValid);
}

/** Claims that a tenant can exclude from ID tokens. */
const optionalInIdTokens = ['roles', 'organizations', 'organization_roles'];

/** The fields of an account, and the access that a tenant can give its users. */
const accountFieldNames = [
  ...['name', 'avatar', 'profile', 'username', 'email', 'phone', 'password', 'social', 'customData', 'mfa', 'session'],
];
const accountFieldValues = ['Off', 'ReadOnly', 'Edit'];

function accountFields(value) {
  const isValid = ([name, access]) => accountFieldNames.includes(name) && accountFieldValues.includes(access);
  return isRecord(value) && Object.entries(value).every(isValid);
}

const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every setting: its default, its environment variable if it has one, and its valid values. */
const specification = {
  id_token_ttl: {
    initial: 3600,
    env: 'PROVIDER_ID_TOKEN_TTL',
    valid: seconds,
    expected: 'a positive number of seconds',
  },
  access_token_ttl: {
    initial: 3600,
    env: 'PROVIDER_ACCESS_TOKEN_TTL',
    valid: seconds,
    expected: 'a positive number of seconds',
  },
  refresh_token_ttl: {
    initial: 14 * day,
    env: 'PROVIDER_REFRESH_TOKEN_TTL',
    valid: seconds,
    expected: 'a positive number of seconds',
  },
  grant_ttl: { initial: 14 * day, env: 'PROVIDER_GRANT_TTL', valid: seconds, expected: 'a positive number of seconds' },
  rotate: {
    initial: 'default',
    env: 'PROVIDER_ROTATE',
    valid: (v) => ['default', 'always', 'never'].includes(v),
    expected: 'default, always or never',
  },
  always_issue_refresh_token: {
    initial: false,
    env: 'PROVIDER_ALWAYS_ISSUE_REFRESH_TOKEN',
    valid: boolean,
    expected: 'true or false',
  },
  backchannel_logout_uri: {
    initial: null,
    env: 'PROVIDER_BACKCHANNEL_LOGOUT_URI',
    valid: uriOrNull,
    expected: 'an absolute URI or null',
  },
  backchannel_logout_session_required: {
    initial: false,
    env: 'PROVIDER_BACKCHANNEL_LOGOUT_SESSION_REQUIRED',
    valid: boolean,
    expected: 'true or false',
  },
  /** Whether there is step-up authentication, as since Logto 1.46. Logto 1.42 ignores `acr_values`. */
  step_up: {
    initial: false,
    env: 'PROVIDER_STEP_UP',
    valid: boolean,
    expected: 'true or false',
  },
  /** Whether the applications may exchange tokens (RFC 8693). */
  token_exchange: {
    initial: true,
    env: 'PROVIDER_TOKEN_EXCHANGE',
    valid: boolean,
    expected: 'true or false',
  },
  /** Suspended usernames: they cannot sign in or refresh. */
  suspended: {
    initial: [],
    valid: (v) => Array.isArray(v) && v.every((name) => typeof name === 'string'),
    expected: 'a list of usernames',
  },
  /**
   * Usernames that may not use the web application: it cannot refresh their tokens, or exchange
   * tokens for theirs. Refresh tokens work again when the name is removed.
   */
  denied: {
    initial: [],
    valid: (v) => Array.isArray(v) && v.every((name) => typeof name === 'string'),
    expected: 'a list of usernames',
  },
  /** Ids of organizations that require a second factor: a user without one gets no token for them. */
  organizations_with_mfa: {
    initial: [],
    valid: (v) => Array.isArray(v) && v.every((id) => typeof id === 'string'),
    expected: 'a list of organization ids',
  },
  /**
   * Ids of organizations that the user has not granted to the application. Logto asks for that
   * consent on behalf of third-party applications.
   */
  organizations_without_consent: {
    initial: [],
    valid: (v) => Array.isArray(v) && v.every((id) => typeof id === 'string'),
    expected: 'a list of organization ids',
  },
  /** The tenant's script for custom claims, see claims-script.mjs. */
  claims_script: {
    initial: null,
    valid: isClaimsScript,
    expected: 'null, {denies: text} or {fails: text}, the latter two with a list of audiences or for all tokens',
  },
  /** The number of grants that a user may have at the application. The next one ends the oldest. */
  max_allowed_grants: {
    initial: null,
    valid: (v) => v === null || positive(v),
    expected: 'a positive number or null',
  },
  /** Whether the tenant has switched the Account API on. */
  account_center: { initial: true, valid: boolean, expected: 'true or false' },
  /** What users may do with the fields of their accounts, by field. Others can be changed. */
  account_fields: {
    initial: {},
    valid: accountFields,
    expected: `an object from ${accountFieldNames.join(', ')} to ${accountFieldValues.join(', ')}`,
  },
  /** Whether the tenant can send emails and text messages. */
  message_connectors: { initial: true, valid: boolean, expected: 'true or false' },
  /** Claims that the tenant excludes from ID tokens; userinfo still has them. */
  left_out_of_id_tokens: {
    initial: [],
    valid: (v) => Array.isArray(v) && v.every((name) => optionalInIdTokens.includes(name)),
    expected: `a list of ${optionalInIdTokens.join(', ')}`,
  },
  /** Faults by endpoint, see faults.mjs. */
  faults: {
    initial: {},
    valid: faults,
    expected: `an object from ${endpoints.join(', ')} to a fault {${Object.keys(faultChecks).join(', ')}} or null`,
  },
};

/** A setting with an invalid value. */
export class InvalidSetting extends Error {}

export class Settings {
  #initial;
  /** Callbacks of `nextChange`. */
  #waiting = [];

  /** Reads the environment. Throws `InvalidSetting` with all problems. */
  constructor(environment = {}) {
    const values = Object.fromEntries(Object.entries(specification).map(([name, { initial }]) => [name, initial]));
    Object.assign(this, structuredClone(values));
    const given = {};
    for (const [name, { env, initial }] of Object.entries(specification)) {
      const text = env && environment[env];
      if (text) {
        given[name] = fromText(text, initial);
      }
    }
    this.change(given, (name) => specification[name].env);
    this.#initial = this.snapshot();
  }

  /**
   * Applies some settings, or none of them if one is invalid. Faults are merged by endpoint; null
   * ends a fault.
   */
  change(values, label = (name) => name) {
    const problems = Object.entries(values).flatMap(([name, value]) => {
      const entry = Object.hasOwn(specification, name) ? specification[name] : undefined;
      if (!entry) {
        return [`${name} is not a setting; there are ${Object.keys(specification).join(', ')}`];
      }
      return entry.valid(value) ? [] : [`${label(name)} must be ${entry.expected}`];
    });
    if (problems.length > 0) {
      throw new InvalidSetting(problems.join('; '));
    }
    const faults = { ...this.faults, ...structuredClone(values.faults ?? {}) };
    Object.assign(this, structuredClone(values), {
      faults: Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault)),
    });
    this.#wake();
  }

  /** Restores the settings that the provider started with. */
  reset() {
    Object.assign(this, structuredClone(this.#initial));
    this.#wake();
  }

  /** Resolves when a setting changes. */
  nextChange() {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake() {
    this.#waiting.splice(0).forEach((resolve) => resolve());
  }

  /** A copy of all values. */
  snapshot() {
    return structuredClone(Object.fromEntries(Object.keys(specification).map((name) => [name, this[name]])));
  }
}

function fromText(text, initial) {
  if (typeof initial === 'number') {
    return Number(text);
  }
  if (typeof initial === 'boolean') {
    return { true: true, false: false }[text] ?? text;
  }
  return text;
}

/**
 * The origins of the application, from addresses separated by spaces. On loopback each is
 * registered as both `localhost` and `127.0.0.1`.
 */
export function applicationOrigins(appUrl = 'http://127.0.0.1:3000') {
  return appUrl.split(' ').flatMap(originsOf);
}

function originsOf(appUrl) {
  if (!URL.canParse(appUrl)) {
    throw new InvalidSetting(
      'PROVIDER_APP_URL must be an absolute URL such as http://127.0.0.1:3000, or several separated by spaces',
    );
  }
  const url = new URL(appUrl);
  const names = ['127.0.0.1', 'localhost'].includes(url.hostname) ? ['127.0.0.1', 'localhost'] : [url.hostname];
  return names.map((name) => {
    const other = new URL(url);
    other.hostname = name;
    return other.origin;
  });
}
