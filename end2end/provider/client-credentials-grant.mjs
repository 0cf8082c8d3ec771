// The client credentials grant (RFC 6749 §4.4) of machine-to-machine applications, with Logto's
// errors. The only such application may use the Management API, and belongs to no organization.

import { errors } from 'oidc-provider';
import { isResource, managementPermission, managementResource } from './directory.mjs';

const { AccessDenied, InvalidTarget } = errors;

export const grantType = 'client_credentials';
export const parameters = ['scope', 'resource', 'organization_id'];

/** The handler for `provider.registerGrantType`. */
export function clientCredentialsGrant(provider, { tokenFormat }) {
  return async function clientCredentials(ctx) {
    const { params, client } = ctx.oidc;
    if (params.organization_id) {
      throw Object.assign(new AccessDenied('app has not associated with the organization'), { statusCode: 403 });
    }
    const isManagement = params.resource === managementResource;
    if (!isManagement && !(params.resource && isResource(params.resource))) {
      throw new InvalidTarget();
    }
    const asked = params.scope?.split(' ') ?? [];
    // Scopes that are not asked for are not granted, and Logto then omits `scope`.
    const scope = isManagement && asked.includes(managementPermission) ? managementPermission : undefined;
    const token = new provider.ClientCredentials({ client, scope });
    token.resourceServer = new provider.ResourceServer(params.resource, { ...tokenFormat(), scope });
    ctx.oidc.entity('ClientCredentials', token);
    ctx.body = {
      access_token: await token.save(),
      expires_in: token.expiration,
      scope,
      token_type: 'Bearer',
    };
  };
}
