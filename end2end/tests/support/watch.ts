// Checks in every test that no page causes console errors, requests to other hosts or responses
// with tokens.

import type { BrowserContext, Response } from '@playwright/test';

const JWT = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}/;

export class Watch {
  readonly #problems: string[] = [];
  readonly #allowed: RegExp[] = [];
  readonly #reading: Promise<void>[] = [];

  constructor(
    context: BrowserContext,
    hosts: string[],
    private readonly appUrl: string,
  ) {
    context.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') {
        this.#problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on('weberror', (error) => this.#problems.push(`uncaught: ${error.error().message}`));
    context.on('request', (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith('http') && !hosts.includes(url.host)) {
        this.#problems.push(`request to another host: ${url.host}`);
      }
    });
    context.on('response', (response) => {
      this.#reading.push(this.#read(response));
    });
  }

  /** Expected console messages of this test. */
  allow(pattern: RegExp): void {
    this.#allowed.push(pattern);
  }

  /** Violations so far. */
  async problems(): Promise<string[]> {
    await Promise.all(this.#reading);
    return this.#problems.filter((problem) => !this.#allowed.some((pattern) => pattern.test(problem)));
  }

  async #read(response: Response): Promise<void> {
    const type = response.headers()['content-type'] ?? '';
    const isText = /html|json|text|form|javascript/.test(type);
    if (!response.url().startsWith(this.appUrl) || !isText || response.url().includes('/pkg/')) {
      return;
    }
    // The body of a redirect, or of a page that is gone, cannot be read.
    const body = await response.text().catch(() => '');
    if (JWT.test(body)) {
      this.#problems.push(`a JWT in the answer of ${new URL(response.url()).pathname}`);
    }
  }
}
