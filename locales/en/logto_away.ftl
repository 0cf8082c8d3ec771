# The page “When Logto is away”

logto-away-heading = When Logto is away
logto-away-about =
    Logto may be unreachable for a while: a deployment, a network fault, an outage. Signed-in users keep working.
    A transient error never signs a user out.

logto-away-now = Your session now
logto-away-now-how =
    The session has everything that a page needs to know about you, and the access tokens that it has obtained.
    Until they expire, a page that uses only them needs no answer from Logto.
logto-away-answers = Logto answers at the moment.
logto-away-no-answer = Logto does not answer at the moment.
logto-away-token = Token
logto-away-expires = Expires

logto-away-works = What keeps working
logto-away-works-why =
    The app asks Logto only for what it does not have. Sessions, claims, tokens and signing keys are kept.
logto-away-row-what = Feature
logto-away-row-without = Without Logto
logto-away-row-works = Works
logto-away-row-unavailable = Unavailable
logto-away-row-pages = Pages of signed-in users, with the latest known claims
logto-away-row-tokens = Access tokens of the session, until they expire
logto-away-row-api = APIs that verify tokens, with the cached keys
logto-away-row-sign-out = The sign-out of this app
logto-away-row-refresh = Refreshes of expired tokens
logto-away-row-user-info = Userinfo
logto-away-row-sign-in = New sign-ins

logto-away-states = What the user sees
logto-away-states-how-html =
    The header shows the state of the session, with <code>use_session()</code>. It has the same state on the server
    and in an island.
logto-away-state-active = The ID token is valid, or has just been renewed.
logto-away-state-refreshing-html =
    The ID token has expired, and Logto did not answer. The user is <strong>still signed in</strong>. The next page
    tries again.
logto-away-state-sign-in-needed-html =
    Logto did answer: the sign-in has ended, because it expired or was revoked. Only <strong>a new sign-in</strong>
    helps.

logto-away-errors = Tell a transient error from a final one
logto-away-errors-kind-html =
    A function that fails returns an <code>AuthError</code>. Its <code>kind</code> says what the user can do. For a
    transient error it is <code>Unavailable</code>, and the server function answers with status 503.
logto-away-errors-back-off-html =
    <code>retry_after</code> is the delay that Logto asked for, if it did. After a failure, the session waits
    before it asks again. Until then, it returns the same error at once, so that a busy app does not overload Logto.
logto-away-ask-how =
    Ask Logto for a new token. If it answers, the token in the table above expires later. If not, the error is shown
    here, and you stay signed in.
logto-away-ask = Ask Logto now
logto-away-tip-html =
    A failed sign-in leads to the error page, which <code>with_error_path</code> sets. It says when to try again.
    The return path is kept: after the next attempt, the user is on the page that they wanted.
