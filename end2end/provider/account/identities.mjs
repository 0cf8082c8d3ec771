// The linked accounts of social and enterprise connectors, and their tokens in the secret vault.

import { randomBytes } from 'node:crypto';
import { refuse } from '../api.mjs';
import { users } from '../demo.mjs';
import { hasSecurityMethod, requireScope, requireVerified } from './access.mjs';
import { tokenLifetime } from './connectors.mjs';
import { requireIdentifierLeft } from './identifiers.mjs';
import { isText } from './values.mjs';

export function identityRoutes({ fields, verifications, changed, log }) {
  function link({ caller, body: { newIdentifierVerificationRecordId: id }, origin }, mayReplace) {
    if (!isText(id)) {
      refuse(400, 'guard.invalid_input');
    }
    if (hasSecurityMethod(caller.user)) {
      requireVerified(caller);
    }
    fields.requireEditable('social');
    requireScope(caller, 'identities');
    const { target, account, scope } = verifications.requireVerified(id, 'Social');
    const has = (user) => user.identities[target]?.userId === account.id;
    if (Object.values(users).some((user) => user !== caller.user && has(user))) {
      refuse(422, 'user.identity_already_in_use');
    }
    if (!mayReplace && Object.hasOwn(caller.user.identities, target)) {
      refuse(400, 'user.identity_already_in_use');
    }
    caller.user.identities[target] = { userId: account.id, details: account };
    const token = { access_token: randomBytes(16).toString('hex'), scope, expiresAt: Date.now() + tokenLifetime };
    log.addSecret('token of a connector', token.access_token);
    caller.user.connectorTokens = { ...caller.user.connectorTokens, [target]: token };
    changed(caller, origin);
    return [204];
  }

  return {
    'POST /my-account/identities': (request) => link(request, false),
    'PUT /my-account/identities': (request) => link(request, true),
    'DELETE /my-account/identities/:target': ({ caller, params: { target }, origin }) => {
      requireVerified(caller);
      fields.requireEditable('social');
      requireScope(caller, 'identities', 400);
      const { [target]: removed, ...identities } = caller.user.identities;
      if (!removed) {
        refuse(404, 'user.identity_not_exist');
      }
      requireIdentifierLeft({ username: caller.username, ...caller.user, identities });
      caller.user.identities = identities;
      delete caller.user.connectorTokens?.[target];
      changed(caller, origin);
      return [204];
    },
    'GET /my-account/identities/:target/access-token': ({ caller, params: { target } }) => token(caller, target),
    // No call links an enterprise account, so the vault has no token of one.
    'GET /my-account/sso-identities/:connectorId/access-token': ({ caller }) => token(caller, undefined),
  };
}

function token(caller, target) {
  requireScope(caller, 'identities');
  const { access_token, scope, expiresAt } =
    caller.user.connectorTokens?.[target] ?? refuse(404, 'secrets.third_party_token_set.token_not_found');
  const left = Math.floor((expiresAt - Date.now()) / 1000);
  if (left <= 0) {
    delete caller.user.connectorTokens[target];
    refuse(401, 'secrets.third_party_token_set.access_token_expired');
  }
  return [200, { access_token, ...(scope && { scope }), token_type: 'bearer', expires_in: left }];
}
