// Pages of a list.

import { refuse } from '../api.mjs';

const defaultSize = 20;
const maxSize = 100;

/**
 * The page that the query asks for, with Logto's headers. The URLs in `Link` lack `/api`, as
 * Logto's do.
 */
export function page(items, query, path) {
  const number = (name, initial) => {
    const value = Number(query.get(name) ?? initial);
    return Number.isSafeInteger(value) && value > 0 ? value : refuse(400, 'guard.invalid_input');
  };
  const [current, size] = [number('page', 1), number('page_size', defaultSize)];
  if (size > maxSize) {
    refuse(400, 'guard.invalid_input');
  }
  const first = (current - 1) * size;
  const headers = {
    'Total-Number': String(items.length),
    Link: `<http://wrong.invalid${path}?page=${current + 1}&page_size=${size}>; rel="next"`,
  };
  return [200, items.slice(first, first + size), headers];
}
