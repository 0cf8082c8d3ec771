// A Next.js app that was here before: the client and the session cookie of Logto's Next.js SDK are
// those of @logto/node.

import LogtoClient, { CookieStorage, UserScope, unwrapSession, wrapSession } from '@logto/node';
import type { APIRequestContext, BrowserContext } from '@playwright/test';
import { application, resources, type users } from '../../provider/demo.mjs';
import { sendSignInForm } from './callback.ts';
import type { Stack } from './stack.ts';

/** The `cookieSecret` of the Next.js app. */
export const cookieSecret = 'of-the-next-js-app-0123456789abcdef';

const cookieName = `logto_${application.appId}`;

/** What the SDK keeps in its cookie. */
type SessionData = Awaited<ReturnType<typeof unwrapSession>>;

/**
 * The Next.js app, with one user. Put together as `createRequestScopedClient` of @logto/next does
 * it.
 */
export class NextJsApp {
  #cookie = '';
  #navigatedTo = '';
  #client!: LogtoClient;

  private constructor(private readonly appUrl: string) {}

  /** Signs a user in by the SDK; everything the browser would do is done by `request`. */
  static async signIn({ appUrl, provider }: Stack, request: APIRequestContext, username: keyof typeof users): Promise<NextJsApp> {
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

  /** Gets an access token by the SDK, which keeps it in the cookie. */
  async getAccessToken(resource?: string, organizationId?: string): Promise<void> {
    await this.#client.getAccessToken(resource, organizationId);
  }

  /** What the cookie holds. */
  async session(): Promise<SessionData> {
    return unwrapSession(this.#cookie, cookieSecret);
  }

  /** Puts the cookie into a browser as the SDK sets it, or one with another session or secret. */
  async moveInto(browser: BrowserContext, { session, secret = cookieSecret }: { session?: SessionData; secret?: string } = {}): Promise<void> {
    const value = await wrapSession(session ?? (await this.session()), secret);
    // Next.js percent-encodes the values of cookies.
    const cookie = { name: cookieName, value: encodeURIComponent(value), url: this.appUrl, httpOnly: true, sameSite: 'Lax' as const };
    await browser.addCookies([cookie]);
  }
}

/** Whether the SDK can read a cookie's value. */
export async function isReadBySdk(value: string): Promise<boolean> {
  return Object.keys(await unwrapSession(decodeURIComponent(value), cookieSecret)).length > 0;
}
