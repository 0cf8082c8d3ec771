// The steps of a user in the app and at the provider.

import { users } from '../provider/demo.mjs';

export const products = 'https://products.example.com/api';
export const sessionCookie = /^(__Host-)?logto_(?!tx_)/;
export const transactionCookie = /^(__Host-)?logto_tx_/;

export const userMenu = ['header', 'button.logto-user-button'];
const signInButton = ['header', ['button', 'Sign in']];

export class App {
  constructor(tab, site, { javaScript }) {
    this.tab = tab;
    this.url = site.url;
    this.javaScript = javaScript;
  }

  async open(path) {
    await this.tab.open(`${this.url}${path}`);
  }

  async isAt(path) {
    await this.tab.isAt(`${this.url}${path}`);
  }

  /** Starts a sign-in on the page that is open. */
  async startSignIn() {
    await this.tab.click(...signInButton);
  }

  /** Fills in the form of the provider. */
  async signInAtProvider(username) {
    await this.tab.fill(username, ['textbox', 'Username or email address']);
    await this.tab.fill(users[username].password, ['textbox', 'Password']);
    await this.tab.click('button.primary');
  }

  async signIn(username) {
    await this.startSignIn();
    await this.signInAtProvider(username);
    await this.tab.finds(...userMenu);
  }

  /** Without JavaScript the provider's page needs one more click. */
  async signOut() {
    await this.tab.click(...userMenu);
    await this.tab.click('.logto-user-menu', ['button', 'Sign out']);
    if (!this.javaScript) {
      await this.tab.click('main', ['button', 'Sign out']);
    }
    await this.isSignedOut();
  }

  async isSignedOut() {
    await this.tab.finds(...signInButton);
  }

  /** A form that a script of the page handles, if there are scripts. */
  get form() {
    return this.javaScript ? 'form[data-handled]' : 'form';
  }

  /** The cookies of the app whose names match. */
  async cookies(name) {
    return (await this.tab.cookies()).filter((cookie) => name.test(cookie.name));
  }
}
