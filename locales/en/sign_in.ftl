# The page “Sign in”

sign-in-heading = Sign in and out
sign-in-about =
    Two components start a sign-in and a sign-out. The library has the routes behind them, so you write no
    handler. Options decide what Logto shows first.

## Buttons

sign-in-buttons = Buttons
sign-in-buttons-about-html =
    <code>SignedIn</code> shows its children to users, and <code>SignedOut</code> to visitors. Each contains
    the button that fits:
sign-in-buttons-form-html =
    Each button is a form that sends <code>POST</code>. It works without JavaScript, and no browser prefetches
    it. After the sign-in, the user is back on this page; <code>return_to</code> names another one.
sign-in-state = The state of the session
sign-in-state-about-html =
    Two signals tell pages and islands who is signed in: <code>use_session</code> and <code>use_user</code>. They
    have their values when the page renders, and need no request.

## Callback

sign-in-callback = The callback and the other routes
sign-in-callback-about-html =
    The line <code>with_logto</code> adds five routes for sign-in and sign-out. The callback checks the state,
    redeems the code, verifies the ID token, writes the session, and redirects to the page where the sign-in
    began.
sign-in-callback-tip-html =
    A link to <code>GET /sign-in</code> or <code>GET /sign-out</code> opens a page that asks for a click. So no
    other site can sign your users in or out. A script, <code>/logto-session.js</code>, tells open tabs when
    the session ends.
sign-in-route = Route
sign-in-route-purpose = What it does
sign-in-route-sign-in = Stores state, nonce and PKCE verifier in a cookie, and redirects to Logto
sign-in-route-callback = Takes the user back, and starts the session
sign-in-route-sign-out = Ends the session, revokes the refresh token, and redirects to Logto
sign-in-route-organization = Sets the active organization of the session
sign-in-route-backchannel = Receives a logout token from Logto, and ends the sessions it names

## Options

sign-in-options = Options of a sign-in
sign-in-options-about =
    Each option is a property of the component. Try them while you are signed out: Logto shows a page to a
    user who is signed in there only if it has to. The local provider ignores the options it has no page for.
sign-in-first-screen = First screen
sign-in-first-screen-about = Logto opens the page that creates an account, instead of the sign-in page.
sign-in-first-screen-button = Create an account
sign-in-identifiers = Identifiers
sign-in-identifiers-about =
    Logto asks for an email address or a phone number, and not for a username. The tenant must have these
    ways to sign in.
sign-in-identifiers-button = Sign in by email or phone
sign-in-direct = Direct sign-in
sign-in-direct-about =
    Logto skips its own page and sends the user to GitHub. A tenant without this connector shows its sign-in
    page.
sign-in-direct-button = Sign in with GitHub
sign-in-hint = Login hint
sign-in-hint-about = Logto fills in the identifier, and the user types only the password.
sign-in-hint-button = Sign in as ada
sign-in-language = Language
sign-in-language-about =
    Logto shows its pages in this language. Without the option, it shows them in the language of this page.
sign-in-language-button = Sign in in French
sign-in-organization = Organization
sign-in-organization-about = Logto shows the logo and the colours of this organization on its sign-in page.
sign-in-organization-button = Sign in for acme
sign-in-prompt = Prompt
sign-in-prompt-about =
    Logto asks for the password again, even if the user is still signed in there. The second value, consent,
    makes Logto issue a refresh token.
sign-in-prompt-button = Enter the password again
sign-in-token = One-time token
sign-in-token-about =
    Your server creates the token with Logto’s Management API and mails it as a link. Logto then signs in the
    owner of the email address without a password. The token of this form is made up, so Logto refuses it.
sign-in-token-button = Sign in by magic link

## Sign-out

sign-in-out = Two kinds of sign-out
sign-in-out-about =
    The first kind also ends the session at Logto, so the next sign-in asks for the password. The second kind
    ends only the session of this app, so the next sign-in asks for nothing.
sign-in-out-everywhere = Sign out of Logto too
sign-in-out-here = Sign out of this app only
sign-in-out-signed-out = You are signed out. Sign in to see the two buttons.
sign-in-out-tip =
    If several apps share one sign-in, register the back-channel logout address of each. Logto then tells the
    other apps to end their sessions.

## Read more

sign-in-read-parameters = Authentication parameters
sign-in-read-first-screen = First screen
sign-in-read-direct = Direct sign-in
sign-in-read-languages = Languages
sign-in-read-token = One-time token
sign-in-read-social = Social sign-in
sign-in-read-out = Sign-out
