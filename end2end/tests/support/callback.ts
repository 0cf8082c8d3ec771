// Signs in at the provider without a page: a request sends the form, and the redirect back to the
// app is not followed.

import type { APIRequestContext } from '@playwright/test';
import { users } from '../../provider/demo.mjs';

const mostRedirects = 10;

/**
 * Sends the sign-in form at `address` and returns the provider's redirect: a URL of `appUrl` with
 * the code.
 */
export async function sendSignInForm(
  request: APIRequestContext,
  address: string,
  username: keyof typeof users,
  appUrl: string,
): Promise<URL> {
  const form = { username, password: users[username].password, action: 'sign-in' };
  let response = await request.post(address, { form, maxRedirects: 0 });
  for (let redirects = 0; redirects < mostRedirects; redirects += 1) {
    const location = new URL(response.headers()['location'] ?? '', response.url());
    if (location.origin === appUrl) {
      return location;
    }
    response = await request.get(location.href, { maxRedirects: 0 });
  }
  throw new Error('the provider did not redirect to the app');
}
