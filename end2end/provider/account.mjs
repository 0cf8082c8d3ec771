// Logto's Account API, with the calls of the quick start's page (account, password check, factors,
// sessions), and the list of grants.

import { randomBytes } from 'node:crypto';
import { refuse } from './api.mjs';
import { findUser, usernameOf } from './directory.mjs';
import { userView } from './management/users.mjs';

const recordLifetime = 600_000;
const sessionScope = 'urn:logto:scope:sessions';

const unauthorized = () => refuse(401, 'auth.unauthorized');

/** The routes of the Account API. `log` records secrets. */
export function accountApi({ provider, settings, store, log, webhooks }) {
  const records = new Map();
  const shownUser = userView({ provider, settings });
  /** The browsers, by the uid of their session. */
  const agents = new Map();
  provider.on('authorization.success', (ctx) => agents.set(ctx.oidc.session.uid, ctx.get('user-agent')));

  async function caller(req) {
    const { authorization } = req.headers;
    if (!authorization?.startsWith('Bearer ')) {
      refuse(401, 'auth.authorization_header_missing');
    }
    const token = await provider.AccessToken.find(authorization.slice('Bearer '.length));
    const found = token && !token.isExpired && findUser(token.accountId);
    if (!found || settings.suspended.includes(found[0])) {
      unauthorized();
    }
    const scopes = new Set(token.scope?.split(' '));
    if (!scopes.has('openid')) {
      refuse(403, 'auth.forbidden');
    }
    if (!settings.account_center) {
      refuse(400, 'account_center.not_enabled');
    }
    const record = records.get(req.headers['logto-verification-id']);
    const verified = record?.userId === token.accountId && record.expiresAt > Date.now();
    const [key, user] = found;
    const { accountId: id, sessionUid } = token;
    return { id, username: usernameOf(key), user, scopes, verified, sessionUid };
  }

  const routes = {
    'GET /my-account': ({ caller }) => [200, account(caller)],
    'PATCH /my-account': ({ caller, body, origin }) => {
      check(body);
      if (!caller.scopes.has('profile') || ('customData' in body && !caller.scopes.has('custom_data'))) {
        refuse(400, 'auth.unauthorized');
      }
      const names = { name: 'name', avatar: 'picture', customData: 'customData' };
      for (const [field, value] of Object.entries(body)) {
        caller.user[names[field]] = value;
      }
      webhooks.report('User.Data.Updated', { ...origin, data: shownUser(...findUser(caller.id)) });
      return [200, account(caller)];
    },
    'POST /verifications/password': ({ caller, body }) => {
      if (typeof body.password !== 'string' || body.password === '') {
        refuse(400, 'guard.invalid_input');
      }
      if (body.password !== caller.user.password) {
        refuse(422, 'session.invalid_credentials');
      }
      const id = randomBytes(16).toString('hex');
      const expiresAt = Date.now() + recordLifetime;
      records.set(id, { userId: caller.id, expiresAt });
      log.addSecret('verification record', id);
      return [201, { verificationRecordId: id, expiresAt: new Date(expiresAt).toISOString() }];
    },
    'GET /my-account/mfa-verifications': ({ caller }) => {
      if (!caller.scopes.has('identities')) {
        unauthorized();
      }
      const factors = caller.username === 'ada' ? [{ id: 'totp', type: 'Totp', createdAt: '2024-01-15T09:30:00.000Z' }] : [];
      return [200, factors];
    },
    'GET /my-account/sessions': ({ caller }) => {
      sensitive(caller);
      return [200, { sessions: sessionsOf(caller.id).map((payload) => shown(payload, caller.sessionUid)) }];
    },
    'DELETE /my-account/sessions/:uid': async ({ caller, params: { uid }, query }) => {
      sensitive(caller);
      const session = sessionsOf(caller.id).find((payload) => payload.uid === uid);
      if (!session) {
        refuse(400, 'oidc.session_not_found');
      }
      await store.adapter('Session').destroy(session.jti);
      const target = query.get('revokeGrantsTarget');
      for (const { grantId } of Object.values(session.authorizations ?? {})) {
        if (target) {
          await revoke(grantId);
        }
      }
      return [204];
    },
    'GET /my-account/grants': async ({ caller, query }) => {
      sensitive(caller);
      const appType = query.get('appType') ?? 'firstParty';
      if (!['firstParty', 'thirdParty'].includes(appType)) {
        refuse(400, 'guard.invalid_input');
      }
      // The tenant has no third-party applications.
      const listed = appType === 'firstParty' ? unexpired('Grant', caller.id) : [];
      return [200, { grants: await Promise.all(listed.map(shownGrant)) }];
    },
  };

  function sensitive({ verified, scopes }) {
    if (!verified) {
      refuse(401, 'verification_record.permission_denied');
    }
    if (!scopes.has(sessionScope)) {
      unauthorized();
    }
  }

  const sessionsOf = (accountId) => unexpired('Session', accountId);

  function unexpired(model, accountId) {
    const now = Date.now() / 1000;
    return store.all(model).filter((payload) => payload.accountId === accountId && payload.exp > now);
  }

  async function shownGrant(payload) {
    const { clientId: id, clientName: name } = await provider.Client.find(payload.clientId);
    return { id: payload.jti, payload, application: { id, name }, expiresAt: payload.exp * 1000 };
  }

  function shown(payload, current) {
    return {
      payload,
      lastSubmission: { signInContext: { ip: '127.0.0.1', userAgent: agents.get(payload.uid) ?? '' } },
      clientId: Object.keys(payload.authorizations ?? {})[0] ?? null,
      accountId: payload.accountId,
      expiresAt: payload.exp * 1000,
      isCurrent: payload.uid === current,
    };
  }

  async function revoke(grantId) {
    for (const model of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) {
      await store.adapter(model).revokeByGrantId(grantId);
    }
    await store.adapter('Grant').destroy(grantId);
  }

  return { routes, authenticate: caller };
}

/** Name and custom data, as the API accepts them. */
function check(body) {
  const isText = (value) => value === null || typeof value === 'string';
  const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
  const valid = {
    name: isText,
    avatar: (value) => value === null || (typeof value === 'string' && URL.canParse(value)),
    customData: isRecord,
  };
  if (!Object.entries(body).every(([field, value]) => Object.hasOwn(valid, field) && valid[field](value))) {
    refuse(400, 'guard.invalid_input');
  }
}

function account({ id, username, user, scopes }) {
  return {
    id,
    ...(scopes.has('profile') && { username, name: user.name, avatar: user.picture }),
    ...(scopes.has('email') && { primaryEmail: user.email }),
    ...(scopes.has('phone') && { primaryPhone: user.phone }),
    ...(scopes.has('custom_data') && { customData: user.customData }),
    ...(scopes.has('identities') && { identities: user.identities }),
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    isSuspended: false,
    hasPassword: user.password !== null,
    hasSecurityVerificationMethod: true,
  };
}
