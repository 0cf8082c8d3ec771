// The profile of an account: the claims of OpenID Connect Core §5.1, with names in camel case.

import { refuse } from '../api.mjs';
import { isText } from './values.mjs';

const inClaims = (name) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const inFields = (name) => name.replaceAll(/_([a-z])/g, (_, letter) => letter.toUpperCase());

const names = [
  ...['familyName', 'givenName', 'middleName', 'nickname', 'preferredUsername', 'profile', 'website', 'gender'],
  ...['birthdate', 'zoneinfo', 'locale'],
];
const addressNames = ['formatted', 'streetAddress', 'locality', 'region', 'postalCode', 'country'];

/** The profile for claims. */
export function toProfile(claims) {
  const entries = Object.entries(claims).map(([name, value]) => [
    inFields(name),
    isText(value) ? value : toProfile(value),
  ]);
  return Object.fromEntries(entries);
}

/** The claims for the known fields of a profile. Logto ignores others. */
export function fromProfile({ address, ...fields }) {
  const isRecord = typeof address === 'object' && address !== null && !Array.isArray(address);
  if (address !== undefined && !isRecord) {
    refuse(400, 'guard.invalid_input');
  }
  return { ...claims(fields, names), ...(isRecord && { address: claims(address, addressNames) }) };
}

function claims(fields, known) {
  const given = known.filter((name) => fields[name] !== undefined).map((name) => [inClaims(name), fields[name]]);
  return given.every(([, value]) => isText(value)) ? Object.fromEntries(given) : refuse(400, 'guard.invalid_input');
}
