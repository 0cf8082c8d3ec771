import { once } from 'node:events';
import { createServer } from 'node:http';

/** A page on another site than `url`, with a form that posts there. */
export class OtherSite {
  #server;

  static async start(url) {
    const site = new OtherSite();
    const page = `<!doctype html><main><form method="post" action="${url}"><button>Post</button></form></main>`;
    site.#server = createServer((_request, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end(page),
    );
    await once(site.#server.listen(0, '127.0.0.1'), 'listening');
    const host = new URL(url).hostname === 'localhost' ? '127.0.0.1' : 'localhost';
    site.url = `http://${host}:${site.#server.address().port}/`;
    return site;
  }

  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
