// The selectors of the browser tests, and the steps that use them.

import { expect, type Locator, type Page } from '@playwright/test';
import { users } from '../provider/demo.mjs';
import { code } from '../provider/step-up.mjs';

export type Username = keyof typeof users;

/** All pages of the app: path and main heading. */
export const paths = [
  '/',
  '/set-up',
  '/signing-in',
  '/protect',
  '/profile',
  '/resources',
  '/organizations',
  '/organizations/manage',
  '/account',
  '/act-as',
  '/sessions',
  '/streaming',
  '/logto-away',
] as const;

export const products = 'https://products.example.com/api';
export const orders = 'https://orders.example.com/api';

/** Names of session cookies and of transaction cookies. */
export const sessionCookie = /^(__Host-)?logto_(?!tx_)/;
export const transactionCookie = /^(__Host-)?logto_tx_/;

/** The app in one tab. */
export class App {
  readonly header: Locator;
  readonly main: Locator;
  readonly heading: Locator;
  readonly skipLink: Locator;
  readonly provider: ProviderPages;

  constructor(
    readonly page: Page,
    readonly url: string,
    private readonly javaScript = true,
  ) {
    this.header = page.getByRole('banner');
    this.main = page.getByRole('main');
    this.heading = this.main.getByRole('heading', { level: 1 });
    this.skipLink = page.getByRole('link', { name: /skip to/i });
    this.provider = new ProviderPages(page);
  }

  /** The same app in another tab. */
  static async inNewTab(app: App): Promise<App> {
    return new App(await app.page.context().newPage(), app.url, app.javaScript);
  }

  async open(path: string): Promise<void> {
    await this.page.goto(new URL(path, this.url).href);
  }

  /** The button in the header. A page may have others with the same name. */
  get signInButton(): Locator {
    return this.page.getByRole('button', { name: 'Sign in', exact: true }).first();
  }

  /** In an app with the user's menu, the button is in that menu. */
  get signOutButton(): Locator {
    return this.page.getByRole('button', { name: 'Sign out', exact: true }).first();
  }

  /** The button of the user's menu. It is there while a user is signed in. */
  get userMenuButton(): Locator {
    return this.header.locator('.logto-user-button');
  }

  /** What only signed-in users have: the user's menu, or the button to sign out in an app without that menu. */
  get accountButton(): Locator {
    return this.userMenuButton.or(this.signOutButton).first();
  }

  /** Signs out on /sessions. */
  get signOutOfThisApp(): Locator {
    return this.main.getByRole('button', { name: 'Sign out of this app only' });
  }

  /** The state of the session in the header. */
  get sessionState(): Locator {
    return this.header.locator('.pill');
  }

  /** The link to a step in the list of steps. */
  step(name: string): Locator {
    return this.page.getByRole('navigation', { name: 'Steps' }).getByRole('link', { name, exact: true });
  }

  /** The link below a step that leads to the next. */
  get nextStep(): Locator {
    return this.main.getByRole('link', { name: /^Next: / });
  }

  get homeLink(): Locator {
    return this.header.locator('a[href="/"]');
  }

  /** The sign-in button of a page that requires a user. */
  get signInInPage(): Locator {
    return this.main.getByRole('button', { name: /^(Sign in|Continue with Logto)$/ }).first();
  }

  /** Chooses a language in the footer. */
  async switchLanguage(name: 'English' | 'Français'): Promise<void> {
    await this.page.getByRole('contentinfo').getByRole('button', { name, exact: true }).click();
    await expect(this.page.getByRole('button', { name, exact: true, pressed: true })).toBeVisible();
  }

  /** Signs in from the current page, through the provider and back. */
  async signIn(username: Username = 'ada'): Promise<void> {
    await this.signInButton.click();
    await this.provider.signIn(username);
    await expect(this.accountButton).toBeVisible();
  }

  /** Signs out. Without JavaScript the provider's page needs one more click. */
  async signOut({ javaScript = true } = {}): Promise<void> {
    if ((await this.userMenuButton.count()) > 0) {
      await this.userMenuButton.click();
    }
    await this.signOutButton.click();
    if (!javaScript) {
      await this.provider.confirmSignOut.click();
    }
    await expect(this.page).toHaveURL(`${this.url}/`);
    await expect(this.signInButton).toBeVisible();
  }

  /** Confirms on a page that asks before a sign-in or sign-out. */
  async confirm(button: 'Sign in' | 'Sign out'): Promise<void> {
    await expect(this.main.getByRole('heading', { name: button })).toBeVisible();
    await this.main.getByRole('button', { name: button }).click();
  }

  /** The path, query and fragment of the address. */
  get path(): string {
    return this.page.url().slice(this.url.length);
  }

  // Home

  get claimsTable(): Locator {
    return this.main
      .getByRole('table')
      .filter({ has: this.page.getByRole('columnheader', { name: 'Claim', exact: true }) });
  }

