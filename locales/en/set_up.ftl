# The page “Set up”

set-up-heading = Set up Logto in your app
set-up-about =
    One crate, four environment variables, one line at axum’s router and one component around Leptos’s Router. The
    library checks the set-up and tells you what is missing.

## Prerequisites

set-up-before = Prerequisites
set-up-before-app-html =
    A Leptos 0.8 app on axum 0.8, built with <code>cargo leptos</code>.
set-up-before-logto-html =
    A tenant at <a href="https://cloud.logto.io">Logto Cloud</a>, or a Logto of your own.
set-up-before-type-html =
    An application of the type <strong>Traditional web</strong> in the Logto console.
set-up-before-tip-html =
    You can begin without Logto: a debug build with the feature <code>dev-provider</code> signs in at a
    provider in its own process.

## Installation

set-up-install = Installation
set-up-install-about =
    Put a copy of the repository beside your app. These commands add the crate, and a subscriber that writes the
    log:
set-up-install-changes-html =
    The code shows all changes to the template <code>start-axum</code>: lines with <code>+</code> are new, and the
    commands have added the first two. Your app has the same places. <code>dev-provider</code> turns on the provider
    for development.
set-up-install-features-html =
    Turn on <code>logto-leptos/ssr</code> in the feature of the server and <code>logto-leptos/hydrate</code> in
    the feature of the browser. The features <code>redis</code> and <code>postgres</code> add a session store.
set-up-install-template-html =
    For a new app, there is the template <code>start-axum</code> with these changes:

## Environment variables

set-up-environment = Environment variables
set-up-environment-about-html =
    For your own Logto, the first four are required. The server reports all missing and invalid values at once.
    <code>.env.example</code> in the repository describes the others.
set-up-environment-secret =
    The cookie secret encrypts sessions. It has at least 32 bytes, and it stays the same after a restart:
set-up-variable = Variable
set-up-variable-value = Value
set-up-variable-endpoint = The address of Logto, such as https://your-tenant.logto.app
set-up-variable-app-id = The id of the application, from the Logto console
set-up-variable-app-secret = The secret of the application, from the Logto console
set-up-variable-cookie-secret = Your own secret, at least 32 bytes
set-up-variable-base-url = The address that users type; by default, the address of cargo leptos
set-up-variable-scopes = Further scopes, separated by spaces
set-up-variable-resources = API resources, separated by spaces
set-up-variable-store = A session store; by default, sessions are in cookies

## Router

set-up-router = Router and provider
set-up-router-about-html =
    <code>with_logto</code> adds the routes of the sign-in, the session layer and the check of the set-up. Call
    it after all routes and the fallback, because a layer covers only what was added before it.
set-up-router-provider-html =
    <code>LogtoProvider</code> goes around Leptos’s <code>Router</code>. It makes the session known to all pages,
    and pages then notice a sign-out in another tab.
set-up-hydration = Full hydration or islands
set-up-hydration-about-html =
    With full hydration, as in the template <code>start-axum</code>, nothing else is needed.
set-up-hydration-islands-html =
    This site uses islands: the feature <code>islands</code> of <code>leptos</code>, and
    <code>hydrate_islands</code>. If server functions of your islands call <code>sign_in</code> or
    <code>sign_out</code>, call <code>follow_redirects</code> before it. In an app with full hydration, write
    <code>#[component]</code> where the code of this site has <code>#[island]</code>.
set-up-samples-html =
    The samples on the following pages are files of one module: they use each other by <code>super::</code>. They
    need these crates, and calls of an API need <code>reqwest</code> in the feature of the server:

## Addresses

set-up-addresses = Redirect URIs
set-up-addresses-about-html =
    Logto sends users only to addresses that you have registered. Copy these addresses to your application’s page in
    the Logto console, and press <strong>Save changes</strong>. They have to match exactly.
set-up-addresses-check =
    The state is live: the server asks the provider when this page loads, at most once in five seconds.
set-up-redirect-uri = Redirect URI
set-up-post-sign-out-redirect-uri = Post sign-out redirect URI
set-up-backchannel-logout-uri = Back-channel logout URI
set-up-state-registered = Registered
set-up-state-not-registered = Not registered
set-up-state-application-unknown = Unknown application
set-up-state-away = Provider unreachable
set-up-state-optional = Optional, not checked
set-up-away = The provider gave no answer
set-up-away-advice =
    Logto cannot be reached, or its answer was not clear, so the state of the addresses is not known. Check
    LOGTO_ENDPOINT and the log of the server, then load this page again.

## Configuration in code

set-up-configs = Configuration in code
set-up-configs-about-html =
    <code>Logto::from_env</code> reads everything from the environment. Code can change what it read, or set
    everything itself.
set-up-configs-two-html =
    <code>LogtoConfig</code> is what Logto has to know: endpoint, application, scopes, resources.
    <code>WebConfig</code> is about your app: its address, its cookies, its paths.
set-up-configs-tip =
    Keep secrets out of the source. Secrets in a configuration do not appear in logs, because their debug
    output is redacted.

## Read more

set-up-read-quick-starts = Quick starts
set-up-read-self-hosted = Set up your own Logto
