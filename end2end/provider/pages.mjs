// The pages of the provider: plain HTML and a little CSS, without external resources.

import { application, users } from './demo.mjs';
import { code } from './step-up.mjs';

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { margin: 0; display: grid; place-items: center; min-height: 100vh; background: light-dark(#f4f3f8, #17161c); }
  main { box-sizing: border-box; width: min(24rem, 100% - 2rem); padding: 1.5rem; border-radius: .75rem; background: light-dark(#fff, #23212b); }
  h1 { margin: 0 0 1rem; font-size: 1.25rem; }
  label { display: block; margin-top: .75rem; font-weight: 600; }
  input { box-sizing: border-box; width: 100%; min-height: 2.75rem; padding: 0 .75rem; font: inherit; }
  button { min-height: 2.75rem; margin: 1rem .5rem 0 0; padding: 0 1.25rem; font: inherit; cursor: pointer; }
  button.primary { color: #fff; background: #5d34f2; border: 0; border-radius: .375rem; }
  [role=alert] { padding: .5rem .75rem; border-left: 4px solid #b3261e; background: light-dark(#fdeceb, #46201e); }
  p.hint { margin: .25rem 0 0; font-size: .875rem; }
  p.other { margin: 1rem 0 0; }
  p.other a { display: inline-block; padding: .625rem 0; }
  dl, p.note { margin-top: 1.25rem; font-size: .875rem; }
  dt { font-weight: 600; }
  dd { margin: 0 0 .25rem; overflow-wrap: anywhere; }`;

const entities = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for HTML. */
export const escape = (text) => String(text).replace(/[&<>"']/g, (character) => entities[character]);

/** A page with this heading and content. */
export function page(title, content) {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${content}
</main>
</body>
</html>
`;
}

/** A message about what the user has entered, if there is one. */
export const alert = (text) => (text ? `<p id="problem" role="alert">${escape(text)}</p>` : '');

/** Logto's parameters of the request, so that a test can check them. */
export function shownOptions(options) {
  const shown = Object.entries(options)
    .map(([name, value]) => `<dt>${escape(name)}</dt><dd>${escape(value)}</dd>`)
    .join('');
  return shown ? `<dl>${shown}</dl>` : '';
}

/**
 * The sign-in form, with a link to the page `register`. A pinned user cannot be replaced by another
 * one.
 */
export function signInPage({ action, register, username = '', isPinned, problem, options = {} }) {
  return page(
    'Sign in',
    `<p>to continue to ${escape(application.name)}</p>
${alert(problem)}
<form method="post" action="${escape(action)}">
<label for="username">Username or email address</label>
<input id="username" name="username" autocomplete="username" autocapitalize="none" required value="${escape(username)}"${isPinned ? ' readonly' : ''}${username ? '' : ' autofocus'}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${username ? ' autofocus' : ''}>
<button class="primary" name="action" value="sign-in">Sign in</button>
<button name="action" value="cancel" formnovalidate>Cancel</button>
</form>
${isPinned ? '' : `<p class="other">No account yet? <a href="${escape(register)}">Create account</a></p>`}
<p class="note">A local stand-in for Logto. Users: ${demoUsers}.</p>
${shownOptions(options)}`,
  );
}

/** The form for the second factor of a signed-in user. */
export const stepUpPage = ({ action, username, problem }) =>
  page(
    'Confirm it’s you',
    `<p>${escape(application.name)} asks for your second factor. You are signed in as <strong>${escape(username)}</strong>.</p>
${alert(problem)}
<form method="post" action="${escape(action)}">
<label for="code">Code of your authenticator app</label>
<input id="code" name="code" inputmode="numeric" autocomplete="one-time-code" required autofocus>
<button class="primary" name="action" value="confirm">Confirm</button>
<button name="action" value="cancel" formnovalidate>Cancel</button>
</form>
<p class="note">A local stand-in for Logto. The code is <code>${code}</code>.</p>`,
  );

/** The choice of a signed-in user who has opened a magic link for another user. */
export const switchAccountPage = ({ action, current, email }) =>
  page(
    'Switch account',
    `<p>You are signed in as <strong>${escape(current)}</strong>, but the link is for <strong>${escape(email)}</strong>.</p>
<form method="post" action="${escape(action)}">
<button class="primary" name="action" value="switch">Switch to ${escape(email)}</button>
<button name="action" value="stay">Stay signed in as ${escape(current)}</button>
</form>`,
  );

/** Without those who register later. */
const demoUsers = Object.entries(users)
  .map(([name, { password }]) => `<code>${name}</code> (<code>${password}</code>)`)
  .join(', ');

/** Logto's end-session page, which submits itself. Without JavaScript there is a button. */
export function signOutPage(form) {
  return page(
    'Signing out',
    `${form}
<noscript><button class="primary" form="op.logoutForm" name="logout" value="yes">Sign out</button></noscript>
<script>
const form = document.getElementById('op.logoutForm');
const answer = document.createElement('input');
answer.type = 'hidden';
answer.name = 'logout';
answer.value = 'yes';
form.append(answer);
form.submit();
</script>`,
  );
}

/** The page after a sign-out without `post_logout_redirect_uri`. */
export const signedOutPage = () => page('Signed out', '<p>You have signed out.</p>');

/** The page for a sign-in that cannot continue. */
export const problemPage = (message) => page('This sign-in has ended', `<p role="alert">${escape(message)}</p>`);

/** The home page of the provider. */
export const homePage = (issuer) =>
  page(
    'Local provider',
    `<p>A stand-in for Logto for development and tests. Issuer: <code>${escape(issuer)}</code></p><p>Users: ${demoUsers}.</p>`,
  );

/** A user's picture: the initial on a coloured disc. */
export function picture(username) {
  const initial = escape(username.slice(0, 1).toUpperCase());
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" width="64" height="64"><circle cx="32" cy="32" r="32" fill="#5d34f2"/><text x="32" y="43" font-family="sans-serif" font-size="32" fill="#fff" text-anchor="middle">${initial}</text></svg>`;
}
