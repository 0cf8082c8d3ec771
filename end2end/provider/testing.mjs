// For the tests of the provider: a provider in its own process, a browser with fetch and cookies,
// and an OAuth client.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { after, before, beforeEach } from 'node:test';
import { fileURLToPath } from 'node:url';
import { application, users } from './demo.mjs';

export const appUrl = 'http://127.0.0.1:3000';
export const redirectUri = `${appUrl}/callback`;
export const products = 'https://products.example.com/api';
export const orders = 'https://orders.example.com/api';
export const organizationResource = 'urn:logto:resource:organizations';

/** Scopes for everything in the demo data. */
export const allScopes = [
  'openid offline_access profile email phone address roles custom_data identities',
  'urn:logto:scope:organizations urn:logto:scope:organization_roles',
  'read:products write:products read:orders read:members write:members',
].join(' ');

/**
 * A provider for the tests of a `describe`: started before them, reset before each, stopped after
 * them.
 */
export function provider(environment = {}) {
  const client = new Client();
  let child;
  before(async () => {
    const server = fileURLToPath(new URL('server.mjs', import.meta.url));
    child = spawn(process.execPath, [server], {
      env: { ...process.env, PROVIDER_PORT: '0', PROVIDER_APP_URL: appUrl, ...environment },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    client.connect(await listening(child));
  });
  beforeEach(() => client.control('reset', { sessions: true }));
  after(async () => {
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    assert.equal(await exited, 0, 'the provider ends with 0 on SIGTERM');
  });
  return client;
}

function listening(child) {
  return new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const match = /^provider listening on (http:\S+) \(issuer (\S+)\)$/.exec(line);
      if (match) {
        resolve({ baseUrl: match[1], issuer: match[2] });
      }
    });
    child.once('exit', (code) => reject(new Error(`the provider ended with ${code} instead of starting`)));
  });
}

/** Keeps cookies by path, as a browser does, and follows redirects step by step. */
export class Browser {
  #cookies = [];

  async fetch(url, { method = 'GET', form } = {}) {
    const { pathname } = new URL(url);
    const cookie = this.#cookies
      .filter(({ path }) => pathname.startsWith(path))
      .map(({ name, value }) => `${name}=${value}`)
      .join('; ');
    const headers = { accept: 'text/html', ...(cookie && { cookie }) };
    const response = await fetch(url, {
      method,
      headers,
      redirect: 'manual',
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    response.headers.getSetCookie().forEach((text) => this.#store(text, pathname));
    return response;
  }

  #store(text, pathname) {
    const [pair, ...attributes] = text.split('; ');
    const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
    const path = attributes.find((attribute) => attribute.startsWith('path='))?.slice(5) ?? pathname;
    this.#cookies = this.#cookies.filter((cookie) => cookie.name !== name || cookie.path !== path);
    if (value) {
      this.#cookies.push({ name, value, path });
    }
  }

  /**
   * Follows redirects within the provider. Returns a page, or the address of the application that
   * the provider redirects to.
   */
  async open(url, options) {
    let response = await this.fetch(url, options);
    let address = new URL(url);
    while (response.status >= 300 && response.status < 400) {
      address = new URL(response.headers.get('location'), address);
      if (address.origin === appUrl) {
        return { left: address, status: response.status };
      }
      response = await this.fetch(address.href);
    }
    return { address, status: response.status, html: await response.text() };
  }

  /** Fills in and submits the sign-in form that `page` shows. */
  submit(page, form) {
    const action = /<form method="post" action="([^"]+)"/.exec(page.html)[1];
    return this.open(new URL(action, page.address).href, { form });
  }
}

/** The demo application as an OAuth client. */
export class Client {
  connect({ baseUrl, issuer }) {
    this.baseUrl = baseUrl;
    this.issuer = issuer;
  }

  /** The URL of a path at the provider. */
  endpoint(path) {
    return `${this.issuer}${path}`;
  }

  /** An authorization request: its URL, and the values that the callback needs. */
  authorization(parameters = {}) {
    const verifier = randomBytes(32).toString('base64url');
    const url = new URL(this.endpoint('/auth'));
    const all = {
      client_id: application.appId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: allScopes,
      resource: [products, orders, organizationResource],
      prompt: 'consent',
      state: randomBytes(8).toString('hex'),
      nonce: randomBytes(8).toString('hex'),
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      ...parameters,
    };
    for (const [name, value] of Object.entries(all)) {
      [value]
        .flat()
        .filter((item) => item !== undefined)
        .forEach((item) => url.searchParams.append(name, item));
    }
    return { url: url.href, verifier, state: all.state, nonce: all.nonce };
  }

  /** Signs a user in and returns the parameters of the callback. */
  async authorize(username, parameters, browser = new Browser()) {
    const request = this.authorization(parameters);
    let result = await browser.open(request.url);
    if (result.html) {
      result = await browser.submit(result, { username, password: users[username].password, action: 'sign-in' });
    }
    assert.ok(result.left, `expected a callback, got ${result.status} ${result.html}`);
    return { ...request, callback: Object.fromEntries(result.left.searchParams) };
  }

  /** Signs a user in and exchanges the code. */
  async signIn(username, parameters, browser) {
    const authorized = await this.authorize(username, parameters, browser);
    assert.ok(authorized.callback.code, `expected a code, got ${JSON.stringify(authorized.callback)}`);
    const { status, body } = await this.exchange(authorized.callback.code, authorized.verifier);
    assert.equal(status, 200, JSON.stringify(body));
    return { ...authorized, tokens: body };
  }

  exchange(code, verifier) {
    return this.token({ grant_type: 'authorization_code', code, code_verifier: verifier, redirect_uri: redirectUri });
  }

  refresh(refreshToken, parameters = {}) {
    return this.token({ grant_type: 'refresh_token', refresh_token: refreshToken, ...parameters });
  }

  async token(form, credentials = [application.appId, application.appSecret]) {
    return this.post('/token', form, credentials);
  }

  async post(path, form, [id, secret] = [application.appId, application.appSecret]) {
    const authorization = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    return answer(
      await fetch(this.endpoint(path), { method: 'POST', headers: { authorization }, body: new URLSearchParams(form) }),
    );
  }

  async userInfo(accessToken) {
    return answer(await fetch(this.endpoint('/me'), { headers: { authorization: `Bearer ${accessToken}` } }));
  }

  /** Calls `/test/<name>`. */
  async control(name, body) {
    const options = body && {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    };
    return answer(await fetch(`${this.baseUrl}/test/${name}`, options));
  }

  /** Advances the provider's clock. */
  async advance(seconds) {
    const { status } = await this.control('clock', { advance: seconds });
    assert.equal(status, 200);
  }
}

async function answer(response) {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}
