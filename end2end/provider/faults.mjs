// Faults that tests can ask for. A fault belongs to an endpoint and has any of
//   delay_ms  wait before the response
//   status    respond with this status and an empty JSON object
//   retry_after  value of `Retry-After`, in seconds
//   hold      wait until the fault ends
//   hang      never respond
//   after     process the request first: the response is lost, not the request
//   times     number of requests; without it, until the fault is set to null

const names = {
  '/oidc/.well-known/openid-configuration': 'discovery',
  '/oidc/jwks': 'jwks',
  '/oidc/auth': 'auth',
  '/oidc/token': 'token',
  '/oidc/me': 'userinfo',
  '/oidc/token/revocation': 'revocation',
  '/oidc/session/end': 'end_session',
};

/** Koa middleware that applies the faults of `settings`. */
export function faulty(settings) {
  return (ctx, next) =>
    withFault(settings, names[new URL(ctx.req.originalUrl, 'http://provider').pathname], {
      proceed: next,
      hang: () => {
        ctx.respond = false;
      },
      fail: (status, headers) => {
        ctx.status = status;
        ctx.set(headers);
        ctx.body = {};
      },
    });
}

/** Applies the fault of an endpoint to a request: it proceeds, fails with a status or hangs. */
export async function withFault(settings, endpoint, { proceed, hang, fail }) {
  const fault = take(settings, endpoint);
  if (!fault || fault.after) {
    await proceed();
  }
  if (!fault) {
    return;
  }
  if (fault.hang) {
    hang();
    return;
  }
  await new Promise((resolve) => setTimeout(resolve, fault.delay_ms ?? 0));
  while (fault.hold && settings.faults[endpoint]?.hold) {
    await settings.nextChange();
  }
  if (fault.status) {
    fail(fault.status, fault.retry_after ? { 'Retry-After': String(fault.retry_after) } : {});
  } else if (!fault.after) {
    await proceed();
  }
}

function take(settings, endpoint) {
  const fault = settings.faults[endpoint];
  if (fault?.times !== undefined) {
    fault.times -= 1;
    if (fault.times <= 0) {
      delete settings.faults[endpoint];
    }
  }
  return fault;
}
