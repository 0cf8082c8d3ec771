// Magic links: a link in an email signs its user in, once.

import { users } from '../provider/demo.mjs';
import { App, type Username } from './pages.ts';
import { expect, test as base } from './support/fixtures.ts';
import { Management } from './support/management.ts';
import type { Provider } from './support/stack.ts';

interface OneTimeToken {
  id: string;
  token: string;
  status: string;
}

/** The email that the app would send, and what becomes of its token. */
class Email {
  private constructor(
    private readonly management: Management,
    readonly link: string,
    private readonly id: string,
  ) {}

  static async to(username: Username, provider: Provider): Promise<Email> {
    const management = await Management.at(provider.url);
    const email = users[username].email!;
    const { id, token } = await management.call<OneTimeToken>('POST', '/one-time-tokens', { email });
    const query = new URLSearchParams({ one_time_token: token, login_hint: email, return_to: '/profile' });
    return new Email(management, `/sign-in?${query}`, id);
  }

  async revoke(): Promise<void> {
    await this.management.call<OneTimeToken>('PUT', `/one-time-tokens/${this.id}/status`, { status: 'revoked' });
  }

  async status(): Promise<string> {
    return (await this.management.call<OneTimeToken>('GET', `/one-time-tokens/${this.id}`)).status;
  }
}

const test = base.extend<{ email: Email }>({
  email: async ({ provider }, use) => use(await Email.to('bob', provider)),
});

/** Opens a link and presses its button. */
async function follow(app: App, { link }: Email): Promise<void> {
  await app.open(link);
  await app.confirm('Sign in');
}

const subject = async (app: App) => {
  await app.open('/');
  return app.claim('sub').textContent();
};

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('the link signs its user in after a click, and leads to its page', async ({ app, provider, email }) => {
      await app.open(email.link);
      await expect(app.main.getByRole('button', { name: 'Sign in' })).toBeVisible();
      expect(await email.status()).toBe('active');
      await app.confirm('Sign in');
      await expect(app.accountButton).toBeVisible();
      expect(app.path).toBe('/profile');
      expect(await subject(app)).toBe('bob0demouser');
      expect(await email.status()).toBe('consumed');
      const asked = { path: '/oidc/auth', prompt: 'consent', login_hint: 'bob@example.com' };
      expect(await provider.log()).toContainEqual(expect.objectContaining(asked));
    });
  });
}

test('a used link is refused by the provider, and the password still works', async ({ app, page, browser, email }) => {
  await follow(app, email);
  await expect(app.accountButton).toBeVisible();
  const context = await browser.newContext();
  const later = new App(await context.newPage(), app.url);
  await follow(later, email);
  await expect(later.page.getByRole('alert')).toContainText('one_time_token.token_consumed');
  await later.provider.signIn('bob');
  await expect(later.accountButton).toBeVisible();
  await context.close();
  await page.reload();
  await expect(app.accountButton).toBeVisible();
});

test('the link of the user who is signed in works beside the session, also if it is used twice', async ({
  app,
  page,
  email,
}) => {
  await app.open('/');
  await app.signIn('bob');
  for (const _ of ['once', 'twice']) {
    await follow(app, email);
    await expect(page).toHaveURL(`${app.url}/profile`);
    expect(await email.status()).toBe('consumed');
  }
  expect(await subject(app)).toBe('bob0demouser');
});

test('a link that the provider refuses does not end the session', async ({ app, page, watch, email }) => {
  // The browser reports the status of the provider's refusal.
  watch.allow(/Failed to load resource.*\/consent\//);
  await app.open('/');
  await app.signIn('bob');
  await email.revoke();
  await follow(app, email);
  await expect(page.getByRole('alert')).toContainText('one_time_token.token_revoked');
  expect(await subject(app)).toBe('bob0demouser');
});

test('a user who stays signed in is told about the other user, and the session stays', async ({
  app,
  page,
  watch,
  email,
}) => {
  watch.allow(/Failed to load resource.*\/auth-error/);
  await app.open('/');
  await app.signIn('ada');
  await follow(app, email);
  await page.getByRole('button', { name: 'Stay signed in as ada' }).click();
  await expect(app.errorCode).toHaveText('link_for_another_user');
  for (const address of ['ada@example.com', 'bob@example.com']) {
    await expect(app.main).toContainText(address);
  }
  expect(await subject(app)).toBe('ada0demouser');
  expect(await email.status()).toBe('active');
  await page.goBack();
  await app.main.getByRole('button', { name: 'Sign out', exact: true }).click();
  await expect(app.signInButton).toBeVisible();
  await follow(app, email);
  await expect(app.accountButton).toBeVisible();
  expect(await subject(app)).toBe('bob0demouser');
});

test('a user who switches at the provider is signed in as the user of the link', async ({ app, page, email }) => {
  await app.open('/');
  await app.signIn('ada');
  await follow(app, email);
  await page.getByRole('button', { name: 'Switch to bob@example.com' }).click();
  await expect(page).toHaveURL(`${app.url}/profile`);
  expect(await subject(app)).toBe('bob0demouser');
});
