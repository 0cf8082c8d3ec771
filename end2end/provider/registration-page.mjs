// The page on which a visitor creates an account.

import { application } from './demo.mjs';
import { alert, escape, page, shownOptions } from './pages.mjs';
import { minimumPasswordLength } from './registration.mjs';

/** The registration form, with the values that the visitor has entered before. */
export function registrationPage({ action, signIn, email = '', name = '', problem, options = {} }) {
  const focused = problem?.field ?? (email ? 'name' : 'email');
  const state = (field, hint = '') =>
    (focused === field ? ' autofocus' : '') +
    (problem?.field === field ? ' aria-invalid="true" aria-describedby="problem"' : hint);
  const passwordState = state('password', ' aria-describedby="password-hint"');
  return page(
    'Create account',
    `<p>to continue to ${escape(application.name)}</p>
${alert(problem?.text)}
<form method="post" action="${escape(action)}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="email" required value="${escape(email)}"${state('email')}>
<label for="name">Name (optional)</label>
<input id="name" name="name" autocomplete="name" value="${escape(name)}"${state('name')}>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="new-password" required
minlength="${minimumPasswordLength}"${passwordState}>
<p class="hint" id="password-hint">At least ${minimumPasswordLength} characters.</p>
<button class="primary" name="action" value="register">Create account</button>
<button name="action" value="cancel" formnovalidate>Cancel</button>
</form>
<p class="other">Already have an account? <a href="${escape(signIn)}">Sign in</a></p>
<p class="note">A local stand-in for Logto. It sends no email and keeps the account until it stops.</p>
${shownOptions(options)}`,
  );
}
