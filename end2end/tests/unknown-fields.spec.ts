// Forms with a field that the app does not know, as a browser extension may add one: they work.

import type { Locator, Page } from '@playwright/test';
import { users } from '../provider/demo.mjs';
import type { App } from './pages.ts';
import { expect, test } from './support/fixtures.ts';
import { Management } from './support/management.ts';

/** Lists the status of each form that the tab sends from now on. */
function formsOf(app: App, page: Page): number[] {
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.request().method() === 'POST' && response.url().startsWith(app.url)) {
      statuses.push(response.status());
    }
  });
  return statuses;
}

/** Adds the field to the form of a button, and sends the form. */
async function sendWithUnknownField(button: Locator): Promise<void> {
  await button.evaluate((element: HTMLButtonElement) => {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = 'unknown';
    field.value = 'x';
    element.form!.append(field);
  });
  const sent = button.page().waitForRequest((request) => request.method() === 'POST');
  await button.click();
  expect((await sent).postData()).toContain('unknown=x');
}

for (const javaScriptEnabled of [true, false]) {
  test.describe(javaScriptEnabled ? 'with JavaScript' : 'without JavaScript', () => {
    test.use({ javaScriptEnabled });

    test('the form that creates an organization', async ({ app, page }) => {
      await app.open('/organizations/manage');
      await app.signIn('ada');
      const statuses = formsOf(app, page);
      await app.main.getByLabel('Name of the organization').fill('Initech');
      await sendWithUnknownField(app.main.getByRole('button', { name: 'Create the organization' }));
      const group = app.main.getByRole('region', { name: 'Members and invitations' }).getByRole('group');
      await expect(group.getByRole('button', { name: 'Initech', exact: true })).toBeVisible();
      expect(statuses[0]).toBe(302);
    });

    test('the switcher of organizations', async ({ app, page }) => {
      await app.open('/organizations');
      await app.signIn('ada');
      const statuses = formsOf(app, page);
      const section = app.main.getByRole('region', { name: 'The active organization', exact: true });
      await sendWithUnknownField(section.getByRole('button', { name: 'Globex Corporation', exact: true }));
      await expect(section).toContainText('active_organization: globex');
      expect(statuses[0]).toBe(303);
    });

    test('the form that accepts an invitation', async ({ app, page, provider }) => {
      const management = await Management.at(provider.url);
      const { id } = await management.call<{ id: string }>('POST', '/organization-invitations', {
        organizationId: 'globex',
        invitee: users.bob.email,
        expiresAt: Date.now() + 60_000,
        messagePayload: false,
      });
      await app.open(`/invitations/${id}`);
      await app.signIn('bob');
      const statuses = formsOf(app, page);
      await sendWithUnknownField(app.main.getByRole('button', { name: 'Join the organization' }));
      await expect(app.main).toContainText('You are now a member of Globex Corporation.');
      expect(statuses[0]).toBe(302);
    });

    test('the forms that begin and end acting as another user', async ({ app, page }) => {
      await app.open('/act-as');
      await app.signIn('ada');
      const banner = page.locator('.acting');
      const statuses = formsOf(app, page);
      await sendWithUnknownField(app.main.getByRole('button', { name: 'Act as Bob Reader' }));
      await expect(banner).toContainText('You are acting as Bob Reader.');
      expect(statuses[0]).toBe(302);
      await sendWithUnknownField(banner.getByRole('button', { name: 'Stop' }));
      await expect(banner).toHaveCount(0);
      expect(statuses).toEqual([302, 302]);
    });
  });
}
