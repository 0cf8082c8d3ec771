# The page “API resources”

resources-heading = API resources
resources-about =
    Your API is a resource in Logto. The server gets an access token for it, and sends the token with each call. The
    browser gets the answer, not the token.

## What an API resource is

resources-what = What an API resource is
resources-what-identifier-html =
    You register an API in the Logto console under API resources. Its <strong>identifier</strong> is an address
    such as <code>https://products.example.com/api</code>. Access tokens for the API have it as their audience,
    the claim <code>aud</code>, so that a token for one API does not work at another.
resources-what-permissions-html =
    The API has <strong>permissions</strong>, such as <code>read:products</code>. You give permissions to roles,
    and roles to users: this is role-based access control (RBAC). An access token has the permissions of its
    user, as <strong>scopes</strong>.

## Configuration

resources-configure = Configure the resources
resources-configure-how-html =
    Name the resources with <code>with_resources</code>, or in <code>LOGTO_RESOURCES</code> with spaces between
    them. Name their permissions as scopes. A sign-in asks for all of them at once. Each call replaces the earlier
    list, so name all scopes of the app in one.
resources-shared-html =
    Resources and scopes are two lists, because OAuth combines each scope with each resource (RFC 8707). Two APIs
    can share a name: <code>read</code> is then a permission of both.
resources-ignored-html =
    A scope that a resource does not have, or that the user’s roles do not include, is ignored: the sign-in
    succeeds, and the token lacks the scope. An unknown <strong>resource</strong> is not ignored: the sign-in fails
    with <code>invalid_target</code>.
resources-configured = Resources of this app
resources-requested = Scopes of a sign-in
resources-none = No API resource is set up
resources-none-advice-html =
    Register one in the Logto console under API resources, write its identifier to
    <code>LOGTO_RESOURCES</code>, restart the app and sign in again.

## Access tokens

resources-token = Get an access token
resources-token-cached-html =
    <code>access_token</code> returns the token of the session while it is valid. When it has expired, the
    refresh token gets another one.
resources-token-page-html =
    <strong>With the page.</strong> A blocking resource gets the token while the page renders, on the server. In the
    SDK for Next.js this is <code>getAccessTokenRSC</code>. Its counterpart here is <code>access_token_ssr</code>,
    an alias of <code>access_token</code>.
resources-token-action-html =
    <strong>By an action.</strong> A button calls a server function, which gets the token. Without JavaScript, the
    button sends a form.
resources-tip =
    A response can set cookies only in its head. In Next.js, a server component runs too late for that, so its
    refreshed token is lost, and the next page refreshes it again. Prefer actions there.
resources-tip-here =
    Here both kinds keep the token. A blocking resource finishes before the head is sent. While a page streams,
    the server keeps a refreshed token for an hour, and the next response saves it. With a session store, it is
    saved at once.
resources-on-page = With the page
resources-by-action = By an action
resources-get = Get access token

## The card of a token

resources-card = Show a token without revealing it
resources-card-view-html =
    A token never reaches the browser. <code>TokenView</code> has what a page may show: audience, scopes, expiry,
    and whether the token was just refreshed. <code>with_claims</code> adds the decoded claims of the token.
resources-card-opaque =
    Tokens for API resources and organizations are JWTs. A token for userinfo is opaque: it has no claims to
    decode.

## Calls of the API

resources-call = Call the API
resources-call-how-html =
    The first resource is an API of this site. The server sends the token in the header
    <code>Authorization</code>. Reading needs the scope <code>read:products</code>, adding a product needs
    <code>write:products</code>.
resources-product-name = Name of a new product
resources-product-add = Call POST /api/products
resources-api-forbidden =
    The API refused the call: the token lacks a scope. Reading needs read:products, adding a product needs
    write:products.
resources-api-invalid =
    The API did not take the product: it needs a name of at most 60 characters, and the list is not longer than 100
    products.
resources-api-unreachable = The API gave no answer. Try again later.

## The API

resources-protect = Protect the API
resources-protect-how =
    The API verifies the signature of the token, its issuer, its audience, its expiry and its scope. The keys of
    Logto are cached, so that a check needs no request.
resources-protect-answers-html =
    A call without a valid token gets status 401, and a call without the scope 403. Try it:
    <a href="/api/products">open the API</a> in the browser, which sends no token.
resources-protect-router-html =
    The handlers have the struct <code>Api</code> as their state. Server functions find the same struct in their
    context, where <code>leptos_routes_with_context</code> puts it.
resources-read-rbac = Role-based access control
resources-read-resources = API resources
resources-read-validate = Validate access tokens
resources-read-opaque = Opaque tokens
resources-read-claims = Custom token claims
