// A user creates an organization and invites another user, who opens the link signed out, joins,
// and leaves. With and without JavaScript, because the forms need none.

import type { Browser, Page } from '@playwright/test';
import { App, type Username } from './pages.ts';
import { expectAccessible } from './support/accessibility.ts';
import { expect, test } from './support/fixtures.ts';

const manage = '/organizations/manage';

/** The parts of the page that manages organizations. */
class Team {
  constructor(readonly app: App) {}

  get name() {
    return this.app.main.getByLabel('Name of the organization');
  }

  get createButton() {
    return this.app.main.getByRole('button', { name: 'Create the organization' });
  }

  get email() {
    return this.app.main.getByLabel('Email address');
  }

  get section() {
    return this.app.main.getByRole('region', { name: 'Members and invitations' });
  }

  /** The buttons of the organization switcher. */
  organization(name: string) {
    return this.section.getByRole('group').getByRole('button', { name, exact: true });
  }

  member(name: string) {
    return this.section.getByRole('listitem').filter({ hasText: name }).first();
  }

  /** The links of the open invitations. */
  get links() {
    return this.section.getByRole('link', { name: /\/invitations\// });
  }

  get leave() {
    return this.app.main.getByRole('button', { name: /^Leave / });
  }

  /** The button that deletes the active organization. */
  get delete() {
    return this.app.main.getByRole('button', { name: /^Delete / });
  }

  /** A button of a member. */
  button(label: string, member: string) {
    return this.section.getByRole('button', { name: `${label} ${member}` });
  }

  async create(name: string): Promise<void> {
    await this.name.fill(name);
    await this.createButton.click();
  }

  async invite(email: string): Promise<void> {
    await this.email.fill(email);
    await this.section.getByRole('button', { name: 'Invite', exact: true }).click();
  }

  async revoke(email: string): Promise<void> {
    await this.section.getByRole('button', { name: `Revoke ${email}` }).click();
  }
}

const join = (app: App) => app.main.getByRole('button', { name: 'Join the organization' });
const otherAccount = (app: App) => app.main.getByRole('button', { name: 'Sign in with another account' });

async function signedIn(app: App, username: Username): Promise<Team> {
  await app.open(manage);
  await app.signIn(username);
  return new Team(app);
}

/**
 * Invites an address as Ada, in a browser of hers, and returns the path of the link. The organization
 * is Acme, or a new one.
 */
async function invited(
  browser: Browser,
  url: string,
  email: string,
  created?: string,
): Promise<{ link: string; team: Team; page: Page }> {
  const page = await (await browser.newContext()).newPage();
  const team = await signedIn(new App(page, url), 'ada');
  await (created ? team.create(created) : team.organization('Acme Inc.').click());
  await team.invite(email);
  const link = (await team.links.first().textContent())!;
  expect(link).toMatch(new RegExp(`^${url}/invitations/[\\w-]+$`));
  return { link: link.slice(url.length), team, page };
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('a user creates an organization, invites another one, who joins and leaves', async ({
      app,
      page,
      browser,
      stack,
      provider,
    }) => {
      const ada = await signedIn(app, 'ada');
      await ada.create('Initech');
      await expect(ada.organization('Initech')).toHaveAttribute('aria-current', 'true');
      await expect(ada.member('Ada Lovelace')).toContainText('admin');
      await expect(ada.section).toContainText('There is no open invitation.');

      await ada.organization('Globex Corporation').click();
      await expect(ada.section).toContainText('Only members with the permission write:members can invite others.');
      await ada.organization('Initech').click();
      await ada.invite('bob@example.com');
      await expect(ada.links).toHaveCount(1);
      const link = (await ada.links.textContent())!;

      const context = await browser.newContext({ javaScriptEnabled });
      const bob = new App(await context.newPage(), stack.appUrl, javaScriptEnabled);
      await bob.page.goto(link);
      await bob.provider.signIn('bob');
      expect(bob.page.url()).toBe(link);
      await expect(bob.main).toContainText('bob@example.com has been invited to join Initech.');
      const signIns = (await provider.log()).filter(({ path }) => path === '/oidc/auth').length;
      await join(bob).click();
      await expect(bob.main).toContainText('You are now a member of Initech.');
      await expect(bob.main.getByRole('article')).toContainText('urn:logto:organization:');
      await expect(bob.main.getByRole('article')).toContainText('read:members');

      await bob.open('/organizations');
      await expect(bob.organization('Initech').rendered).toBeVisible();
      await bob.open(manage);
      const team = new Team(bob);
      await team.organization('Initech').click();
      await expect(team.member('Bob Reader')).toContainText('member');
      await expect(team.email).toHaveCount(0);
      await page.reload();
      await expect(ada.member('Bob Reader')).toContainText('member');
      await expect(ada.links).toHaveCount(0);

      await team.leave.click();
      await expect(team.section).toContainText('No organization is active.');
      await expect(team.organization('Initech')).toHaveCount(0);
      await bob.page.goto(link);
      await expect(bob.main).toContainText('This invitation has already been accepted.');
      await page.reload();
      await expect(ada.member('Bob Reader')).toHaveCount(0);
      await expect(ada.member('Ada Lovelace')).toBeVisible();
      expect((await provider.log()).filter(({ path }) => path === '/oidc/auth').length).toBe(signIns);
      await context.close();
    });

    test('the browser does not send an invalid form, and the server refuses it', async ({ app, page }) => {
      const team = await signedIn(app, 'ada');
      await team.createButton.click();
      await expect(team.name).toBeFocused();
      await team.organization('Acme Inc.').click();
      await page.locator('form:has(#invited-email)').evaluate((form: HTMLFormElement) => (form.noValidate = true));
      await team.invite('nonsense');
      await expect(app.main.getByRole('status').filter({ hasText: 'Please enter an email address.' })).toBeVisible();
      await expect(team.links).toHaveCount(0);
    });

    test('each refusal is explained', async ({ app }) => {
      const team = await signedIn(app, 'ada');
      await team.create('Initech');
      await expect(team.organization('Initech')).toBeVisible();
      await team.create('Initech');
      await expect(app.main).toContainText('You are already in an organization with this name.');
      await team.organization('Acme Inc.').click();
      await team.invite('bob@example.com');
      await expect(app.main).toContainText('A member has this email address');
      await team.invite('cleo@example.com');
      await expect(team.links).toHaveCount(1);
      await team.invite('cleo@example.com');
      await expect(app.main).toContainText('There is already an open invitation for this address.');
      await team.revoke('cleo@example.com');
      await expect(team.links).toHaveCount(0);
      await team.leave.click();
      await expect(app.main).toContainText('The organization needs an admin.');
    });

    test('the last admin hands over and leaves', async ({ app, browser, stack }) => {
      const ada = await signedIn(app, 'ada');
      await ada.organization('Acme Inc.').click();
      await ada.button('Make admin', 'Bob Reader').click();
      await expect(ada.button('Remove the role admin', 'Bob Reader')).toBeVisible();
      await ada.leave.click();
      await expect(ada.section).toContainText('No organization is active.');

      const context = await browser.newContext({ javaScriptEnabled });
      const bob = await signedIn(new App(await context.newPage(), stack.appUrl, javaScriptEnabled), 'bob');
      await bob.organization('Acme Inc.').click();
      await expect(bob.email).toBeVisible();
      await expect(bob.member('Ada Lovelace')).toHaveCount(0);
      await context.close();
    });

    test('an admin removes the other member, and deletes the organization', async ({ app }) => {
      const team = await signedIn(app, 'ada');
      await team.organization('Acme Inc.').click();
      await team.delete.click();
      await expect(app.main).toContainText('Remove the other members and revoke the open invitations');
      await team.button('Remove', 'Bob Reader').click();
      await expect(team.member('Bob Reader')).toHaveCount(0);
      await team.delete.click();
      await expect(team.section).toContainText('No organization is active.');
      await expect(team.organization('Acme Inc.')).toHaveCount(0);
    });

    test('another user learns nothing, and comes back with another account', async ({ app, browser, stack, watch }) => {
      // The provider's page that ends the first session requests it.
      watch.allow(/favicon\.ico/);
      const { link, page } = await invited(browser, stack.appUrl, 'cleo@example.com');
      await app.open(link);
      await app.provider.signIn('bob');
      await expect(app.main).toContainText('This invitation is for another account.');
      await expect(app.main).not.toContainText('Acme');
      await expect(app.main).not.toContainText('cleo@example.com');
      await expect(join(app)).toHaveCount(0);
      await otherAccount(app).click();
      await app.provider.signIn('ada');
      if (!javaScriptEnabled) {
        await app.page.getByRole('button', { name: 'Continue' }).click();
      }
      await expect(app.page).toHaveURL(stack.appUrl + link);
      await expect(app.accountButton).toContainText('Ada Lovelace');
      await page.context().close();
    });
  });
}

