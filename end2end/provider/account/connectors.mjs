// Social connectors. No page stands for theirs: a test makes the callback itself.

import { refuse } from '../api.mjs';

/** By id. */
const connectors = {
  github: { target: 'github', authorizationEndpoint: 'https://github.example/login/oauth/authorize' },
};

/** How long the token of a linked account is valid, in milliseconds. */
export const tokenLifetime = 8 * 60 * 60 * 1000;

export const requireConnector = (id) =>
  Object.hasOwn(connectors, id) ? connectors[id] : refuse(422, 'session.invalid_connector_id');

/** The account that a callback stands for. Its `code` is the id of the account. */
export const accountOf = ({ code }) =>
  typeof code === 'string' && code !== '' ? { id: code } : refuse(400, 'connector.general');
