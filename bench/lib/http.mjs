// Sends requests with exactly the given headers: `fetch` adds others and decodes bodies.

import http from 'node:http';

/** The headers of a browser's navigation. */
export const DOCUMENT = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/** Returns `{ status, headers, body }` with the undecoded body. Does not follow redirects. */
export function request(url, { headers = {}, form, timeout = 20_000 } = {}) {
  const body = form && new URLSearchParams(form).toString();
  const options = {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...headers,
      ...(body !== undefined && {
        'content-type': 'application/x-www-form-urlencoded',
        'content-length': Buffer.byteLength(body),
      }),
    },
    agent: false,
    timeout,
  };
  return new Promise((resolve, reject) => {
    const sent = http.request(url, options, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.once('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }),
      );
      response.once('error', reject);
    });
    sent.once('timeout', () => sent.destroy(new Error(`no response within ${timeout} ms`)));
    sent.once('error', reject);
    sent.end(body);
  });
}
