// The HTTP server: routes requests to oidc-provider, the sign-in page and the controls for tests.

import './runtime.mjs';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { accountApi } from './account/index.mjs';
import { Verifications } from './account/records.mjs';
import { api } from './api.mjs';
import { applications } from './applications.mjs';
import { createOidcProvider } from './configuration.mjs';
import { control, RequestLog } from './control.mjs';
import { Delegation } from './delegation.mjs';
import { users } from './demo.mjs';
import { faulty } from './faults.mjs';
import { interactions } from './interactions.mjs';
import { managementApi } from './management/index.mjs';
import { Invitations } from './management/invitations.mjs';
import { OneTimeTokens } from './one-time-tokens.mjs';
import { homePage, picture } from './pages.mjs';
import { applicationOrigins, Settings } from './settings.mjs';
import { discoverable } from './step-up.mjs';
import { Store } from './store.mjs';
import { seededWebhooks, Webhooks } from './webhooks.mjs';

const host = '127.0.0.1';

/**
 * Starts a provider. Returns its base URL (the `endpoint` of a Logto configuration), its issuer and
 * `close`. Port 0 selects a free one.
 */
export async function startProvider({ port = 3302, appUrl, environment = {} } = {}) {
  const settings = new Settings(environment);
  const origins = applicationOrigins(appUrl);
  const log = new RequestLog();
  const store = new Store(applications(origins, settings));
  // The data of the tenant that its programs create.
  const created = {
    delegation: new Delegation(),
    invitations: new Invitations(),
    oneTimeTokens: new OneTimeTokens(),
    verifications: new Verifications(),
    webhooks: new Webhooks(log, seededWebhooks(environment)),
  };

  const server = createServer();
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const baseUrl = `http://${host}:${server.address().port}`;
  const { provider, verifyAccessToken } = await createOidcProvider({ baseUrl, settings, store, ...created });
  provider.use(log.middleware());
  provider.use(faulty(settings));
  provider.use(keysWithEtag);
  provider.use(discoverable(settings));
  provider.on('server_error', (_ctx, error) => console.error(error));

  server.on('request', route({ provider, verifyAccessToken, settings, log, store, created, ...created }));
  return {
    baseUrl,
    issuer: provider.issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}

function route(context) {
  const { provider, settings, log } = context;
  const oidc = provider.callback();
  const interaction = interactions(context);
  const controls = control(context);
  const apis = api([accountApi(context), managementApi(context)], context);
  return (req, res) => {
    answer(req, res).catch((error) => {
      console.error(error);
      if (!res.headersSent) {
        res.writeHead(500, { 'content-type': 'text/plain' });
      }
      res.end();
    });
  };

  async function answer(req, res) {
    if (/^\/oidc(?=[/?]|$)/.test(req.url)) {
      // oidc-provider derives its mount path from `originalUrl`.
      req.originalUrl = req.url;
      req.url = req.url.replace(/^\/oidc\/?/, '/');
      return oidc(req, res);
    }
    const { pathname } = new URL(req.url, 'http://provider');
    if (pathname.startsWith('/api/')) {
      return apis(req, res);
    }
    if (pathname.startsWith('/test/')) {
      return controls(req, res);
    }
    if (/^\/(sign-in|step-up|consent)\//.test(pathname)) {
      res.on('finish', () =>
        log.add({ method: req.method, path: pathname.replace(/[^/]*$/, ':uid'), status: res.statusCode }),
      );
      return interaction(req, res);
    }
    const username = /^\/pictures\/(\w+)\.svg$/.exec(pathname)?.[1];
    if (username && Object.hasOwn(users, username)) {
      return send(res, 200, 'image/svg+xml', picture(username));
    }
    if (pathname === '/') {
      return send(res, 200, 'text/html; charset=utf-8', homePage(provider.issuer));
    }
    return send(res, 404, 'text/plain', 'not found');
  }
}

function send(res, status, type, body) {
  res.writeHead(status, { 'content-type': type });
  res.end(body);
}

/**
 * Adds `no-cache` and an ETag to the keys, as Logto does, so that a client can revalidate with a
 * 304.
 */
async function keysWithEtag(ctx, next) {
  await next();
  if (ctx.oidc?.route === 'jwks' && ctx.status === 200) {
    ctx.set('cache-control', 'no-cache');
    ctx.set('etag', `"${createHash('sha256').update(JSON.stringify(ctx.body)).digest('base64url')}"`);
    if (ctx.fresh) {
      ctx.status = 304;
    }
  }
}
