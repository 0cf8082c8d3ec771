// A provider and an app on free ports. Each worker has its own, so that its tests may change
// settings.

import { appEnvironment, binaryOf, root, withoutSettings } from './environment.mjs';
import { answers, freePort, Process } from './process.mjs';

export interface LogEntry {
  time: string;
  method: string;
  path: string;
  status: number | null;
  grant_type?: string;
  resource?: string;
  organization_id?: string;
  [parameter: string]: unknown;
}

/** The local provider and its controls, see end2end/provider/control.mjs. */
export class Provider {
  constructor(readonly url: string) {}

  /** Changes settings, see end2end/provider/settings.mjs. */
  async set(settings: Record<string, unknown>): Promise<void> {
    await this.#post('settings', settings);
  }

  /** Restores settings and log, and deletes all sessions and tokens. */
  async reset(): Promise<void> {
    await this.#post('reset', { sessions: true });
  }

  /** The requests since the last reset, oldest first. */
  async log(): Promise<LogEntry[]> {
    return (await (await fetch(`${this.url}/test/log`)).json()) as LogEntry[];
  }

  /** The refreshes among them. */
  async refreshes(): Promise<LogEntry[]> {
    return (await this.log()).filter(({ grant_type }) => grant_type === 'refresh_token');
  }

  /** The deliveries of webhooks among them. A status of null: the receiver did not respond. */
  async deliveries(): Promise<LogEntry[]> {
    return (await this.log()).filter(({ event }) => event);
  }

  /** Advances the provider's clock, but not the app's. */
  async advance(seconds: number): Promise<void> {
    await this.#post('clock', { advance: seconds });
  }

  /** The secrets that the app and the provider have exchanged since the last reset. */
  async secrets(): Promise<{ name: string; value: string }[]> {
    return (await (await fetch(`${this.url}/test/secrets`)).json()) as { name: string; value: string }[];
  }

  async #post(name: string, body: unknown): Promise<void> {
    const response = await fetch(`${this.url}/test/${name}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    if (!response.ok) {
      throw new Error(`/test/${name}: ${response.status} ${await response.text()}`);
    }
  }
}

export class Stack {
  private constructor(
    readonly provider: Provider,
    readonly appUrl: string,
    readonly app: Process,
    private readonly processes: Process[],
  ) {}

  /**
   * `settings` are further environment variables of the app, and `providerSettings` those of the
   * provider, with `{port}` for the app's port. `keptLines` is the number of output lines to keep.
   * `otherApp` names the package of an app that replaces the quick start.
   */
  static async start(
    settings: Record<string, string> = {},
    keptLines?: number,
    otherApp?: string,
    providerSettings: Record<string, string> = {},
  ): Promise<Stack> {
    const binary = binaryOf(otherApp);
    const [appPort, providerPort] = [await freePort(), await freePort()];
    const appUrl = `http://127.0.0.1:${appPort}`;
    const providerUrl = `http://127.0.0.1:${providerPort}`;

    const provider = new Process('provider', process.execPath, ['end2end/provider/server.mjs'], {
      cwd: root,
      env: {
        ...withoutSettings(),
        PROVIDER_PORT: String(providerPort),
        PROVIDER_APP_URL: appUrl,
        ...withPort(providerSettings, appPort),
      },
    });
    const app = new Process('app', binary, [], {
      cwd: root,
      keptLines,
      env: {
        ...withoutSettings(),
        ...appEnvironment(appUrl, providerUrl),
        ...(otherApp && siteOf(otherApp)),
        ...withPort(settings, appPort),
      },
    });
    const stack = new Stack(new Provider(providerUrl), appUrl, app, [app, provider]);
    try {
      await provider.until(() => answers(`${providerUrl}/`), 20);
      await app.until(() => answers(`${appUrl}/health`), 20);
    } catch (error) {
      await stack.stop();
      throw error;
    }
    return stack;
  }

  async stop(): Promise<void> {
    for (const process of this.processes) {
      await process.stop();
    }
  }
}

function withPort(settings: Record<string, string>, port: number): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).map(([name, value]) => [name, value.replaceAll('{port}', String(port))]),
  );
}

/** The directory of another app's files after `cargo leptos build`. */
function siteOf(app: string): NodeJS.ProcessEnv {
  return { LEPTOS_OUTPUT_NAME: app, LEPTOS_SITE_ROOT: `target/site-${app}`, LEPTOS_HASH_FILES: 'false' };
}