test('a member who sends the form of an admin gets 403, and nothing is created', async ({ app, page, watch }) => {
  watch.allow(/Failed to load resource.*organizations\/invite/);
  const team = await signedIn(app, 'bob');
  await team.organization('Acme Inc.').click();
  await expect(team.email).toHaveCount(0);
  const answer = await page.evaluate(async () => {
    const body = new URLSearchParams({ organization_id: 'acme', email: 'eve@example.com' });
    const response = await fetch('/fn/organizations/invite', { method: 'POST', body });
    return [response.status, await response.text()];
  });
  expect(answer).toEqual([403, expect.stringContaining('forbidden')]);
  await app.signOut();
  const ada = await signedIn(app, 'ada');
  await ada.organization('Acme Inc.').click();
  await expect(ada.section).toContainText('There is no open invitation.');
});

test('a link that is over, or never was one, says so', async ({ app, browser, stack, provider }) => {
  const { link, team, page } = await invited(browser, stack.appUrl, 'bob@example.com', 'Initech');
  await team.revoke('bob@example.com');
  await expect(team.links).toHaveCount(0);
  await page.context().close();
  await app.open(link);
  await app.provider.signIn('bob');
  await expect(app.main).toContainText('This invitation has been revoked.');
  for (const id of ['unknown', '..%2Forganizations%2Facme', 'a%00b', 'x'.repeat(2000)]) {
    await app.open(`/invitations/${id}`);
    await expect(app.main).toContainText('There is no such invitation.');
  }
  await provider.set({ faults: { api: { status: 503 } } });
  await app.open(link);
  await expect(app.main).toContainText('Logto cannot be reached.');
});

for (const colorScheme of ['light', 'dark'] as const) {
  for (const language of ['English', 'Français'] as const) {
    test(`the pages are accessible (${colorScheme}, ${language})`, async ({ app, browser, stack, page }) => {
      test.setTimeout(90_000);
      const { link, page: other } = await invited(browser, stack.appUrl, 'cleo@example.com');
      await other.context().close();
      await page.emulateMedia({ colorScheme });
      const team = await signedIn(app, 'ada');
      await team.organization('Acme Inc.').click();
      await team.invite('cleo@example.com');
      await expect(app.main).toContainText('There is already an open invitation');
      await app.switchLanguage(language);
      await expect(team.app.main.getByRole('link', { name: /\/invitations\// })).toHaveCount(1);
      await expectAccessible(page, 'forms and lists');
      for (const path of [link, '/invitations/unknown']) {
        await app.open(path);
        await expect(app.heading).toBeVisible();
        await expectAccessible(page, path);
      }
    });
  }
}
