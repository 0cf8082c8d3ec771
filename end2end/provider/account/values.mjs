// The values that the Account API accepts.

import { refuse } from '../api.mjs';

export const isText = (value) => typeof value === 'string';

const matching = (pattern) => (value) =>
  isText(value) && pattern.test(value) ? value : refuse(400, 'guard.invalid_input');

export const requireEmail = matching(/^\S+@\S+\.\S+$/);
export const requirePhone = matching(/^\d+$/);
export const requireUsername = matching(/^[A-Z_a-z]\w*$/);
