// Firefox, by WebDriver BiDi.

import puppeteer from 'puppeteer-core';
import { Tab } from './tab.mjs';

const program = process.env.FIREFOX_PATH || '/usr/bin/firefox-esr';

export class Firefox {
  static title = 'Firefox';
  /** `Sec-Fetch-Site` between two ports of an IP address. */
  static siteOfAnotherPort = 'cross-site';
  #browser;

  static async launch({ javaScript }) {
    const firefox = new Firefox();
    firefox.#browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: program,
      headless: true,
      extraPrefsFirefox: { 'javascript.enabled': javaScript, 'intl.accept_languages': 'en' },
    });
    return firefox;
  }

  /** A tab with cookies of its own. */
  async newTab() {
    const context = await this.#browser.createBrowserContext();
    return new FirefoxTab(context, await context.newPage());
  }

  async close() {
    await this.#browser.close();
  }
}

class FirefoxTab extends Tab {
  canGoBack = true;
  #context;
  #page;
  #problems = [];

  constructor(context, page) {
    super();
    this.#context = context;
    this.#page = page;
    page.on('console', (message) => {
      if (['error', 'warn'].includes(message.type())) {
        this.#problems.push(`console.${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    page.on('pageerror', (error) => this.#problems.push(`uncaught: ${error.message}`));
  }

  async open(url) {
    await this.#page.goto(url);
  }

  /** Not from puppeteer, which misses pages that the browser has kept. */
  async address() {
    return this.run(() => location.href);
  }

  async cookies() {
    return this.#page.cookies();
  }

  async run(script, argument) {
    return this.#page.evaluate(script, argument);
  }

  async press(x, y) {
    await this.#page.mouse.click(x, y);
  }

  async enter(text) {
    await this.#page.keyboard.type(text);
  }

  problems() {
    return [...this.#problems];
  }

  async close() {
    await this.#context.close();
  }
}
