// The quick start behind an observer, and the local provider.

import { startProvider } from '../../provider/provider.mjs';
import { appEnvironment, binaryOf, root, withoutSettings } from '../../tests/support/environment.mjs';
import { answers, freePort, Process } from '../../tests/support/process.mjs';
import { Observer } from './observer.mjs';

export class Site {
  #app;

  /**
   * Starts app and provider. The provider is on 127.0.0.1. With `localhost` as `host` the app is on
   * another site, because the port of an address does not belong to its site, but the host does.
   */
  static async start(host) {
    const site = new Site();
    try {
      await site.#start(host);
      return site;
    } catch (error) {
      await site.stop();
      throw error;
    }
  }

  async #start(host) {
    const binary = binaryOf();
    const port = await freePort();
    this.observer = await Observer.start(port);
    this.url = `http://${host}:${this.observer.port}`;
    this.provider = await startProvider({ port: 0, appUrl: this.url });
    this.#app = new Process('app', binary, [], {
      cwd: root,
      env: {
        ...withoutSettings(),
        ...appEnvironment(this.url, this.provider.baseUrl),
        LEPTOS_SITE_ADDR: `127.0.0.1:${port}`,
      },
    });
    await this.#app.until(() => answers(`http://127.0.0.1:${port}/health`), 20);
  }

  /** Drops sessions, log and records. */
  async reset() {
    this.observer.reset();
    const response = await fetch(`${this.provider.baseUrl}/test/reset`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sessions: true }),
    });
    if (!response.ok) {
      throw new Error(`/test/reset: ${response.status}`);
    }
  }

  /** The requests that the provider has received. */
  async providerLog() {
    return (await fetch(`${this.provider.baseUrl}/test/log`)).json();
  }

  async stop() {
    await this.#app?.stop();
    await this.provider?.close();
    await this.observer?.stop();
  }
}
