// The calls that make verification records: by password, by code and by social account.

import { refuse } from '../api.mjs';
import { accountOf, requireConnector } from './connectors.mjs';
import { isText, requireEmail, requirePhone } from './values.mjs';

export function verificationRoutes({ verifications, settings, log }) {
  const started = (record, more = {}) => {
    log.addSecret('verification record', record.id);
    return [
      201,
      { verificationRecordId: record.id, expiresAt: new Date(record.expiresAt).toISOString(), ...more },
    ];
  };
  const finished = ({ id }) => [200, { verificationRecordId: id }];
  return {
    'POST /verifications/password': ({ caller, body: { password } }) => {
      if (!isText(password) || password === '') {
        refuse(400, 'guard.invalid_input');
      }
      if (password !== caller.user.password) {
        refuse(422, 'session.invalid_credentials');
      }
      return started(verifications.create({ type: 'Password', userId: caller.id, verified: true }));
    },
    'POST /verifications/verification-code': ({ caller, body }) => {
      const identifier = requireIdentifier(body);
      if (!settings.message_connectors) {
        refuse(501, 'connector.not_found');
      }
      // A code for another address or number does not prove the identity of the user.
      const isOwn = caller.user[identifier.type] === identifier.value;
      const record = verifications.createCode(identifier, isOwn ? caller.id : undefined);
      log.addSecret('verification code', record.code);
      return started(record);
    },
    'POST /verifications/verification-code/verify': ({ body }) => {
      const identifier = requireIdentifier(body);
      if (!isText(body.verificationId) || !isText(body.code)) {
        refuse(400, 'guard.invalid_input');
      }
      return finished(verifications.verifyCode(body.verificationId, identifier, body.code));
    },
    'POST /verifications/social': ({ body: { connectorId, redirectUri, state, scope } }) => {
      const texts = [connectorId, redirectUri, state, scope ?? ''];
      if (!texts.every(isText) || !URL.canParse(redirectUri)) {
        refuse(400, 'guard.invalid_input');
      }
      const { target, authorizationEndpoint } = requireConnector(connectorId);
      const authorizationUri = new URL(authorizationEndpoint);
      const parameters = { redirect_uri: redirectUri, state, ...(scope && { scope }) };
      Object.entries(parameters).forEach((parameter) => authorizationUri.searchParams.set(...parameter));
      const record = verifications.create({ type: 'Social', target, scope, verified: false });
      return started(record, { authorizationUri: authorizationUri.href });
    },
    'POST /verifications/social/verify': ({ body: { verificationRecordId, connectorData } }) => {
      if (!isText(verificationRecordId) || typeof connectorData !== 'object' || connectorData === null) {
        refuse(400, 'guard.invalid_input');
      }
      const record = verifications.require(verificationRecordId, 'Social');
      record.account = accountOf(connectorData);
      record.verified = true;
      return finished(record);
    },
  };
}

function requireIdentifier({ identifier }) {
  const { type, value } = identifier ?? {};
  const required = { email: requireEmail, phone: requirePhone };
  return Object.hasOwn(required, type) ? { type, value: required[type](value) } : refuse(400, 'guard.invalid_input');
}
