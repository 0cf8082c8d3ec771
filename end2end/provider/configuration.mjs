// Configures oidc-provider as a Logto server does.

import { randomBytes } from 'node:crypto';
import { exportJWK, generateKeyPair } from 'jose';
import { errors, interactionPolicy, Provider } from 'oidc-provider';
import { accessTokenVerifier } from './access-tokens.mjs';
import { algorithm } from './applications.mjs';
import { claimsByScope, claimsOf } from './claims.mjs';
import { runClaimsScript } from './claims-script.mjs';
import * as machines from './client-credentials-grant.mjs';
import { findUser, isResource, resourcePermissions } from './directory.mjs';
import { logtoErrors } from './error-body.mjs';
import { checkOrganizationAccess } from './organization-access.mjs';
import { signOutPage, signedOutPage } from './pages.mjs';
import { parameters, refreshTokenGrant } from './refresh-grant.mjs';
import { accessTokenClaims, addStepUp, firstFactor, mfa, requestClaims } from './step-up.mjs';
import * as exchange from './token-exchange-grant.mjs';

const day = 24 * 60 * 60;

/** Authorization parameters that Logto adds to OpenID Connect. */
export const extraParams = [
  'first_screen',
  'identifier',
  'direct_sign_in',
  'organization_id',
  'one_time_token',
  'interaction_mode',
];

/** The first segment of the address where each prompt is answered. */
export const pages = { login: 'sign-in', step_up: 'step-up', consent: 'consent' };

/**
 * Creates the provider for an issuer, with all state in `store`. Returns it with a verifier of its
 * JWT access tokens.
 */
