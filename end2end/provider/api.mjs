// The frame of Logto's APIs under `/api`: routes, JSON and errors.

import { withFault } from './faults.mjs';

/** An error of `/api`: a status and Logto's code. */
class ApiError extends Error {
  constructor(status, code) {
    super(code);
    this.status = status;
    this.code = code;
  }
}

/** Ends the request with an error. */
export function refuse(status, code) {
  throw new ApiError(status, code);
}

/**
 * Handles `/api/*`. Each area has `routes`, from `METHOD /path/:name` to a handler, and
 * `authenticate(request)`, which returns the caller. A handler gets `{ caller, params, query, body,
 * path, origin }` and returns `[status, answer, headers]`. `log` records the requests.
 */
export function api(areas, { settings, log }) {
  const routes = areas.flatMap(({ routes: named, authenticate }) =>
    Object.entries(named).map(([name, handler]) => ({ ...matcher(name), authenticate, handler })),
  );
  return async (req, res) => {
    const { pathname, searchParams: query } = new URL(req.url, 'http://provider');
    const path = pathname.replace(/^\/api/, '');
    const route = routes.find(({ method, pattern }) => method === req.method && pattern.test(path));
    const send = (status, answer, headers) => {
      log.add({ method: req.method, path: `/api${route?.path ?? path}`, status });
      respond(res, status, answer, headers);
    };
    await withFault(settings, 'api', {
      proceed: async () => send(...(await answer(route, req, path, query))),
      hang: () => {},
      // With `after`, the answer is already sent: the API has no fault that loses it.
      fail: (status, headers) => res.headersSent || send(status, {}, headers),
    });
  };
}

/** The method and the path of a route, and a pattern with its parameters as groups. */
function matcher(name) {
  const [method, path] = name.split(' ');
  return { method, path, pattern: new RegExp(`^${path.replaceAll(/:(\w+)/g, '(?<$1>[^/]+)')}$`) };
}

async function answer(route, req, path, query) {
  try {
    if (!route) {
      return [404];
    }
    const caller = await route.authenticate(req);
    const params = decoded(route.pattern.exec(path).groups);
    const origin = { userAgent: req.headers['user-agent'], ip: req.socket.remoteAddress };
    return await route.handler({ caller, params, query, body: await readJson(req), path, origin });
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    return [error.status, { code: error.code, message: 'The request was refused.' }];
  }
}

function decoded(groups = {}) {
  try {
    return Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
  } catch {
    return refuse(404, 'entity.not_found');
  }
}

async function readJson(req) {
  let text = '';
  for await (const chunk of req.setEncoding('utf8')) {
    text += chunk;
  }
  try {
    const value = JSON.parse(text || '{}');
    return typeof value === 'object' && value !== null ? value : refuse(400, 'guard.invalid_input');
  } catch {
    return refuse(400, 'guard.invalid_input');
  }
}

/** Sends JSON, or a text as it is. */
function respond(res, status, answer, headers = {}) {
  const isText = typeof answer === 'string';
  res.writeHead(status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json',
    'cache-control': 'no-store',
    ...headers,
  });
  res.end(answer === undefined || isText ? answer : JSON.stringify(answer));
}
