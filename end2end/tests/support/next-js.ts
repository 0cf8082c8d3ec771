// A Next.js app that this app replaces. Logto's Next.js SDK uses the client and the session cookie
// of @logto/node.

import LogtoClient, { CookieStorage, UserScope, unwrapSession, wrapSession } from '@logto/node';
import type { APIRequestContext, BrowserContext } from '@playwright/test';
import { application, resources, type users } from '../../provider/demo.mjs';
import { sendSignInForm } from './callback.ts';
import type { Stack } from './stack.ts';

/** The `cookieSecret` of the Next.js app. */
export const cookieSecret = 'of-the-next-js-app-0123456789abcdef';

const cookieName = `logto_${application.appId}`;

/** The session in the SDK's cookie. */
type SessionData = Awaited<ReturnType<typeof unwrapSession>>;

/** The Next.js app, with one user. Built like `createRequestScopedClient` of @logto/next. */
export class NextJsApp {
  #cookie = '';
  #navigatedTo = '';
  #client!: LogtoClient;

  private constructor(private readonly appUrl: string) {}

  /** Signs a user in with the SDK. `request` takes the place of the browser. */
  static async signIn(
    { appUrl, provider }: Stack,
    request: APIRequestContext,
    username: keyof typeof users,
  ): Promise<NextJsApp> {
    const app = new NextJsApp(appUrl);
    const storage = new CookieStorage({
      encryptionKey: cookieSecret,
      cookieKey: cookieName,
      isSecure: false,
      getCookie: () => app.#cookie,
      setCookie: (_name, value) => {
        app.#cookie = value;
      },
    });
    await storage.init();
    const config = {
      endpoint: provider.url,
      appId: application.appId,
      appSecret: application.appSecret,
      resources: Object.keys(resources),
      scopes: [UserScope.Email, UserScope.Organizations, ...Object.values(resources).flat(), 'read:members'],
    };
    const navigate = (url: string) => {
      app.#navigatedTo = url;
    };
    app.#client = new LogtoClient(config, { storage, navigate });
    await app.#client.signIn({ redirectUri: `${appUrl}/callback` });
    const form = await request.get(app.#navigatedTo);
    await app.#client.handleSignInCallback((await sendSignInForm(request, form.url(), username, appUrl)).href);
    return app;
  }

  /** Gets an access token with the SDK, which stores it in the cookie. */
  async getAccessToken(resource?: string, organizationId?: string): Promise<void> {
    await this.#client.getAccessToken(resource, organizationId);
  }

  /** The session in the cookie. */
  async session(): Promise<SessionData> {
    return unwrapSession(this.#cookie, cookieSecret);
  }

  /** Sets the SDK's cookie in a browser, or one with another session or secret. */
  async moveInto(
    browser: BrowserContext,
    { session, secret = cookieSecret }: { session?: SessionData; secret?: string } = {},
  ): Promise<void> {
    const value = await wrapSession(session ?? (await this.session()), secret);
    // Next.js percent-encodes cookie values.
    const cookie = {
      name: cookieName,
      value: encodeURIComponent(value),
      url: this.appUrl,
      httpOnly: true,
      sameSite: 'Lax' as const,
    };
    await browser.addCookies([cookie]);
  }
}

/** Whether the SDK can read a cookie's value. */
export async function isReadBySdk(value: string): Promise<boolean> {
  return Object.keys(await unwrapSession(decodeURIComponent(value), cookieSecret)).length > 0;
}
