// WebKitGTK, by WebDriver: https://www.w3.org/TR/webdriver2

import { setTimeout as delay } from 'node:timers/promises';
import { root } from '../../tests/support/environment.mjs';
import { freePort, Process } from '../../tests/support/process.mjs';
import { Tab } from './tab.mjs';

/** In milliseconds. */
const calm = 150;

export class WebKit {
  static title = 'WebKitGTK';
  /** `Sec-Fetch-Site` between two ports of an IP address. */
  static siteOfAnotherPort = 'same-site';
  #processes = [];
  #driver;
  #javaScript;
  #url;

  static async launch({ javaScript }) {
    const webKit = new WebKit();
    webKit.#javaScript = javaScript;
    try {
      await webKit.#start();
      return webKit;
    } catch (error) {
      await webKit.close();
      throw error;
    }
  }

  async #start() {
    // It writes the number of a free display to standard output. Between two windows it must not reset.
    const options = ['-displayfd', '1', '-noreset', '-screen', '0', '1280x1024x24', '-nolisten', 'tcp'];
    const display = this.#run('Xvfb', options);
    await display.until(() => /^\d+$/m.test(display.output()), 20);
    const [number] = /^\d+$/m.exec(display.output());
    const port = await freePort();
    this.#driver = this.#run('WebKitWebDriver', [`--port=${port}`], { DISPLAY: `:${number}`, LC_ALL: 'C.UTF-8' });
    this.#url = `http://127.0.0.1:${port}`;
    const isReady = () => call('GET', `${this.#url}/status`).then(({ ready }) => ready, () => false);
    await this.#driver.until(isReady, 20);
  }

  #run(command, args, environment = {}) {
    const env = { ...process.env, ...environment };
    const started = new Process(command, command, args, { cwd: root, env, keptLines: Infinity });
    this.#processes.unshift(started);
    return started;
  }

  /** A window with cookies of its own. */
  async newTab() {
    const args = ['--automation', `--enable-javascript=${this.#javaScript}`];
    const { sessionId } = await call('POST', `${this.#url}/session`, {
      capabilities: { alwaysMatch: { 'webkitgtk:browserOptions': { args } } },
    });
    const before = this.#crashes;
    return new WebKitTab(`${this.#url}/session/${sessionId}`, () => this.#crashes > before);
  }

  /** The browser says so on its standard error. */
  get #crashes() {
    return this.#driver.output().split('WebProcess CRASHED').length;
  }

  async close() {
    for (const started of this.#processes) {
      await started.stop();
    }
  }
}

class WebKitTab extends Tab {
  /** The driver hangs after a page that the browser had kept. */
  canGoBack = false;
  #session;

  constructor(session, hasCrashed) {
    super();
    this.#session = session;
    this.hasCrashed = hasCrashed;
  }

  async open(url) {
    await this.#post('url', { url });
  }

  async address() {
    return call('GET', `${this.#session}/url`);
  }

  async cookies() {
    return call('GET', `${this.#session}/cookie`);
  }

  async run(script, argument = null) {
    return this.#post('execute/sync', { script: `return (${script})(arguments[0])`, args: [argument] });
  }

  async press(x, y) {
    await this.#act('pointer', [
      { type: 'pointerMove', origin: 'viewport', x, y, duration: 0 },
      { type: 'pointerDown', button: 0 },
      { type: 'pointerUp', button: 0 },
    ]);
  }

  /**
   * WebKit 2.50 crashes some seconds after a script of the driver has run while the browser left
   * the page. Waits until the address, which needs no script, has been the same for a while: the
   * next command then waits for the end of the load.
   */
  async settle() {
    let [address, since] = [await this.address(), Date.now()];
    while (Date.now() - since < calm) {
      await delay(20);
      const current = await this.address();
      if (current !== address) {
        [address, since] = [current, Date.now()];
      }
    }
  }

  async enter(text) {
    const strokes = [...text].flatMap((value) => ['keyDown', 'keyUp'].map((type) => ({ type, value })));
    await this.#act('key', strokes);
  }

  /** The driver reports none; the observer does. */
  problems() {
    return [];
  }

  async close() {
    const closed = call('DELETE', this.#session);
    await (this.hasCrashed() ? closed.catch(() => {}) : closed);
  }

  #act(type, actions) {
    return this.#post('actions', { actions: [{ type, id: type, actions }] });
  }

  #post(name, body) {
    return call('POST', `${this.#session}/${name}`, body);
  }
}

async function call(method, url, body) {
  const signal = AbortSignal.timeout(60_000);
  const response = await fetch(url, { method, signal, ...(body && { body: JSON.stringify(body) }) });
  const { value } = await response.json();
  if (!response.ok) {
    throw new Error(`${method} ${new URL(url).pathname}: ${value.error}: ${value.message}`);
  }
  return value;
}
