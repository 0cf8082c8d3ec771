// The email address and the phone number.

import { refuse } from '../api.mjs';
import { users } from '../demo.mjs';
import { rekey } from '../directory.mjs';
import { requireScope, requireVerified } from './access.mjs';
import { isText, requireEmail, requirePhone } from './values.mjs';

/** Refuses to remove the last identifier of a user: `remaining` is the user without it. */
export function requireIdentifierLeft({ username, email, phone, identities, ssoIdentities }) {
  const isSignInMethod = [username, email, phone].some(Boolean);
  if (!isSignInMethod && Object.keys(identities).length === 0 && ssoIdentities.length === 0) {
    refuse(400, 'user.last_sign_in_method_required');
  }
}

export function identifierRoutes(context) {
  return { ...routesOf('email', requireEmail, context), ...routesOf('phone', requirePhone, context) };
}

/** The calls for one kind of identifier, which is a field of users, a scope and a type of codes. */
function routesOf(kind, required, { fields, verifications, changed }) {
  const path = `/my-account/primary-${kind}`;
  const requireAccess = (caller) => {
    requireVerified(caller);
    fields.requireEditable(kind);
    requireScope(caller, kind, 400);
  };
  const set = ({ caller, origin }, value) => {
    caller.user[kind] = value;
    rekey(caller.user, caller.username);
    changed(caller, origin);
    return [204];
  };
  const isSame = (one, other) => one?.toLowerCase() === other.toLowerCase();
  return {
    [`POST ${path}`]: (request) => {
      const { caller, body } = request;
      const value = required(body[kind]);
      if (!isText(body.newIdentifierVerificationRecordId)) {
        refuse(400, 'guard.invalid_input');
      }
      requireAccess(caller);
      verifications.requireIdentifier(body.newIdentifierVerificationRecordId, { type: kind, value });
      if (Object.values(users).some((user) => user !== caller.user && isSame(user[kind], value))) {
        refuse(422, `user.${kind}_already_in_use`);
      }
      return set(request, value);
    },
    [`DELETE ${path}`]: (request) => {
      const { caller } = request;
      requireAccess(caller);
      requireIdentifierLeft({ username: caller.username, ...caller.user, [kind]: null });
      return set(request, null);
    },
  };
}
