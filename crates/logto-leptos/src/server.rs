//! Functions for server functions, resources and server components.

use http::request::Parts;
use leptos::prelude::with_context;
use logto_axum::{
    AuthSession, ContextOptions, Diagnose as _, IssuedToken, LogtoContext, OrganizationToken, ServerFunctions,
    SessionError, SignInOptions, SignOutOptions, TokenRequest, TokenTarget,
};

use crate::set_up::check_layer;

/// Returns the session of the current request.
///
/// # Errors
///
/// - [`SessionError::LayerMissing`] if the router lacks the layer.
/// - [`SessionError::StaticPage`] on a page with `SsrMode::Static`.
/// - [`SessionError::NoRequest`] outside a request, and while the route list is generated.
pub fn auth_session() -> Result<AuthSession, SessionError> {
    let session = session_of_request();
    check_layer(&session);
    session
}

/// Like [`auth_session`], without reports about the set-up.
pub(crate) fn session_of_request() -> Result<AuthSession, SessionError> {
    // Borrowed: cloning the request head would cost more than the rest of this function.
    let session = with_context(|parts: &Parts| match parts.extensions.get::<AuthSession>() {
        Some(session) => Ok(session.clone()),
        // Requests that come from axum have extensions. leptos_axum makes up a request head when it
        // renders a static page or generates the route list.
        None if !parts.extensions.is_empty() => Err(SessionError::LayerMissing),
        None if parts.headers.is_empty() => Err(SessionError::NoRequest),
        None => Err(SessionError::StaticPage),
    });
    session.unwrap_or(Err(SessionError::NoRequest))
}

/// Logs the reason why a page that could not read the session renders as for a signed-out visitor.
pub(crate) fn log_unknown_session(error: &SessionError) {
    match error {
        // The first is expected while the route list is generated. `auth_session` reports the other.
        SessionError::NoRequest | SessionError::LayerMissing => {}
        error => tracing::warn!(
            code = error.code(),
            "this page renders as for a signed-out visitor: {error}"
        ),
    }
}

/// Lists the server functions of this program, for
/// [`LogtoLayer::with_server_functions`](crate::LogtoLayer::with_server_functions).
///
/// The layer needs the list to tell server functions from pages. It rejects cross-site calls of a
/// server function that uses GET (`GetUrl`), unless [`ServerFunctions::allow_get`] lists it.
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

/// Returns the session state, the claims of the ID token and, on request, userinfo.
///
/// # Errors
///
/// If data that `options` request is unavailable. A request without a signed-in user is no error.
///
/// ```
/// use logto_leptos::{SessionError, ContextOptions, logto_context};
///
/// async fn greeting() -> Result<String, SessionError> {
///     let context = logto_context(ContextOptions::default()).await?;
///     Ok(match &context.claims {
///         Some(claims) => format!("Hello {}", claims.profile.display_name().unwrap_or(&claims.sub)),
///         None => "Please sign in".to_owned(),
///     })
/// }
/// ```
#[doc(alias = "getLogtoContext")]
pub async fn logto_context(options: ContextOptions) -> Result<LogtoContext, SessionError> {
    auth_session()?.context(options).await
}

/// Returns an access token, for server functions, actions and handlers.
///
/// The target is an API resource, an organization, a resource within an organization, or userinfo.
/// A refreshed token is saved to the session. [`TokenTarget::fresh`] asks the provider even if the
/// cached token is still valid.
///
/// # Errors
///
/// - [`SessionError::ResponseStarted`] while a page streams: use [`access_token_ssr`] there.
/// - If there is no signed-in user, or Logto issues no token.
///
/// ```
/// # use logto_leptos::{SessionError, TokenTarget, access_token};
/// async fn call_the_api() -> Result<String, SessionError> {
///     let issued = access_token(TokenTarget::resource("https://api.example.com")).await?;
///     Ok(issued.token.authorization()) // for the request to the API, never for a page
/// }
///
/// /// After the user was given a role: the cached token lacks its scopes.
/// async fn call_the_api_with_a_new_role() -> Result<String, SessionError> {
///     let target = TokenTarget::resource("https://api.example.com").in_organization("o1");
///     let issued = access_token(target.fresh()).await?;
///     Ok(issued.token.authorization())
/// }
/// ```
#[doc(alias = "getAccessToken")]
pub async fn access_token(request: impl Into<TokenRequest>) -> Result<IssuedToken, SessionError> {
    auth_session()?.access_token(request).await
}

