// The refresh grant with Logto's additions: `organization_id` (Logto RFC 0001) besides `resource`.
// It replaces the grant of oidc-provider, which does not support organizations.

import { errors } from 'oidc-provider';
import { findUser, organizationPermissions, organizationsScope, organizationUrnPrefix } from './directory.mjs';

const { AccessDenied, InsufficientScope, InvalidGrant, InvalidRequest, InvalidScope, InvalidTarget } = errors;

/** Parameters of the grant. `resource` may be repeated, as oidc-provider requires. */
export const parameters = ['refresh_token', 'scope', 'resource', 'organization_id'];

const words = (text) => text?.split(' ').filter(Boolean) ?? [];

/**
 * The handler for `provider.registerGrantType`. `directory` has `rotates(token)`,
 * `resourceServer(ctx, indicator)`, `tokenFormat`, `findAccount`, `isDenied(accountId)` and
 * `checkOrganization(user, organizationId)`.
 */
export function refreshTokenGrant(provider, directory) {
  return async function refreshToken(ctx) {
    const { params, client } = ctx.oidc;
    if (!params.refresh_token) {
      throw new InvalidRequest("missing required parameter(s) 'refresh_token'");
    }
    const presented = await usableToken(provider, params.refresh_token, client);
    const grant = await provider.Grant.find(presented.grantId, { ignoreExpiration: true });
    if (!grant || grant.isExpired) {
      throw new InvalidGrant('grant not found or expired');
    }
    const requested = requestedScopes(params.scope, presented);

    const account = await directory.findAccount(ctx, presented.accountId);
    if (!account) {
      throw new InvalidGrant('account not found');
    }
    ctx.oidc.entity('RefreshToken', presented);
    ctx.oidc.entity('Grant', grant);
    ctx.oidc.entity('Account', account);

    if (presented.consumed) {
      await revokeGrant(provider, presented.grantId);
      throw new InvalidGrant('refresh token already used');
    }
    if (directory.isDenied(presented.accountId)) {
      throw new AccessDenied('Access denied.');
    }
    const organizationId = checkedOrganization(params.organization_id, presented, directory);

    // The order from here on is Logto's: the token rotates first, so that a request that fails
    // later loses the new one.
    const refreshToken = directory.rotates(presented) ? await rotated(provider, client, presented) : presented;
    ctx.oidc.entity('RefreshToken', refreshToken);

    const accessToken = new provider.AccessToken({
      accountId: presented.accountId,
      client,
      expiresWithSession: presented.expiresWithSession,
      grantId: presented.grantId,
      gty: refreshToken.gty,
      sessionUid: presented.sessionUid,
      sid: presented.sid,
    });
    if (organizationId && !params.resource) {
      forOrganization(accessToken, organizationId, requested, directory);
    } else {
      await forResource(provider, ctx, accessToken, grant, requested, directory);
    }
    ctx.oidc.entity('AccessToken', accessToken);

    ctx.body = {
      access_token: await accessToken.save(),
      expires_in: accessToken.expiration,
      id_token: requested.has('openid')
        ? await idToken(provider, ctx, refreshToken, grant, account, requested)
        : undefined,
      refresh_token: refreshToken.jti,
      scope: accessToken.scope,
      token_type: 'Bearer',
    };
  };
}

async function usableToken(provider, value, client) {
  const token = await provider.RefreshToken.find(value, { ignoreExpiration: true });
  if (!token || token.clientId !== client.clientId || token.isExpired) {
    throw new InvalidGrant('refresh token unknown or expired');
  }
  return token;
}

function requestedScopes(scope, token) {
  if (!scope) {
    return token.scopes;
  }
  const missing = words(scope).filter((name) => !token.scopes.has(name));
  if (missing.length > 0) {
    throw new InvalidScope(`refresh token missing requested scope${missing.length > 1 ? 's' : ''}`, missing.join(' '));
  }
  return new Set(words(scope));
}

function checkedOrganization(organizationId, token, directory) {
  if (!organizationId) {
    return undefined;
  }
  const [, user] = findUser(token.accountId);
  directory.checkOrganization(user, organizationId);
  if (!token.scopes.has(organizationsScope)) {
    throw new InsufficientScope('refresh token missing required scope', organizationsScope);
  }
  return organizationId;
}

/** Revokes a grant and everything issued under it. */
export async function revokeGrant(provider, grantId) {
  await Promise.all([
    provider.AccessToken.revokeByGrantId(grantId),
    provider.RefreshToken.revokeByGrantId(grantId),
    provider.AuthorizationCode.revokeByGrantId(grantId),
    provider.Grant.adapter.destroy(grantId),
  ]);
}

const rotatedProperties = [
  'accountId',
  'acr',
  'amr',
  'authTime',
  'claims',
  'expiresWithSession',
  'grantId',
  'iiat',
  'nonce',
  'resource',
  'scope',
  'sessionUid',
  'sid',
];

async function rotated(provider, client, old) {
  await old.consume();
  const token = new provider.RefreshToken({
    ...Object.fromEntries(rotatedProperties.map((name) => [name, old[name]])),
    client,
    gty: 'authorization_code refresh_token',
    rotations: (old.rotations ?? 0) + 1,
  });
  await token.save();
  return token;
}

function forOrganization(accessToken, organizationId, requested, directory) {
  const [, user] = findUser(accessToken.accountId);
  const audience = organizationUrnPrefix + organizationId;
  const permissions = organizationPermissions(user, organizationId);
  accessToken.resourceServer = Object.assign(directory.tokenFormat(), { audience, scope: permissions.join(' ') });
  accessToken.scope = permissions.filter((name) => requested.has(name)).join(' ');
}

async function forResource(provider, ctx, accessToken, grant, requested, directory) {
  const resource = requestedResource(ctx.oidc.params.resource, ctx.oidc.entities.RefreshToken, requested);
  if (!resource) {
    accessToken.claims = ctx.oidc.entities.RefreshToken.claims;
    accessToken.scope = grant.getOIDCScopeFiltered(requested);
    return;
  }
  const server = new provider.ResourceServer(resource, await directory.resourceServer(ctx, resource));
  accessToken.resourceServer = server;
  accessToken.scope = grant.getResourceScopeFiltered(
    resource,
    [...requested].filter((name) => server.scopes.has(name)),
  );
}

function requestedResource(resource, token, requested) {
  if (Array.isArray(resource)) {
    throw new InvalidTarget('only a single resource indicator value must be requested');
  }
  if (!resource) {
    // Without `openid` the token cannot be for userinfo, so it is for the only granted resource.
    return requested.has('openid') || Array.isArray(token.resource) ? undefined : token.resource;
  }
  if (!token.resourceIndicators.has(resource)) {
    throw new InvalidTarget();
  }
  return resource;
}

async function idToken(provider, ctx, source, grant, account, requested) {
  const scope = grant.getOIDCScopeFiltered(requested);
  const claims = {
    ...(await account.claims('id_token', scope)),
    acr: source.acr,
    amr: source.amr,
    auth_time: source.authTime,
  };
  const token = new provider.IdToken(claims, { ctx });
  token.scope = scope;
  token.mask = source.claims?.id_token;
  token.set('nonce', source.nonce);
  token.set('sid', source.sid);
  return token.issue({ use: 'idtoken' });
}
