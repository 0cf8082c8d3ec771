// Step-up authentication, as Logto has it since 1.46: `acr_values` is a demand, and the user is asked
// only for the missing proof. The setting `step_up` switches it on; without it, `acr_values` is
// ignored.

import { errors, interactionPolicy } from 'oidc-provider';

export const firstFactor = 'urn:logto:acr:1fa';
export const mfa = 'urn:logto:acr:mfa';

/** The code of every user with a second factor. */
export const code = '123456';

/** How a password, a one-time token, and a second factor after either authenticate a user. */
export const byPassword = { acr: firstFactor, amr: ['pwd'] };
export const byOneTimeToken = { acr: firstFactor, amr: ['otp'] };
export const bySecondFactor = ({ amr }) => ({ acr: mfa, amr: [...new Set([...amr, 'otp', 'mfa'])] });

const claims = ['acr', 'amr', 'auth_time'];

/** The known classes that the request demands, the preferred one first. */
const known = (params) => (params.acr_values ?? '').split(' ').filter((value) => [firstFactor, mfa].includes(value));

const demands = (settings, params) => settings.step_up && Boolean(params.acr_values);

const reaches = (acr, wanted) => acr === wanted || (acr === mfa && wanted === firstFactor);

/** The error of a demand that the sign-in has not met. */
export const unmet = {
  error: 'unmet_authentication_requirements',
  error_description: 'the requested authentication requirements cannot be met',
};

const fail = () => {
  throw new errors.UnmetAuthenticationRequirements(unmet.error_description);
};

/** Adds the checks of `acr_values`, and the prompt that asks for the second factor. */
export function addStepUp(prompts, settings) {
  prompts.get('login').checks.add(
    new interactionPolicy.Check('acr_values', 'never asks', ({ oidc }) => {
      if (!demands(settings, oidc.params)) {
        return false;
      }
      const { session, params } = oidc;
      const isTooOld = params.max_age !== undefined && session.past(params.max_age);
      if (known(params).length === 0 || (oidc.promptPending('none') && session.accountId && isTooOld)) {
        fail();
      }
      return false;
    }),
    0,
  );
  const missing = new interactionPolicy.Check(
    'acr_values',
    unmet.error_description,
    unmet.error,
    ({ oidc }) =>
      demands(settings, oidc.params) && !known(oidc.params).some((value) => reaches(oidc.session.acr, value)),
  );
  prompts.add(new interactionPolicy.Prompt({ name: 'step_up' }, () => ({}), missing), 1);
}

/** Sets the claims of the ID token about the authentication. */
export function requestClaims(oidc, settings) {
  if (settings.step_up) {
    oidc.claims.id_token = Object.fromEntries(claims.map((name) => [name, null]));
  } else if (oidc.params.max_age === undefined) {
    // oidc-provider adds `auth_time` for `prompt=login` too. Logto 1.42 sends it only if the
    // request has `max_age`.
    delete oidc.claims.id_token;
  } else {
    delete oidc.claims.id_token.acr;
  }
}

/** The claims of a JWT access token about the authentication of the code or the refresh token. */
export function accessTokenClaims(oidc, settings) {
  const source = oidc.entities.RefreshToken ?? oidc.entities.AuthorizationCode;
  return settings.step_up && source && { acr: source.acr, amr: source.amr, auth_time: source.authTime };
}

/** Koa middleware: without step-up authentication the discovery document does not mention it. */
export function discoverable(settings) {
  return async (ctx, next) => {
    await next();
    if (ctx.oidc?.route === 'discovery' && ctx.status === 200 && !settings.step_up) {
      const { acr_values_supported: _, ...metadata } = ctx.body;
      const supported = metadata.claims_supported.filter((name) => !['acr', 'amr'].includes(name));
      ctx.body = { ...metadata, claims_supported: supported };
    }
  };
}
