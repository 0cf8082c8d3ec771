// For tests: an HTTP server that receives webhooks.

import { createServer } from 'node:http';

export class Receiver {
  #deliveries = [];
  #server = createServer((req, res) => this.#receive(req, res));
  #wake = () => {};

  /** Responds to a delivery. With another function a test breaks the receiver. */
  respond = (res) => res.writeHead(204).end();

  async listen() {
    await new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${this.#server.address().port}/webhook`;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  clear() {
    this.#deliveries = [];
    this.respond = (res) => res.writeHead(204).end();
  }

  /** The names of the events that have arrived. */
  get events() {
    return this.#deliveries.map(({ body }) => body.event);
  }

  /** Waits for so many deliveries, and returns all that have arrived: `{method, headers, raw, body}`. */
  async deliveries(count) {
    while (this.#deliveries.length < count) {
      await new Promise((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#deliveries;
  }

  async #receive(req, res) {
    const chunks = [];
    for await (const chunk of req) {
      chunks.push(chunk);
    }
    const raw = Buffer.concat(chunks);
    const { method, headers } = req;
    this.#deliveries.push({ method, headers, raw, body: JSON.parse(raw.toString('utf8')) });
    this.respond(res);
    this.#wake();
  }
}