  /** The row of a claim on the profile page, which compares the ID token with userinfo. */
  compared(name: string): Locator {
    return this.main.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
  }

  /** The value cell of a claim on the home page. */
  claim(name: string): Locator {
    const row = this.claimsTable
      .getByRole('row')
      .filter({ has: this.page.getByRole('rowheader', { name, exact: true }) });
    return row.getByRole('cell').last();
  }

  // Resources and organizations

  /** The section of /resources for one API resource. */
  resource(indicator: string): Piece {
    return new Piece(this.#section(indicator), this.#forms, 'Get access token');
  }

  /** The section of /organizations for one organization. */
  organization(name: string): Piece {
    return new Piece(this.#section(name), this.#forms, 'Get organization token');
  }

  /** The section of /resources that calls the API. */
  get api(): Locator {
    return this.#section('Call the API');
  }

  get newProduct(): Locator {
    return this.api.getByLabel('Name of a new product');
  }

  get apiOutcome(): Locator {
    return this.api.locator('.outcome');
  }

  get addProduct(): Locator {
    return this.api.getByRole('button', { name: 'Call POST /api/products' });
  }

  // Streaming and session

  /** The card of the token that is streamed late. */
  get lateToken(): Locator {
    return this.main.getByRole('article');
  }

  /** The card of an access token in the session. */
  keptToken(resource: string): Locator {
    return this.#section('Access tokens kept').getByRole('article').filter({ hasText: resource }).filter({ hasNotText: 'organization_id' });
  }

  /**
   * Waits until scripts handle the forms, see `markHandledForms`. A click before that would lead to
   * another page.
   */
  get #forms(): string {
    return this.javaScript ? 'form[data-handled]' : 'form';
  }

  #section(heading: string): Locator {
    return this.main.getByRole('region', { name: heading, exact: true });
  }

  // Errors

  /** The stable code on the error page. */
  get errorCode(): Locator {
    return this.main.getByText('Code:').getByRole('code');
  }

  /** Opens the page again that demanded more than the sign-in has proved. */
  get tryAgain(): Locator {
    return this.main.getByRole('link', { name: 'Try again' });
  }

  /** Starts the sign-in again from the error page, for the original page. */
  get signInAgain(): Locator {
    return this.main.getByRole('button', { name: 'Sign in again' });
  }

  get wayBack(): Locator {
    return this.main.getByRole('link', { name: 'Back to the home page' });
  }
}

/** The value beside a name on a token's card. */
export const fact = (card: Locator, name: string): Locator =>
  card
    .locator('dt')
    .filter({ hasText: new RegExp(`^${name}$`) })
    .locator('xpath=following-sibling::dd[1]');

/** The chip of a scope on a token's card. */
export const scope = (card: Locator, name: string): Locator =>
  card.getByRole('listitem').filter({ hasText: new RegExp(`^${name}$`) });

/** A section with a token obtained while rendering, and a button that obtains one by an action. */
export class Piece {
  readonly button: Locator;
  /** The card of the token obtained while rendering. */
  readonly rendered: Locator;
  /** The card of the token obtained by the action. */
  readonly byAction: Locator;
  /** The element that announces the action's outcome. */
  readonly outcome: Locator;

  constructor(
    readonly section: Locator,
    forms: string,
    button: string,
  ) {
    this.button = section.locator(forms).getByRole('button', { name: button });
    this.rendered = section.locator('.tokens > div').first().getByRole('article');
    this.outcome = section.locator('.outcome');
    this.byAction = this.outcome.getByRole('article');
  }
}

/** The provider's pages. */
export class ProviderPages {
  readonly username: Locator;
  readonly password: Locator;
  readonly submit: Locator;
  readonly cancel: Locator;
  readonly confirmSignOut: Locator;
  readonly code: Locator;
  readonly confirmCode: Locator;

  constructor(private readonly page: Page) {
    this.username = page.getByLabel('Username');
    this.password = page.getByLabel('Password');
    this.submit = page.getByRole('button', { name: 'Sign in' });
    this.cancel = page.getByRole('button', { name: 'Cancel' });
    this.confirmSignOut = page.getByRole('button', { name: 'Sign out' });
    this.code = page.getByLabel('Code of your authenticator app');
    this.confirmCode = page.getByRole('button', { name: 'Confirm' });
  }

  /** Enters the code of the second factor. */
  async proveSecondFactor(): Promise<void> {
    await this.code.fill(code);
    await this.confirmCode.click();
  }

  async signIn(username: Username): Promise<void> {
    await this.signInWith(username, users[username].password);
  }

  /** Signs in a user who has registered. */
  async signInWith(identifier: string, password: string): Promise<void> {
    await this.username.fill(identifier);
    await this.password.fill(password);
    await this.submit.click();
  }

  /** Signs out at the provider, without the app. */
  async signOut(url: string): Promise<void> {
    await this.page.goto(`${url}/oidc/session/end`);
    await expect(this.page.getByText('You have signed out.')).toBeVisible();
  }
}
