// Logto adds its own code and message to the standard members of an OAuth error.

const messages = {
  access_denied: 'Access denied.',
  insufficient_scope: 'Insufficient scope.',
  invalid_client: 'Client is invalid.',
  invalid_grant: 'Grant request is invalid.',
  invalid_redirect_uri: 'The redirect URI did not match any of the registered redirect URIs.',
  invalid_request: 'Request is invalid.',
  invalid_scope: 'Scope is invalid.',
  invalid_target: 'Invalid resource indicator.',
  invalid_token: 'Invalid token provided.',
  server_error: 'An unknown OIDC error occurred. Please try again later.',
  unsupported_grant_type: 'Unsupported grant type requested.',
  unsupported_token_type: 'Unsupported token type.',
};

/** Adds `code` and `message` to `{error, error_description, …}`. */
export function withLogtoCode({ state: _, iss: __, ...body }) {
  return {
    code: `oidc.${body.error}`,
    message: messages[body.error] ?? 'The request could not be carried out.',
    ...body,
  };
}

/** Koa middleware: rewrites the error bodies of oidc-provider. */
export async function logtoErrors(ctx, next) {
  await next();
  if (ctx.status >= 400 && typeof ctx.body === 'object' && typeof ctx.body?.error === 'string') {
    const { status } = ctx;
    ctx.body = withLogtoCode(ctx.body);
    ctx.status = status;
  }
}
