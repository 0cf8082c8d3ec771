# The page “Account”

my-account-heading = The user's account
my-account-about =
    Logto's Account API lets users see and change their own account without leaving the app. Logto's account center
    has ready pages for what an app does not want to handle itself.

## Name and custom data

my-account-profile = Name and custom data
my-account-profile-what-html =
    <code>account()</code> returns a client with the opaque access token of the session. The token stays on the
    server, and is refreshed once if Logto rejects it. The form is an <code>ActionForm</code>: it works without
    JavaScript.
my-account-profile-custom =
    The theme is an entry of the custom data. The claims of the session are refreshed afterwards, so that the header
    shows the new name.
my-account-profile-tip-html =
    The API is off in a new tenant. Switch it on in the Logto console under <strong>Account center</strong>, or with
    <code>PATCH /api/account-center</code>. A field that is set to <code>Edit</code> can be changed by every user:
    keep what the user must not decide out of the custom data.
my-account-name = Name
my-account-theme = Theme
my-account-save = Save
my-account-invalid = Please enter a valid value.

## Password and second factors

my-account-security = Password and second factors
my-account-security-what-html =
    <code>AccountCenter</code> builds the addresses of Logto's own pages, and of the way back to this page. They
    exist since Logto 1.37.
my-account-password = Change the password
my-account-authenticator = Add an authenticator app
my-account-passkey = Add a passkey
my-account-overview = All security settings

## Sessions

my-account-sessions = Where you are signed in
my-account-sessions-what-html =
    <code>sessions</code> lists the browsers in which the user is signed in at Logto, and
    <code>revoke_session</code> ends one, with the grants of its apps (<code>RevokeGrants::All</code>). It needs the
    scope <code>urn:logto:scope:sessions</code>, and Logto 1.38.
my-account-sessions-proof-html =
    Logto asks for a proof that is at most 10 minutes old. <code>verify_password</code> returns its id, and this app
    keeps it in the sealed data of the session.
my-account-sessions-tip =
    Logto sends no back-channel logout when a session is revoked. An app notices it when it next refreshes a token,
    or calls Logto with it.
my-account-your-password = Your password
my-account-confirm = Show my sessions
my-account-this-one = This one
my-account-sign-out-there = Sign out there
my-account-unknown-browser = Unknown browser
my-account-read-api = Account API
my-account-read-center = Account center
