// Requests with exactly the headers they are given: `fetch` adds some of its own and decodes
// bodies.

import http from 'node:http';

/** What a browser sends when it opens a page. */
export const DOCUMENT = {
  accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
  'sec-fetch-site': 'same-origin',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
};

/** Answers `{ status, headers, body }` with the body as it came; redirects are not followed. */
export function request(url, { headers = {}, form, timeout = 20_000 } = {}) {
  const body = form && new URLSearchParams(form).toString();
  const options = {
    method: body === undefined ? 'GET' : 'POST',
    headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }) },
    agent: false,
    timeout,
  };
  return new Promise((resolve, reject) => {
    const sent = http.request(url, options, (response) => {
      const parts = [];
      response.on('data', (part) => parts.push(part));
      response.once('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(parts) }));
      response.once('error', reject);
    });
    sent.once('timeout', () => sent.destroy(new Error(`no answer within ${timeout} ms`)));
    sent.once('error', reject);
    sent.end(body);
  });
}
