# The page “Overview”

overview-heading = Sign in with Logto
overview-about =
    This site is a live quick start for Leptos. It signs you in with Logto, and each page shows one step
    of the integration at work beside the code that runs it.

## Sign in and out

overview-account = Sign in and out
overview-account-code =
    One component shows the right button. Each button is a small form, so it works without JavaScript.
overview-signed-out = You are signed out. Sign in to see your claims below.
overview-signed-in = You are signed in. Your claims are below.
overview-demo-users = The local provider has three demo users:
overview-demo-username = Username
overview-demo-password = Password
overview-demo-has = Data
overview-demo-ada = every permission, two organizations
overview-demo-bob = may read products, one organization
overview-demo-cleo = no permission, claims that are null

## Claims

overview-who = Who you are
overview-claims =
    A claim is a statement about the user. Logto signs the claims of the ID token, and the server verified
    them when you signed in:
overview-claim = Claim
overview-value = Value
overview-no-claims = A visitor has no claims. Sign in, and a table of your claims appears here.

## How a sign-in works

overview-flow = How a sign-in works
overview-flow-about =
    Logto checks who you are, so this site never sees your password. The tokens stay on the server and in an
    encrypted cookie; scripts in the browser cannot read them.
overview-flow-label = The messages of a sign-in
overview-flow-browser = Browser
overview-flow-app = Your app
overview-flow-browser-app = Browser to app:
overview-flow-browser-logto = App to Logto, through the browser:
overview-flow-logto-browser = Logto to app, through the browser:
overview-flow-app-logto = App to Logto:
overview-flow-logto-app = Logto to app:
overview-flow-app-browser = App to browser:
overview-flow-form-html = The button sends a form: <code>POST /sign-in</code>
overview-flow-redirect = Redirect with a state, a nonce and a PKCE challenge
overview-flow-code-html = After the sign-in, redirect with a code: <code>GET /callback</code>
overview-flow-exchange = The code, the PKCE verifier and the app secret
overview-flow-tokens = ID token, access token, refresh token
overview-flow-page = The page, and an encrypted cookie

## The steps

overview-steps = What each step teaches
overview-steps-about = The steps build on each other, but you can open each one by itself.
overview-step-set-up = Add the crate, register the addresses, and write the configuration.
overview-step-sign-in = Choose what Logto shows first, and sign out of the app or of Logto too.
overview-step-protect = Require a user or a role, and see what other visitors get.
overview-step-profile = Request scopes, and read claims from the ID token and from userinfo.
overview-step-resources = Get an access token for an API, and check it in the API.
overview-step-organizations = Get tokens for an organization, and switch between organizations.
overview-step-account = Let users change their account, and see where they are signed in.
overview-step-sessions = Keep sessions in cookies, Redis, PostgreSQL or a store of your own.
overview-step-streaming = Send a page in parts, and learn what that means for cookies.
overview-step-logto-away = See what keeps working while Logto cannot be reached.

## Read more

overview-read-flows = End-user flows
overview-read-connectors = Connectors
overview-read-authorization = Authorization
