// The applications of the tenant, as oidc-provider sees them.

import { errors } from 'oidc-provider';
import { application, managementApp } from './demo.mjs';
import { grantType as tokenExchange } from './token-exchange-grant.mjs';

/** The algorithm of all signatures. */
export const algorithm = 'ES384';

/** Finds the metadata of an application. Throws Logto's error for an unknown id. */
export function applications(origins, settings) {
  const all = {
    [application.appId]: () => webApplication(origins, settings),
    [managementApp.id]: () => machineApplication(settings),
  };
  return (id) => {
    if (!Object.hasOwn(all, id)) {
      throw new errors.InvalidClient(`invalid client ${id}`);
    }
    return all[id]();
  };
}

const exchange = (settings) => (settings.token_exchange ? [tokenExchange] : []);

function webApplication(origins, settings) {
  return {
    client_id: application.appId,
    client_secret: application.appSecret,
    client_name: application.name,
    grant_types: ['authorization_code', 'refresh_token', ...exchange(settings)],
    id_token_signed_response_alg: algorithm,
    redirect_uris: origins.map((origin) => `${origin}/callback`),
    post_logout_redirect_uris: origins.flatMap((origin) => [origin, `${origin}/`]),
    ...(settings.backchannel_logout_uri && {
      backchannel_logout_uri: settings.backchannel_logout_uri,
      backchannel_logout_session_required: settings.backchannel_logout_session_required,
    }),
  };
}

const machineApplication = (settings) => ({
  client_id: managementApp.id,
  client_secret: managementApp.secret,
  client_name: managementApp.name,
  grant_types: ['client_credentials', ...exchange(settings)],
  id_token_signed_response_alg: algorithm,
  redirect_uris: [],
  response_types: [],
});
