// A tab of a browser, as the tour uses it.

import { setTimeout as delay } from 'node:timers/promises';
import { locate, pageText } from './in-page.mjs';

/** In milliseconds. */
const patience = 20_000;
const pause = 50;

/**
 * A browser implements `open(url)`, `address()`, `cookies()`, `close()`, `run(function,
 * argument)` in the page, `press(x, y)` of the mouse, `enter(text)` by the keyboard, `problems()`
 * (the errors that the browser itself reports), and perhaps `settle()` and `hasCrashed()`.
 *
 * An element is named by a path, see `locate`: `'main', ['button', 'Sign in']`.
 */
export class Tab {
  /** The text of the first visible element; null if there is none. */
  async text(...path) {
    return (await this.run(locate, path))?.text ?? null;
  }

  /** Does not wait for a load, because the browser may have kept the page. */
  async back() {
    // Later, because this page may be gone before it has returned the result.
    await this.run(() => void setTimeout(() => history.back()));
    await this.settle();
  }

  /** Waits for the element and clicks it. */
  async click(...path) {
    const element = await this.until(`a click on ${JSON.stringify(path)}`, async () => {
      const element = await this.run(locate, path);
      return element && !element.isCovered && element;
    });
    await this.press(element.x, element.y);
    await this.settle();
  }

  /** Clicks an input and types. */
  async fill(text, ...path) {
    const element = await this.until(`an input ${JSON.stringify(path)}`, () => this.run(locate, path));
    await this.press(element.x, element.y);
    await this.enter(text);
  }

  /** Waits after a click. */
  async settle() {}

  hasCrashed() {
    return false;
  }

  /** Waits until the element is visible. */
  async finds(...path) {
    await this.until(JSON.stringify(path), async () => (await this.text(...path)) !== null);
  }

  /** Waits until the element is visible and contains the text. */
  async shows(text, ...path) {
    await this.until(`${JSON.stringify(path)} with ${text}`, async () => (await this.text(...path))?.includes(text));
  }

  /** Waits until the element is not visible. */
  async hides(...path) {
    await this.until(`no ${JSON.stringify(path)}`, async () => (await this.text(...path)) === null);
  }

  /** Waits until the address is this one. */
  async isAt(url) {
    await this.until(url, async () => (await this.address()) === url);
  }

  /** Polls until `check` returns a truthy value. An error counts as false: a page may be leaving. */
  async until(what, check) {
    const deadline = Date.now() + patience;
    for (;;) {
      const outcome = await check().catch((error) => ({ error }));
      if (outcome && !outcome.error) {
        return outcome;
      }
      if (this.hasCrashed()) {
        throw new Error(`the browser crashed while waiting for ${what}`);
      }
      if (Date.now() > deadline) {
        const address = await this.address();
        const shown = await this.run(pageText).catch((error) => `${error}`);
        const cause = outcome?.error && { cause: outcome.error };
        throw new Error(`waited in vain for ${what}\nat ${address}, which shows: ${shown.slice(0, 600)}`, cause);
      }
      await delay(pause);
    }
  }
}
