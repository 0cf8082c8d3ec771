// A client of the provider's Management API, for what a test does in place of another program.

import { managementApp } from '../../provider/demo.mjs';

const resource = 'https://default.logto.app/api';

export class Management {
  private constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** Gets a token at the provider with this base URL. */
  static async at(url: string): Promise<Management> {
    const response = await fetch(`${url}/oidc/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${managementApp.id}:${managementApp.secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials', resource, scope: 'all' }),
    });
    const { access_token: token } = (await response.json()) as { access_token: string };
    return new Management(url, token);
  }

  async call<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${this.url}/api${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path}: ${response.status} ${text}`);
    }
    return (response.headers.get('content-type') === 'application/json' && text ? JSON.parse(text) : text) as T;
  }
}
