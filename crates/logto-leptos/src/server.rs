//! What server functions, resources and server components call.

use std::sync::Once;

use http::request::Parts;
use leptos::prelude::with_context;
use logto_axum::{
    AuthError, AuthSession, ContextOptions, Diagnose as _, IssuedToken, LogtoContext, OrganizationToken,
    ServerFunctions, SignInOptions, SignOutOptions, TokenRequest, TokenTarget,
};

/// The session of the request that is being answered.
///
/// # Errors
///
/// [`AuthError::LayerMissing`] when the router lacks the layer; [`AuthError::StaticPage`] on a page
/// with `SsrMode::Static`; [`AuthError::NoRequest`] outside a request, and while the route list is
/// generated.
pub fn auth_session() -> Result<AuthSession, AuthError> {
    // Borrowed: a copy of the request's head would cost more than all else here.
    let session = with_context(|parts: &Parts| match parts.extensions.get::<AuthSession>() {
        Some(session) => Ok(session.clone()),
        // axum adds extensions to every request. leptos_axum renders static pages, and finds the
        // routes, with heads of its own.
        None if !parts.extensions.is_empty() => Err(AuthError::LayerMissing),
        None if parts.headers.is_empty() => Err(AuthError::NoRequest),
        None => Err(AuthError::StaticPage),
    });
    session.unwrap_or(Err(AuthError::NoRequest))
}

/// Logs that a page cannot know the session: it shows what a visitor sees who is signed out, and
/// nothing on it tells why.
pub(crate) fn log_unknown_session(error: &AuthError) {
    static LAYER_IS_MISSING: Once = Once::new();
    match error {
        // The route list is being generated.
        AuthError::NoRequest => {}
        AuthError::LayerMissing => {
            LAYER_IS_MISSING
                .call_once(|| tracing::error!(code = error.code(), "every visitor looks signed out: {error}"));
        }
        error => tracing::warn!(code = error.code(), "this visitor looks signed out: {error}"),
    }
}

/// Every server function that is linked into this program, for the layer: without it the layer
/// cannot tell them from pages.
///
/// One that is called by GET (`GetUrl`) answers pages of this site alone, unless
/// [`ServerFunctions::allow_get`] opens it.
///
/// ```
/// # use leptos::{prelude::*, server_fn::{ServerFn as _, codec::GetUrl}};
/// use logto_leptos::server_functions;
///
/// #[server(prefix = "/api", endpoint = "search", input = GetUrl)]
/// async fn search(words: String) -> Result<Vec<String>, ServerFnError> {
///     Ok(vec![words])
/// }
///
/// # fn layer(logto: &logto_leptos::Logto) -> logto_leptos::LogtoLayer {
/// logto.layer().with_server_functions(server_functions().allow_get(Search::PATH))
/// # }
/// ```
#[must_use]
pub fn server_functions() -> ServerFunctions {
    ServerFunctions::new(leptos::server_fn::axum::server_fn_paths())
}

/// Who is signed in: state, claims, userinfo when asked for.
///
/// # Errors
///
/// When something that was asked for in `options` cannot be had. That nobody is signed in is no
/// error.
///
/// ```
/// use logto_leptos::{AuthError, ContextOptions, logto_context};
///
/// async fn greeting() -> Result<String, AuthError> {
///     let context = logto_context(ContextOptions::default()).await?;
///     Ok(match &context.claims {
///         Some(claims) => format!("Hello {}", claims.profile.display_name().unwrap_or(&claims.sub)),
///         None => "Please sign in".to_owned(),
///     })
/// }
/// ```
#[doc(alias = "getLogtoContext")]
pub async fn logto_context(options: ContextOptions) -> Result<LogtoContext, AuthError> {
    auth_session()?.context(options).await
}

/// An access token for an API resource, an organization, a resource within an organization, or
/// userinfo. For server functions, actions and handlers: what is refreshed is saved to the session.
/// [`TokenTarget::fresh`] asks the provider even if the cached token is still valid.
///
/// # Errors
///
/// [`AuthError::ResponseStarted`] when called while a page streams: use [`access_token_ssr`] there.
///
/// ```
/// # use logto_leptos::{AuthError, TokenTarget, access_token};
/// async fn call_the_api() -> Result<String, AuthError> {
///     let issued = access_token(TokenTarget::resource("https://api.example.com")).await?;
///     Ok(issued.token.authorization()) // goes into the request to the API, never into a page
/// }
///
/// /// After the user was given a role: the cached token does not have it.
/// async fn call_the_api_with_a_new_role() -> Result<String, AuthError> {
///     let target = TokenTarget::resource("https://api.example.com").in_organization("o1");
///     let issued = access_token(target.fresh()).await?;
///     Ok(issued.token.authorization())
/// }
/// ```
#[doc(alias = "getAccessToken")]
pub async fn access_token(request: impl Into<TokenRequest>) -> Result<IssuedToken, AuthError> {
    auth_session()?.access_token(request).await
}

