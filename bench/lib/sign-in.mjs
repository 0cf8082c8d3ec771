// Signs the same user in at both apps: at ours through its routes and forms, at the Next.js app by
// the protocol, with the cookie that its SDK would write.

import { Browser, Client } from '../../end2end/provider/testing.mjs';
import { application, users } from '../../end2end/provider/demo.mjs';
import { DOCUMENT, request } from './http.mjs';

export const USERNAME = 'ada';
export const RESOURCE = 'https://products.example.com/api';
export const NAME = users[USERNAME].name;

/** Keeps cookies by origin, and follows redirects across origins. */
class Tab {
  #browsers = new Map();
  #cookies = new Map();

  /** `home` is the app's configured address, `real` the address where it listens. */
  constructor(home, real) {
    this.home = home;
    this.real = real;
  }

  async open(url, form) {
    let address = new URL(url);
    let response = await this.#fetch(address, form);
    while (response.status >= 300 && response.status < 400) {
      address = new URL(response.headers.get('location'), address);
      response = await this.#fetch(address);
    }
    return { address, status: response.status, html: await response.text() };
  }

  async #fetch(address, form) {
    if (address.origin !== this.home) {
      const browser = this.#browsers.get(address.origin) ?? new Browser();
      this.#browsers.set(address.origin, browser);
      return browser.fetch(address.href, { form });
    }
    const headers = { ...DOCUMENT, origin: this.home, cookie: this.cookie() };
    const {
      status,
      headers: answered,
      body,
    } = await request(this.real + address.pathname + address.search, { headers, form });
    for (const text of answered['set-cookie'] ?? []) {
      const [, name, value, attributes] = /^([^=]+)=([^;]*)(.*)$/s.exec(text);
      if (value === '' || /max-age=0/i.test(attributes)) {
        this.#cookies.delete(name);
      } else {
        this.#cookies.set(name, value);
      }
    }
    return { status, headers: new Headers({ location: answered.location ?? '' }), text: async () => body.toString() };
  }

  cookie() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }
}

/**
 * Signs in through the app, gets one access token, and returns the `Cookie` header that a browser
 * would send afterwards.
 */
export async function signIn(home, real) {
  const tab = new Tab(home, real);
  const page = await tab.open(`${home}/sign-in`, { return_to: '/resources' });
  const action = /<form method="post" action="([^"]+)"/.exec(page.html)?.[1];
  if (!action) {
    throw new Error(`no sign-in form at ${page.address}, ${page.status}:\n${page.html.slice(0, 500)}`);
  }
  const form = { username: USERNAME, password: users[USERNAME].password, action: 'sign-in' };
  const back = await tab.open(new URL(action, page.address).href, form);
  if (back.status !== 200 || !back.html.includes(NAME)) {
    throw new Error(`signed in, but ${back.address} responds with ${back.status}:\n${back.html.slice(0, 500)}`);
  }
  return tab.cookie();
}

/** The cookie of `@logto/next` for the same user. */
export async function peerCookie(providerUrl, secret) {
  // Its packages are installed for the benchmark only.
  const { wrapSession } = await import('../peer/session.mjs');
  const client = new Client();
  client.connect({ baseUrl: providerUrl, issuer: `${providerUrl}/oidc` });
  const { tokens } = await client.signIn(USERNAME, { resource: [RESOURCE] });
  const { body: forResource } = await client.refresh(tokens.refresh_token, { resource: RESOURCE });
  const kept = ({ access_token: token, scope, expires_in: seconds }) => ({
    token,
    scope,
    expiresAt: Math.floor(Date.now() / 1000) + seconds,
  });
  const session = {
    idToken: tokens.id_token,
    refreshToken: forResource.refresh_token ?? tokens.refresh_token,
    // Keys in the form of @logto/client: scopes, "@", resource and organization.
    accessToken: JSON.stringify({ '@': kept(tokens), [`@${RESOURCE}`]: kept(forResource) }),
  };
  return `logto_${application.appId}=${encodeURIComponent(await wrapSession(session, secret))}`;
}
