// A proxy in front of the app. It records the requests of the browser, and collects the errors and
// policy violations of the pages: WebKit's driver reports neither, and no browser does so without
// JavaScript.

import { once } from 'node:events';
import { createServer, request as send } from 'node:http';
import { Transform } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { markHandledForms } from '../../tests/support/handled-forms.mjs';
import { reportErrors } from './observing-script.mjs';

const address = '/__observer';
const script = `(${markHandledForms})();(${reportErrors})('${address}');`;

export class Observer {
  #server;
  #requests = [];
  #problems = [];

  /** Starts a proxy for the app at this port of 127.0.0.1. */
  static async start(appPort) {
    const observer = new Observer(appPort);
    await once(observer.#server.listen(0, '127.0.0.1'), 'listening');
    return observer;
  }

  constructor(appPort) {
    this.#server = createServer((request, response) => {
      const answered = request.url === address ? this.#note(request, response) : this.#forward(request, response, appPort);
      answered.catch((error) => {
        // A browser closes connections when it leaves a page.
        if (!response.destroyed) {
          this.#problems.push(`${request.method} ${request.url}: ${error}`);
          response.destroy();
        }
      });
    });
  }

  get port() {
    return this.#server.address().port;
  }

  /** The requests to this path since the last reset: method, path, status, `Sec-Fetch-*`, names of cookies. */
  requests(path) {
    return this.#requests.filter((request) => request.path === path);
  }

  /** The requests for documents since the last reset. */
  get navigations() {
    return this.#requests.filter(({ mode }) => mode === 'navigate');
  }

  /** Errors and policy violations since the last reset. */
  get problems() {
    return [...this.#problems];
  }

  reset() {
    this.#requests = [];
    this.#problems = [];
  }

  async stop() {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }

  async #note(request, response) {
    const report = await text(request);
    const { 'csp-report': violation } = report.startsWith('{') ? JSON.parse(report) : {};
    this.#problems.push(
      violation
        ? `policy: ${violation['effective-directive']} ${violation['blocked-uri']} in ${violation['document-uri']}`
        : report,
    );
    response.writeHead(204).end();
  }

  async #forward(request, response, port) {
    const { method, url, headers } = request;
    const record = {
      method,
      path: new URL(url, 'http://app').pathname,
      site: headers['sec-fetch-site'],
      mode: headers['sec-fetch-mode'],
      cookies: (headers.cookie ?? '').split('; ').map((cookie) => cookie.split('=')[0]),
    };
    this.#requests.push(record);
    // Not compressed, so that the script can be inserted.
    const forwarded = { ...headers, 'accept-encoding': 'identity' };
    const outgoing = send({ host: '127.0.0.1', port, method, path: url, headers: forwarded });
    request.pipe(outgoing);
    response.once('close', () => outgoing.destroy());
    const [answer] = await once(outgoing, 'response');
    record.status = answer.statusCode;
    await respond(answer, response);
  }
}

/** Passes the app's response on, in a page with the script and a policy that reports violations. */
async function respond(answer, response) {
  const headers = { ...answer.headers };
  const policy = headers['content-security-policy'];
  if (policy) {
    headers['content-security-policy'] = `${policy}; report-uri ${address}`;
  }
  const nonce = /'nonce-([\w-]+)'/.exec(policy ?? '')?.[1];
  const isPage = /^text\/html/.test(headers['content-type'] ?? '') && nonce;
  if (isPage) {
    delete headers['content-length'];
  }
  response.writeHead(answer.statusCode, headers);
  const changes = isPage ? [insertInHead(`<script nonce="${nonce}">${script}</script>`)] : [];
  await pipeline(answer, ...changes, response);
}

/** Inserts text after `<head>`. */
function insertInHead(insertion) {
  let before = '';
  let isDone = false;
  return new Transform({
    transform(chunk, _encoding, done) {
      if (isDone) {
        return done(null, chunk);
      }
      before += chunk.toString('latin1');
      isDone = before.includes('<head>');
      done(null, isDone ? Buffer.from(before.replace('<head>', () => `<head>${insertion}`), 'latin1') : undefined);
    },
    flush: (done) => done(null, isDone ? undefined : Buffer.from(before, 'latin1')),
  });
}