export async function createOidcProvider({ baseUrl, settings, store, delegation }) {
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const issuer = `${baseUrl}/oidc`;
  const accessTokenLifetime = () => settings.access_token_ttl;

  const findAccount = async (_ctx, id) => {
    const found = findUser(id);
    if (!found || settings.suspended.includes(found[0])) {
      return undefined;
    }
    return { accountId: id, claims: async (use) => claimsOf(id, use, baseUrl, settings.left_out_of_id_tokens) };
  };
  const isDenied = (id) => settings.denied.includes(findUser(id)?.[0]);
  const checkOrganization = (user, organizationId) => checkOrganizationAccess(settings, user, organizationId);
  const tokenFormat = () => ({
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: algorithm } },
    accessTokenTTL: settings.access_token_ttl,
  });
  const resourceServer = async (ctx, indicator) => {
    if (!isResource(indicator)) {
      throw new errors.InvalidTarget();
    }
    const userId = ctx.oidc.session?.accountId ?? ctx.oidc.entities.Account?.accountId;
    const [, user] = (userId && findUser(userId)) || [];
    return {
      ...tokenFormat(),
      scope: resourcePermissions(user, indicator, ctx.oidc.params?.organization_id).join(' '),
    };
  };

  const provider = new Provider(issuer, {
    adapter: (model) => store.adapter(model),
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: algorithm, use: 'sig' }] },
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'ES384', 'ES512'] },
    routes: {
      authorization: '/auth',
      token: '/token',
      userinfo: '/me',
      jwks: '/jwks',
      revocation: '/token/revocation',
      introspection: '/token/introspection',
      end_session: '/session/end',
      pushed_authorization_request: '/request',
    },
    acrValues: [firstFactor, mfa],
    claims: { ...claimsByScope, amr: null },
    conformIdTokenClaims: false,
    clockTolerance: 0,
    cookies: {
      keys: [randomBytes(32).toString('base64url')],
      long: { signed: true, httpOnly: true, sameSite: 'lax', path: '/' },
      short: { signed: true, httpOnly: true, sameSite: 'lax' },
    },
    extraParams,
    features: {
      devInteractions: { enabled: false },
      introspection: { enabled: true },
      revocation: { enabled: true },
      backchannelLogout: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) => {
          ctx.body = signOutPage(form);
        },
        postLogoutSuccessSource: (ctx) => {
          ctx.body = signedOutPage();
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: async () => undefined,
        useGrantedResource: async () => false,
        getResourceServerInfo: resourceServer,
      },
    },
    // Logto sends logout tokens to any address. oidc-provider refuses private ones by default, and
    // loopback with them.
    fetch: (url, { dispatcher: _, ...options }) => fetch(url, options),
    findAccount,
    extraTokenClaims: (ctx, token) => {
      runClaimsScript(settings.claims_script, token);
      const organizationId = ctx.oidc?.params?.organization_id;
      return {
        ...(organizationId && isResource(token.aud) && { organization_id: organizationId }),
        ...accessTokenClaims(ctx.oidc, settings),
        ...exchange.actorClaim(ctx.oidc),
      };
    },
    interactions: {
      policy: policy(settings, isDenied),
      url: (_ctx, { uid, prompt }) => `/${pages[prompt.name]}/${uid}`,
    },
    issueRefreshToken: async (_ctx, client, source) =>
      client.grantTypeAllowed('refresh_token') &&
      (source.scopes.has('offline_access') || settings.always_issue_refresh_token),
    pkce: { required: () => false },
    renderError: (ctx, out) => {
      ctx.body = out;
    },
    revokeGrantPolicy: () => true,
    ttl: {
      AccessToken: accessTokenLifetime,
      AuthorizationCode: 60,
      Grant: () => settings.grant_ttl,
      IdToken: () => settings.id_token_ttl,
      Interaction: 60 * 60,
      RefreshToken: () => settings.refresh_token_ttl,
      Session: 14 * day,
    },
  });

  provider.registerGrantType(
    'refresh_token',
    refreshTokenGrant(provider, {
      findAccount,
      isDenied,
      checkOrganization,
      resourceServer,
      tokenFormat,
      rotates: rotation(settings),
    }),
    parameters,
    ['resource'],
  );
  const verifyAccessToken = accessTokenVerifier({ issuer, publicKey, algorithm });
  provider.registerGrantType(
    exchange.grantType,
    exchange.tokenExchangeGrant(provider, {
      delegation,
      findAccount,
      isDenied,
      oidcScopes: ['openid', 'offline_access', ...Object.keys(claimsByScope)],
      checkOrganization,
      tokenFormat,
      verifyAccessToken,
    }),
    exchange.parameters,
  );
  provider.registerGrantType(
    machines.grantType,
    machines.clientCredentialsGrant(provider, { tokenFormat }),
    machines.parameters,
  );
  provider.use(logtoErrors);
  return { provider, verifyAccessToken };
}

function rotation(settings) {
  return (token) => {
    if (settings.rotate === 'default') {
      return token.ttlPercentagePassed() >= 70;
    }
    return settings.rotate === 'always';
  };
}

function policy(settings, isDenied) {
  const prompts = interactionPolicy.base();
  addStepUp(prompts, settings);
  // A suspension ends the session.
  prompts.get('login').checks.add(
    new interactionPolicy.Check(
      'suspended',
      'End-User authentication is required',
      'login_required',
      ({ oidc }) => oidc.session.accountId !== undefined && !oidc.account,
    ),
  );
  // A user without access goes back to the application, and after a fresh sign-in to a page.
  prompts.get('consent').checks.add(
    new interactionPolicy.Check('access', 'Access denied.', 'access_denied', ({ oidc }) => {
      const isDeniedNow = isDenied(oidc.session.accountId);
      if (isDeniedNow && !oidc.result?.login) {
        throw new errors.AccessDenied('Access denied.');
      }
      return isDeniedNow;
    }),
    0,
  );
  prompts.get('consent').checks.add(
    new interactionPolicy.Check('claims', 'never fails', (ctx) => {
      requestClaims(ctx.oidc, settings);
      return false;
    }),
  );
  return prompts;
}
