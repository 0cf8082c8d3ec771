//! What server functions, resources and server components call.

use http::request::Parts;
use leptos::prelude::with_context;
use logto::SignInOptions;
use logto_axum::{
    AuthError, AuthSession, ContextOptions, IssuedToken, LogtoContext, ServerFunctions, SignOutOptions, TokenTarget,
};

/// The session of the request that is being answered.
///
/// # Errors
///
/// [`AuthError::LayerMissing`] outside a request, while the route list is generated, or when the router lacks the layer.
pub fn auth_session() -> Result<AuthSession, AuthError> {
    // Borrowed: a copy of the request's head would cost more than all else here.
    let session = with_context(|parts: &Parts| parts.extensions.get::<AuthSession>().cloned());
    session.flatten().ok_or(AuthError::LayerMissing)
}

/// Every server function that is linked into this program, for the layer: without it the layer cannot tell them from pages.
///
/// One that is called by GET (`GetUrl`) is refused unless it is declared harmless, as [`ServerFunctions`] says.
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
/// # fn layer(logto: &logto_leptos::Logto) -> logto_axum::LogtoLayer {
/// logto.layer().with_server_functions(server_functions().harmless(Search::PATH))
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
/// When something that was asked for in `options` cannot be had. That nobody is signed in is no error.
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

/// An access token for an API resource, an organization, a resource within an organization, or (neither) userinfo. For server
/// functions, actions and handlers: what is refreshed is saved to the session.
///
/// # Errors
///
/// [`AuthError::ResponseStarted`] when called while a page streams: use [`access_token_ssr`] there.
///
/// ```
/// # use logto_leptos::{AuthError, access_token};
/// async fn call_the_api() -> Result<String, AuthError> {
///     let issued = access_token(Some("https://api.example.com"), None).await?;
///     Ok(issued.token.authorization()) // goes into the request to the API, never into a page
/// }
/// ```
#[doc(alias = "getAccessToken")]
pub async fn access_token(resource: Option<&str>, organization_id: Option<&str>) -> Result<IssuedToken, AuthError> {
    auth_session()?.access_token(target(resource, organization_id)).await
}

/// The same for rendering: a token that is valid yet, or a refreshed one.
///
/// What was refreshed is saved with this response if its head has not gone out: in synchronous component code, blocking
/// resources, and routes with `SsrMode::Async`. While a page streams it is too late for a cookie: then this process remembers the
/// token for a minute, and the next response to the same browser saves it.
///
/// # Errors
///
/// When nobody is signed in, or no token can be had.
#[doc(alias = "getAccessTokenRSC")]
pub async fn access_token_ssr(resource: Option<&str>, organization_id: Option<&str>) -> Result<IssuedToken, AuthError> {
    auth_session()?
        .access_token_ssr(target(resource, organization_id))
        .await
}

/// A token for an organization. For server functions, actions and handlers, as [`access_token`].
///
/// # Errors
///
/// As [`access_token`]; the provider refuses (`access_denied`) when the user is no member.
#[doc(alias = "getOrganizationToken")]
pub async fn organization_token(id: &str) -> Result<IssuedToken, AuthError> {
    access_token(None, Some(id)).await
}

/// A token for an organization while rendering, as [`access_token_ssr`].
///
/// # Errors
///
/// As [`access_token_ssr`].
#[doc(alias = "getOrganizationTokenRSC")]
pub async fn organization_token_ssr(id: &str) -> Result<IssuedToken, AuthError> {
    access_token_ssr(None, Some(id)).await
}

/// A token for every organization the ID token names, each with its id.
///
/// # Errors
///
/// The first one that cannot be had; when nobody is signed in.
#[doc(alias = "getOrganizationTokens")]
pub async fn organization_tokens() -> Result<Vec<(String, IssuedToken)>, AuthError> {
    let session = auth_session()?;
    let id_token = session.id_token().await?.ok_or(AuthError::NotSignedIn)?;
    let mut tokens = Vec::new();
    for id in &id_token.claims().profile.organizations {
        tokens.push((id.clone(), session.access_token(TokenTarget::organization(id)).await?));
    }
    Ok(tokens)
}

/// Starts a sign-in from a server function: the browser is sent to the provider. Without a return path the user comes back to the page
/// that called the function.
///
/// # Errors
///
/// When the provider cannot be reached, an option is not valid, or the response has begun.
#[doc(alias = "signIn")]
pub async fn sign_in(options: SignInOptions) -> Result<(), AuthError> {
    let url = auth_session()?.start_sign_in(options).await?;
    leptos_axum::redirect(url.as_str());
    Ok(())
}

/// Signs out from a server function: the session ends here and, unless the options say otherwise, the browser is sent to the provider
/// to end the one there.
///
/// # Errors
///
/// When the request did not pass through the layer, or the session store does not answer.
#[doc(alias = "signOut")]
pub async fn sign_out(options: SignOutOptions) -> Result<(), AuthError> {
    let url = auth_session()?.sign_out(options).await?;
    leptos_axum::redirect(&url);
    Ok(())
}

fn target(resource: Option<&str>, organization_id: Option<&str>) -> TokenTarget {
    TokenTarget {
        resource: resource.map(str::to_owned),
        organization_id: organization_id.map(str::to_owned),
    }
}
