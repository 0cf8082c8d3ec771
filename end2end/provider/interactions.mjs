// Between the authorization request and the callback: the forms that sign in and register, the form
// for the second factor, and consent, which has no page.

import { errors } from 'oidc-provider';
import { pages } from './configuration.mjs';
import { authenticate, findUser, findUserByEmail } from './directory.mjs';
import { limitGrants } from './grant-limit.mjs';
import { reportInteraction } from './interaction-events.mjs';
import { linkOf, openLinkInSession, problemOf, useLink } from './magic-link.mjs';
import { beginsWithRegistration, logtoOptions } from './options.mjs';
import { problemPage, signInPage, stepUpPage, switchAccountPage } from './pages.mjs';
import { isEmail, register } from './registration.mjs';
import { registrationPage } from './registration-page.mjs';
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
      } else {
        await authentication(context, interaction, req, res);
      }
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) {
        throw error;
      }
      html(res, 400, problemPage('The sign-in session was not found. Go back to the application and start again.'));
    }
  };
}

/** Signs a user in: an existing one, a new one, or the user of a magic link. */
async function authentication(context, interaction, req, res) {
  const { provider, settings } = context;
  const screens = screensOf(settings, interaction, req);
  if (req.method !== 'POST') {
    const link = linkOf(screens.options);
    const problem = link && (problemOf(context, link) ?? pinnedProblem(settings, interaction, link));
    return link && !problem
      ? signedIn(context, interaction, req, res, useLink(context, link), byOneTimeToken)
      : html(res, 200, screens.show({ problem: problem && { text: problem } }));
  }
  const form = await readForm(req);
  if (form.get('action') === 'cancel') {
    return provider.interactionFinished(req, res, cancelled);
  }
  const text = (field) => form.get(field)?.trim() ?? '';
  const password = form.get('password') ?? '';
  const entered = { username: text('username'), email: text('email'), name: text('name'), password };
  const { user, problem } = screens.registers ? register(entered) : signIn(settings, interaction, entered);
  return problem
    ? html(res, problem.status, screens.show({ ...entered, problem }))
    : signedIn(context, interaction, req, res, { user, isNew: screens.registers }, byPassword);
}

/** Ends an interaction with its user, who may be new. */
function signedIn(context, interaction, req, res, found, proof) {
  reportInteraction(context, interaction, req, found);
  const login = { accountId: found.user.id, ...proof, remember: true };
  return context.provider.interactionFinished(req, res, { login });
}

/**
 * The form that signs in and the one that registers. Each leads to the other with the parameter
 * `screen`; the options of the request choose the first one. A pinned user cannot register.
 */
function screensOf(settings, interaction, req) {
  const { pathname, searchParams } = new URL(req.url, 'http://provider');
  const options = logtoOptions(interaction.params);
  const hint = interaction.params.login_hint;
  const { isPinned, username: pinnedName } = pinned(settings, interaction);
  const screen = searchParams.get('screen') ?? (beginsWithRegistration(options) ? 'register' : 'sign-in');
  const registers = screen === 'register' && !isPinned;
  const addresses = { register: `${pathname}?screen=register`, signIn: `${pathname}?screen=sign-in` };
  const show = registers
    ? ({ email = isEmail(hint) ? hint : '', name, problem }) =>
        registrationPage({ action: addresses.register, signIn: addresses.signIn, email, name, problem, options })
    : ({ username = hint, problem }) =>
        signInPage({
          action: addresses.signIn,
          register: addresses.register,
          username: pinnedName ?? username,
          isPinned,
          problem: problem?.text,
          options,
        });
  return { registers, options, show };
}

/** The problem of a link for another user than the one who has to confirm a sign-in. */
function pinnedProblem(settings, interaction, { email }) {
  const { isPinned, username } = pinned(settings, interaction);
  const isOther = isPinned && findUserByEmail(email)?.[0] !== username;
  return isOther ? 'This link is for another user.' : undefined;
}

/** The user with this name and password, or a problem. */
function signIn(settings, interaction, { username: identifier, password }) {
  const [username, user] = authenticate(identifier, password) ?? [];
  const { isPinned, username: expected } = pinned(settings, interaction);
  if (!user || (isPinned && username !== expected)) {
    return { problem: { status: 401, text: 'Wrong username or password.' } };
  }
  return settings.suspended.includes(username)
    ? { problem: { status: 401, text: 'This user is suspended.' } }
    : { user };
}

/**
 * Opens a magic link in a browser with a session, and returns whether the sign-in goes on with that
 * session. Otherwise the response is sent.
 */
async function followsLink(context, interaction, req, res) {
  const { uid, params, session, lastSubmission } = interaction;
  const link = linkOf(logtoOptions(params));
  if (!link || lastSubmission?.login) {
    return true;
  }
  const { problem, current } = openLinkInSession(context, link, session);
  if (problem) {
    html(res, 400, problemPage(problem));
    return false;
  }
  if (!current) {
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
  const refusal = problemOf(context, link);
  if (refusal) {
    html(res, 400, problemPage(refusal));
    return false;
  }
  await signedIn(context, interaction, req, res, useLink(context, link), byOneTimeToken);
  return false;
}

const cancelled = { error: 'access_denied', error_description: 'End-User aborted interaction' };

/** The user of a session who has to authenticate again cannot be exchanged for another one. */
function pinned(settings, { params, session }) {
  const [username] = (settings.step_up && params.acr_values && findUser(session?.accountId)) || [];
  return { isPinned: Boolean(username), username };
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
  return provider.interactionFinished(req, res, { login: { accountId: user.id, ...bySecondFactor(session), remember: true } });
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