/// Returns an access token while a page renders.
///
/// A valid cached token is returned as it is, otherwise a refreshed one. If the response head has
/// not been sent, the refreshed token is saved with this response. That is the case in synchronous
/// component code, in blocking resources, and in routes with `SsrMode::Async`. While a page streams
/// it is too late for a cookie: this process keeps the token for 60 seconds, and the next response
/// to the same browser saves it.
///
/// # Errors
///
/// If there is no signed-in user, or Logto issues no token.
#[doc(alias = "getAccessTokenRSC")]
pub async fn access_token_ssr(request: impl Into<TokenRequest>) -> Result<IssuedToken, SessionError> {
    auth_session()?.access_token_ssr(request).await
}

/// Removes the cached access token for `target`, so that its next use asks the provider.
///
/// For server functions, actions and handlers. Does nothing without a signed-in user.
///
/// # Errors
///
/// - [`SessionError::ResponseStarted`] while a page streams.
/// - [`SessionError::Store`] if the session store does not answer.
#[doc(alias = "clearAccessToken")]
pub async fn clear_access_token(target: TokenTarget) -> Result<(), SessionError> {
    auth_session()?.clear_access_token(target).await
}

/// Removes all cached access tokens. The user stays signed in.
///
/// For server functions, actions and handlers. Does nothing without a signed-in user.
///
/// # Errors
///
/// Like [`clear_access_token`].
#[doc(alias = "clearAllTokens")]
pub async fn clear_all_tokens() -> Result<(), SessionError> {
    auth_session()?.clear_all_tokens().await
}

/// Returns an access token for an organization, for server functions, actions and handlers.
///
/// # Errors
///
/// Like [`access_token`]. Logto refuses with `access_denied` if the user is not a member.
#[doc(alias = "getOrganizationToken")]
pub async fn organization_token(id: &str) -> Result<IssuedToken, SessionError> {
    access_token(TokenTarget::organization(id)).await
}

/// Returns an access token for an organization while a page renders.
///
/// # Errors
///
/// Like [`access_token_ssr`]. Logto refuses with `access_denied` if the user is not a member.
#[doc(alias = "getOrganizationTokenRSC")]
pub async fn organization_token_ssr(id: &str) -> Result<IssuedToken, SessionError> {
    access_token_ssr(TokenTarget::organization(id)).await
}

/// Returns an access token for each of the user's organizations, for server functions, actions and
/// handlers.
///
/// Each organization has its own result, so that one refusal does not affect the others. The
/// organizations come from the ID token or, if the tenant leaves them out of it, from userinfo.
///
/// # Errors
///
/// If there is no signed-in user, or userinfo is needed and unavailable.
///
/// ```
/// # use logto_leptos::{SessionError, organization_tokens};
/// async fn count_members() -> Result<(), SessionError> {
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
pub async fn organization_tokens() -> Result<Vec<OrganizationToken>, SessionError> {
    auth_session()?.organization_tokens().await
}

/// Starts a sign-in from a server function: redirects the browser to Logto.
///
/// Without a return path in `options`, the user returns to the page that called the function.
///
/// # Errors
///
/// If Logto cannot be reached, an option is invalid, or the response has started.
#[doc(alias = "signIn")]
pub async fn sign_in(options: SignInOptions) -> Result<(), SessionError> {
    // Not through `leptos_axum::redirect`: leptos_axum's `file_and_error_handler` may add the
    // redirect of a page that is still rendering to the response for a file.
    auth_session()?.redirect_to_sign_in(options).await
}

/// Signs out from a server function: ends the session and redirects the browser to Logto.
///
/// Logto then ends its own session too. [`SignOutOptions`] can limit the sign-out to this app.
///
/// # Errors
///
/// - If the request did not pass through the layer, or the session store does not answer.
/// - [`SessionError::ResponseStarted`] if the response has started, such as while a page streams.
#[doc(alias = "signOut")]
pub async fn sign_out(options: SignOutOptions) -> Result<(), SessionError> {
    auth_session()?.redirect_to_sign_out(options).await
}
