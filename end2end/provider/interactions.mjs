// Between the authorization request and the callback: the sign-in form, the form for the second
// factor, and consent, which has no page.

import { errors } from 'oidc-provider';
import { pages } from './configuration.mjs';
import { authenticate, findUser } from './directory.mjs';
import { limitGrants } from './grant-limit.mjs';
import { linkOf, openLink, openLinkInSession } from './magic-link.mjs';
import { problemPage, signInPage, stepUpPage, switchAccountPage } from './pages.mjs';
import { byOneTimeToken, byPassword, bySecondFactor, code, unmet } from './step-up.mjs';

const limit = 10_000;
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'";

/** Handles `/sign-in/:uid`, `/step-up/:uid` and `/consent/:uid`. */
export function interactions(context) {
  const { provider, settings } = context;
  return async (req, res) => {
    try {
      const interaction = await provider.interactionDetails(req, res);
      const { pathname } = new URL(req.url, 'http://provider');
      if (pathname !== `/${pages[interaction.prompt.name]}/${interaction.uid}`) {
        throw new errors.SessionNotFound('another interaction is under way');
      }
      if (interaction.prompt.name === 'consent') {
        if (await followsLink(context, interaction, req, res)) {
          await consent(context, interaction, req, res);
        }
      } else if (interaction.prompt.name === 'step_up') {
        await stepUp(provider, interaction, req, res);
      } else if (req.method === 'POST') {
        await signIn(provider, settings, interaction, req, res);
      } else {
        await openSignIn(context, interaction, req, res);
      }
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) {
        throw error;
      }
      html(res, 400, problemPage('The sign-in session was not found. Go back to the application and start again.'));
    }
  };
}

/** Shows the form, or signs the user of a magic link in. */
async function openSignIn({ provider, settings, oneTimeTokens }, interaction, req, res) {
  const options = logtoOptions(interaction.params);
  const link = linkOf(options);
  const { user, problem } = link ? openLink({ oneTimeTokens, settings }, link) : {};
  if (user) {
    oneTimeTokens.consume(link.token);
    return provider.interactionFinished(req, res, { login: { accountId: user.id, ...byOneTimeToken, remember: true } });
  }
  const page = { action: req.url, ...pinned(settings, interaction, interaction.params.login_hint), problem, options };
  return html(res, 200, signInPage(page));
}

/**
 * Opens a magic link in a browser with a session, and returns whether the sign-in goes on with that
 * session. Otherwise the response is sent.
 */
async function followsLink(context, { uid, params, session, lastSubmission }, req, res) {
  const link = linkOf(logtoOptions(params));
  if (!link || lastSubmission?.login) {
    return true;
  }
  const { provider, oneTimeTokens } = context;
  const { user, problem, current } = openLinkInSession(context, link, session);
  if (problem) {
    html(res, 400, problemPage(problem));
    return false;
  }
  if (!current) {
    oneTimeTokens.consume(link.token);
    return true;
  }
  if (req.method !== 'POST') {
    html(res, 200, switchAccountPage({ action: `/consent/${uid}`, current, email: link.email }));
    return false;
  }
  if ((await readForm(req)).get('action') !== 'switch') {
    // The link stays unused.
    return true;
  }
  oneTimeTokens.consume(link.token);
  await provider.interactionFinished(req, res, { login: { accountId: user.id, ...byOneTimeToken, remember: true } });
  return false;
}

async function signIn(provider, settings, interaction, req, res) {
  const form = await readForm(req);
  if (form.get('action') === 'cancel') {
    return provider.interactionFinished(req, res, cancelled);
  }
  const username = form.get('username') ?? '';
  const { isPinned, username: expected } = pinned(settings, interaction, username);
  const user = username === expected ? authenticate(username, form.get('password') ?? '') : undefined;
  if (!user || settings.suspended.includes(username)) {
    const problem = user ? 'This user is suspended.' : 'Wrong username or password.';
    return html(
      res,
      401,
      signInPage({ action: req.url, username: expected, isPinned, problem, options: logtoOptions(interaction.params) }),
    );
  }
  return provider.interactionFinished(req, res, { login: { accountId: user.id, ...byPassword, remember: true } });
}

const cancelled = { error: 'access_denied', error_description: 'End-User aborted interaction' };

/** The user of a session who has to authenticate again cannot be exchanged for another one. */
function pinned(settings, { params, session }, username) {
  const isPinned = settings.step_up && Boolean(params.acr_values && session?.accountId);
  return { isPinned, username: isPinned ? findUser(session.accountId)[0] : username };
}

/** Asks for the second factor. A user without one cannot meet the demand, so there is no page. */
async function stepUp(provider, { session, uid }, req, res) {
  const [username, user] = findUser(session.accountId);
  if (!user.secondFactor) {
    return provider.interactionFinished(req, res, unmet);
  }
  const page = { action: `/step-up/${uid}`, username };
  if (req.method !== 'POST') {
    return html(res, 200, stepUpPage(page));
  }
  const form = await readForm(req);
  if (form.get('action') === 'cancel') {
    return provider.interactionFinished(req, res, cancelled);
  }
  if (form.get('code') !== code) {
    return html(res, 401, stepUpPage({ ...page, problem: 'Wrong code.' }));
  }
  return provider.interactionFinished(req, res, { login: { accountId: user.id, ...bySecondFactor, remember: true } });
}

/** Grants what the grant lacks, without a page: Logto shows none for first-party applications. */
async function consent(context, { prompt, params, session, grantId }, req, res) {
  const { provider, settings } = context;
  if (settings.denied.includes(findUser(session.accountId)?.[0])) {
    return html(res, 403, problemPage('You may not use this application.'));
  }
  const existing = grantId && (await provider.Grant.find(grantId));
  const owner = { accountId: session.accountId, clientId: params.client_id };
  const grant = existing || new provider.Grant(owner);
  if (prompt.details.missingOIDCScope) {
    grant.addOIDCScope(prompt.details.missingOIDCScope.join(' '));
  }
  for (const [indicator, scopes] of Object.entries(prompt.details.missingResourceScopes ?? {})) {
    grant.addResourceScope(indicator, scopes.join(' '));
  }
  const savedId = await grant.save();
  await limitGrants(context, owner, settings.max_allowed_grants);
  await provider.interactionFinished(req, res, { consent: { grantId: savedId } });
}

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
const optionNames = [
  ...Object.keys(allowed),
  'identifier',
  'login_hint',
  'direct_sign_in',
  'organization_id',
  'ui_locales',
  'one_time_token',
];

/** Logto's own parameters. One invalid value silently drops all of them. */
export function logtoOptions(params) {
  const given = optionNames.filter((name) => params[name] !== undefined).map((name) => [name, params[name]]);
  const valid = given.every(([name, value]) => typeof value === 'string' && (allowed[name]?.includes(value) ?? true));
  return valid ? Object.fromEntries(given) : {};
}

async function readForm(req) {
  let body = '';
  for await (const chunk of req.setEncoding('utf8')) {
    body += chunk;
    if (body.length > limit) {
      throw new errors.InvalidRequest('request body too large');
    }
  }
  return new URLSearchParams(body);
}

function html(res, status, body) {
  res.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': policy,
  });
  res.end(body);
}
