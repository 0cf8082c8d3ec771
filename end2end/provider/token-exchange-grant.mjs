// Token exchange (RFC 8693) as Logto has it: subject tokens, access tokens and personal access
// tokens become an access token of their user. There is neither a refresh token nor an ID token. The
// checks have the order of Logto's `grants/token-exchange`.

import { errors } from 'oidc-provider';
import { application } from './demo.mjs';
import {
  findUser,
  isResource,
  organizationPermissions,
  organizationUrnPrefix,
  resourcePermissions,
} from './directory.mjs';

const { AccessDenied, InvalidGrant, InvalidRequest, InvalidTarget } = errors;

export const grantType = 'urn:ietf:params:oauth:grant-type:token-exchange';
export const parameters = [
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
  'resource',
  'organization_id',
  'scope',
];

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token';
const impersonationType = 'urn:logto:token-type:impersonation_token';
const personalType = 'urn:logto:token-type:personal_access_token';

/**
 * The handler for `provider.registerGrantType`. `directory` has `delegation`, `findAccount`,
 * `isDenied(accountId)`, `oidcScopes`, `checkOrganization(user, organizationId)`, `tokenFormat` and
 * `verifyAccessToken(token)`.
 */
export function tokenExchangeGrant(provider, directory) {
  return async function tokenExchange(ctx) {
    const { params, client } = ctx.oidc;
    const subject = await subjectOf(required(params, 'subject_token'), required(params, 'subject_token_type'));
    const account = subject && (await directory.findAccount(ctx, subject));
    if (!account) {
      throw new InvalidGrant('subject token unknown, expired or used');
    }
    // Only the web application has access control.
    if (client.clientId === application.appId && directory.isDenied(account.accountId)) {
      throw new AccessDenied('Access denied.');
    }
    const [, user] = findUser(account.accountId);
    checkTarget(params, user);
    const actor = params.actor_token && (await actorOf(ctx, params.actor_token, required(params, 'actor_token_type')));

    const asked = params.scope?.split(' ') ?? [];
    const token = new provider.AccessToken({ accountId: account.accountId, client, gty: grantType });
    ctx.oidc.entity('Account', account);
    ctx.oidc.entity('AccessToken', token);
    ctx.oidc.entity('Actor', actor);
    const target = targetOf(params, user);
    if (target) {
      token.resourceServer = Object.assign(directory.tokenFormat(), target);
      token.scope = target.scope.split(' ').filter((name) => asked.includes(name)).join(' ');
    } else {
      token.scope = asked.filter((name) => directory.oidcScopes.includes(name)).join(' ');
    }
    token.grantId = await grantFor(token, client);
    const value = await token.save();
    // A failed exchange leaves the subject token usable.
    directory.delegation.consumeSubject(params.subject_token);
    ctx.body = {
      access_token: value,
      expires_in: token.expiration,
      scope: token.scope,
      token_type: 'Bearer',
    };
  };

  /** The id of the user that a subject token stands for. */
  async function subjectOf(token, type) {
    const { delegation } = directory;
    switch (type) {
      case impersonationType:
        return delegation.subject(token);
      case accessTokenType:
        // Before 1.38, a subject token had no type of its own.
        return token.startsWith('sub_') ? delegation.subject(token) : (await holderOf(token))?.id;
      case personalType:
        return delegation.personal(token);
      default:
        return undefined;
    }
  }

  async function actorOf(ctx, token, type) {
    const holder = type === accessTokenType ? await holderOf(token) : undefined;
    if (!holder?.scopes.has('openid') || !(await directory.findAccount(ctx, holder.id))) {
      throw new InvalidGrant('actor token unknown, expired or without openid');
    }
    return { accountId: holder.id };
  }

  /**
   * The user of an access token, opaque or a JWT. Only an opaque one has scopes of OpenID Connect.
   */
  async function holderOf(value) {
    const token = await provider.AccessToken.find(value);
    if (token) {
      return token.isExpired ? undefined : { id: token.accountId, scopes: token.scopes };
    }
    const claims = await directory.verifyAccessToken(value);
    return claims && { id: claims.sub, scopes: new Set() };
  }

  function checkTarget({ resource, organization_id: organizationId }, user) {
    if (organizationId) {
      directory.checkOrganization(user, organizationId);
    }
    if (resource && !isResource(resource)) {
      throw new InvalidTarget();
    }
  }

  /**
   * The id of a new grant. Every exchange leaves one in the name of the user, also one for a JWT.
   * Userinfo reads the scopes of opaque tokens from it.
   */
  async function grantFor(token, client) {
    const grant = new provider.Grant({ accountId: token.accountId, clientId: client.clientId });
    if (token.resourceServer) {
      grant.addResourceScope(token.resourceServer.audience, token.scope);
    } else {
      grant.addOIDCScope(token.scope);
    }
    return grant.save();
  }
}

/** Audience and scopes of a JWT, or undefined for an opaque token. */
function targetOf({ resource, organization_id: organizationId }, user) {
  if (resource) {
    return { audience: resource, scope: resourcePermissions(user, resource, organizationId).join(' ') };
  }
  if (organizationId) {
    const scope = organizationPermissions(user, organizationId).join(' ');
    return { audience: organizationUrnPrefix + organizationId, scope };
  }
  return undefined;
}

/** The claim `act` of a token that is issued with an actor token. */
export const actorClaim = (oidc) => oidc?.entities.Actor && { act: { sub: oidc.entities.Actor.accountId } };

function required(params, name) {
  if (!params[name]) {
    throw new InvalidRequest(`missing required parameter '${name}'`);
  }
  return params[name];
}
