// The provider's page on which a visitor creates an account.

import { expect, type Locator, type Page } from '@playwright/test';

export interface NewUser {
  email: string;
  name: string;
  password: string;
}

export const dora: NewUser = { email: 'dora@example.com', name: 'Dora Newcomer', password: 'dora-demo' };

export class Registration {
  /** The link on the sign-in page. */
  readonly link: Locator;
  readonly signInLink: Locator;
  readonly heading: Locator;
  readonly email: Locator;
  readonly name: Locator;
  readonly password: Locator;
  readonly submit: Locator;
  readonly problem: Locator;

  constructor(page: Page) {
    this.link = page.getByRole('link', { name: 'Create account' });
    this.signInLink = page.getByRole('link', { name: 'Sign in' });
    this.heading = page.getByRole('heading', { name: 'Create account' });
    this.email = page.getByLabel('Email address');
    this.name = page.getByLabel('Name');
    this.password = page.getByLabel('Password');
    this.submit = page.getByRole('button', { name: 'Create account' });
    this.problem = page.getByRole('alert');
  }

  async register({ email, name, password }: NewUser): Promise<void> {
    await expect(this.heading).toBeVisible();
    await this.email.fill(email);
    await this.name.fill(name);
    await this.password.fill(password);
    await this.submit.click();
  }
}
