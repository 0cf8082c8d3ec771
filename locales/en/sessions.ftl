# The session: its content, its store, its lifetime, its end.

sessions-heading = Sessions
sessions-about =
    The session is what the app remembers after a sign-in: an ID token, a refresh token, and the access tokens
    obtained so far. It is sealed, and it never reaches a page or a script.
sessions-signed-out = Sign in to see this.

## Your session

sessions-yours = Your session
sessions-cookie = Your browser sent the cookie
sessions-cookie-size = with { $size } bytes.

## Access tokens

sessions-tokens = Access tokens kept
sessions-tokens-text =
    An access token is kept until it expires, so that not every page asks Logto again. If there is no room, the
    least recently used token is dropped, and fetched again when a page needs it. The token without an audience is
    the one for userinfo.
sessions-no-tokens = There are none. The page “API resources” gets some.

## Where sessions are kept

sessions-store = Where sessions are kept
sessions-store-cookies-text-html =
    By default the session is in encrypted cookies. The app needs no infrastructure, and any number of processes
    serve the same user, serverless functions included. Several processes should share a deny list
    (<code>LOGTO_DENY_LIST_URL</code>): with it, a sign-out ends every copy of a cookie.
sessions-store-text =
    Use a store if sessions outgrow cookies, which happens with many organizations and resources, or if the cookies
    of each request should be small. The browser then has only a random id.
sessions-store-now = In use now
sessions-store-cookies = Cookies
sessions-store-memory = Memory
sessions-store-redis = Redis
sessions-store-postgres = PostgreSQL
sessions-store-switch-html =
    To switch, set one variable and restart the app, or call <code>with_store</code>. The features
    <code>redis</code> and <code>postgres</code> of the crate add the two stores.
sessions-store-move =
    Users stay signed in when you switch from cookies to a store: each session moves with its next request. In
    production use Redis or PostgreSQL; sessions in memory end with the process.

## Costs

sessions-costs = Costs of the stores
sessions-costs-text = Cookies cost bytes in every request. A store costs one round trip for each request that uses the session.
sessions-cost-store = Kept in
sessions-cost-load = One load
sessions-cost-size = Per session
sessions-cost-pages = Pages/s
sessions-cost-cookie-size = up to 2.8 kB
sessions-costs-source-html =
    Loads and sizes are measured with a million sessions (<code>docs/sizing.md</code>). Pages per second are those
    of a signed-in page on two cores, with all requests in one session
    (<code>bench/results/latest.md</code>). A dash means that there is nothing to measure, or no measurement.

## A store of your own

sessions-own = A store of your own
sessions-own-text-html =
    Implement <code>SessionStore</code> for another database, and pass it to <code>with_store</code>.
    <code>save</code> is a compare-and-swap, so that two requests at the same time lose no token.
sessions-own-sealed = The store sees only sealed sessions: a copy of the database is worth nothing without the cookie secret.

## Lifetime

sessions-life = Lifetime of a session
sessions-life-begins-html = <strong>You sign in.</strong> Logto gives an ID token and access tokens for an hour, and a refresh token.
sessions-life-renewed-html =
    <strong>An hour passes.</strong> The next page renews the ID token and, when they are needed, the access
    tokens. You notice nothing.
sessions-life-away-html =
    <strong>Logto cannot be reached.</strong> You stay signed in with the latest claims, and the state is
    “Refreshing”. A transient error never signs you out.
sessions-life-revoked-html = <strong>The sign-in is revoked at Logto.</strong> The state is “Sign-in needed”.
sessions-life-limits-html =
    <strong>Time runs out.</strong> After { $idle } without a visit, or { $absolute } in all, you are signed out.
sessions-life-sign-out-html =
    <strong>You sign out.</strong> The refresh token is revoked and the cookie is removed. Copies of the cookie do
    not work either, and other tabs notice.

## Two ways out

sessions-out = Two ways out
sessions-out-logto =
    The usual sign-out also ends the session at Logto. The next sign-in asks for a password, and other apps that
    use the same Logto session can be notified.
sessions-out-app-html =
    With <code>this_app_only</code>, only this app forgets you. Other apps stay signed in, and the next sign-in
    here asks for no password.
sessions-out-logto-button = Sign out of Logto too
sessions-out-app-button = Sign out of this app only

## Further readings

sessions-read-sign-out = Sign-out