/// An access token while rendering: the cached one while it is valid, else a refreshed one.
///
/// What was refreshed is saved with this response if its head has not gone out: in synchronous
/// component code, blocking resources, and routes with `SsrMode::Async`. While a page streams it is
/// too late for a cookie: then this process remembers the token for a minute, and the next response
/// to the same browser saves it.
///
/// # Errors
///
/// When nobody is signed in, or no token can be had.
#[doc(alias = "getAccessTokenRSC")]
pub async fn access_token_ssr(request: impl Into<TokenRequest>) -> Result<IssuedToken, AuthError> {
    auth_session()?.access_token_ssr(request).await
}

/// Drops the cached access token for `target`, so that its next use asks the provider. For server
/// functions, actions and handlers.
///
/// # Errors
///
/// [`AuthError::ResponseStarted`] while a page streams; [`AuthError::Store`] when the session store
/// does not answer. That nobody is signed in is no error.
#[doc(alias = "clearAccessToken")]
pub async fn clear_access_token(target: TokenTarget) -> Result<(), AuthError> {
    auth_session()?.clear_access_token(target).await
}

/// Drops every cached access token, as [`clear_access_token`]. The user stays signed in.
///
/// # Errors
///
/// As [`clear_access_token`].
#[doc(alias = "clearAllTokens")]
pub async fn clear_all_tokens() -> Result<(), AuthError> {
    auth_session()?.clear_all_tokens().await
}

/// A token for an organization. For server functions, actions and handlers, as [`access_token`].
///
/// # Errors
///
/// As [`access_token`]; the provider refuses (`access_denied`) when the user is no member.
#[doc(alias = "getOrganizationToken")]
pub async fn organization_token(id: &str) -> Result<IssuedToken, AuthError> {
    access_token(TokenTarget::organization(id)).await
}

/// A token for an organization while rendering, as [`access_token_ssr`].
///
/// # Errors
///
/// As [`access_token_ssr`].
#[doc(alias = "getOrganizationTokenRSC")]
pub async fn organization_token_ssr(id: &str) -> Result<IssuedToken, AuthError> {
    access_token_ssr(TokenTarget::organization(id)).await
}

/// A token for each of the user's organizations, with one result for each: a refusal for one of
/// them leaves the others alone.
///
/// The organizations come from the ID token or, if the tenant has taken them out of it, from
/// userinfo.
///
/// # Errors
///
/// Only what concerns all of them: nobody is signed in, or userinfo is needed and unavailable.
///
/// ```
/// # use logto_leptos::{AuthError, organization_tokens};
/// async fn count_members() -> Result<(), AuthError> {
///     for organization in organization_tokens().await? {
///         match organization.token {
///             Ok(issued) => println!("{}: {:?}", organization.organization_id, issued.token.scopes),
///             Err(error) => println!("{}: {error}", organization.organization_id),
///         }
///     }
///     Ok(())
/// }
/// ```
#[doc(alias = "getOrganizationTokens")]
pub async fn organization_tokens() -> Result<Vec<OrganizationToken>, AuthError> {
    auth_session()?.organization_tokens().await
}

/// Starts a sign-in from a server function: the browser is sent to the provider. Without a return
/// path the user comes back to the page that called the function.
///
/// # Errors
///
/// When the provider cannot be reached, an option is not valid, or the response has begun.
#[doc(alias = "signIn")]
pub async fn sign_in(options: SignInOptions) -> Result<(), AuthError> {
    // Not by `leptos_axum::redirect`: leptos_axum's `file_and_error_handler` may send what a page
    // in progress sets with a file.
    auth_session()?.redirect_to_sign_in(options).await
}

/// Signs out from a server function: the session ends here and, unless the options say otherwise,
/// the browser is sent to the provider to end the one there.
///
/// # Errors
///
/// When the request did not pass through the layer, the session store does not answer, or the
/// response has begun, as while a page streams ([`AuthError::ResponseStarted`]).
#[doc(alias = "signOut")]
pub async fn sign_out(options: SignOutOptions) -> Result<(), AuthError> {
    auth_session()?.redirect_to_sign_out(options).await
}
