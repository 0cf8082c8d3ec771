// Logto's own parameters of an authorization request.

const allowed = {
  first_screen: [
    'sign_in',
    'register',
    'reset_password',
    'identifier:sign_in',
    'identifier:register',
    'single_sign_on',
    'signIn',
  ],
  interaction_mode: ['signIn', 'signUp'],
};
const names = [
  ...Object.keys(allowed),
  'identifier',
  'login_hint',
  'direct_sign_in',
  'organization_id',
  'ui_locales',
  'one_time_token',
];

/** The parameters of Logto in a request. One invalid value silently drops all of them. */
export function logtoOptions(params) {
  const given = names.filter((name) => params[name] !== undefined).map((name) => [name, params[name]]);
  const valid = given.every(([name, value]) => typeof value === 'string' && (allowed[name]?.includes(value) ?? true));
  return valid ? Object.fromEntries(given) : {};
}

/** Whether the first page is the one that creates an account. */
export const beginsWithRegistration = ({ first_screen: first }) => ['register', 'identifier:register'].includes(first);
