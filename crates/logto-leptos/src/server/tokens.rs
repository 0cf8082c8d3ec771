//! Access tokens.

use logto_axum::{IssuedToken, OrganizationToken, TokenRequest, TokenTarget};

use crate::{AuthError, auth_session};

/// Returns an access token: the cached one while it is valid, otherwise a refreshed one.
///
/// The target is an API resource, an organization, a resource within an organization, or userinfo.
/// [`TokenTarget::fresh`] asks the provider even if the cached token is still valid.
///
/// It works everywhere, and knows whether the response head has been sent:
///
/// - Before the head is sent, a refreshed token is saved with this response: in server functions
///   and actions, in synchronous component code, in blocking resources, and in routes with
///   `SsrMode::Async`.
/// - While a page streams, it is too late for a cookie. This process then keeps the token for an
///   hour, and the next response to the same browser saves it.
///
/// With a session store, a refreshed token is saved at once in both cases.
///
/// The SDK for Next.js has two functions instead: `getAccessToken`, which saves the token and may
/// not be called by React Server Components, and `getAccessTokenRSC`, which they may call, and which
/// refreshes the token again at every page because it cannot save it.
///
/// # Errors
///
/// If there is no signed-in user, or Logto issues no token.
///
/// ```
/// # use logto_leptos::{AuthError, TokenTarget, access_token};
/// async fn call_the_api() -> Result<String, AuthError> {
///     let issued = access_token(TokenTarget::resource("https://api.example.com")).await?;
///     Ok(issued.token.authorization()) // for the request to the API, never for a page
/// }
///
/// /// After the user was given a role: the cached token lacks its scopes.
/// async fn call_the_api_with_a_new_role() -> Result<String, AuthError> {
///     let target = TokenTarget::resource("https://api.example.com").in_organization("o1");
///     let issued = access_token(target.fresh()).await?;
///     Ok(issued.token.authorization())
/// }
/// ```
#[doc(alias = "getAccessToken")]
#[doc(alias = "getAccessTokenRSC")]
pub async fn access_token(request: impl Into<TokenRequest>) -> Result<IssuedToken, AuthError> {
    Ok(auth_session()?.access_token_ssr(request).await?)
}

/// An alias of [`access_token`], for those who look for the counterpart of `getAccessTokenRSC`.
///
/// In the SDK for Next.js, this is the function for rendering: it cannot save a refreshed token.
/// Here a page that streams has its token saved by the next response, see [`access_token`].
///
/// # Errors
///
/// The same as [`access_token`].
#[doc(alias = "getAccessTokenRSC")]
pub async fn access_token_ssr(request: impl Into<TokenRequest>) -> Result<IssuedToken, AuthError> {
    access_token(request).await
}

/// Returns an access token for an organization: an alias of [`access_token`] with
/// [`TokenTarget::organization`].
///
/// # Errors
///
/// Like [`access_token`]. Logto refuses with `access_denied` if the user is not a member.
#[doc(alias = "getOrganizationToken")]
pub async fn organization_token(id: &str) -> Result<IssuedToken, AuthError> {
    access_token(TokenTarget::organization(id)).await
}

/// An alias of [`organization_token`], for those who look for the counterpart of
/// `getOrganizationTokenRSC`.
///
/// In the SDK for Next.js, this is the function for rendering, which cannot save a refreshed token;
/// see [`access_token_ssr`].
///
/// # Errors
///
/// Like [`organization_token`].
#[doc(alias = "getOrganizationTokenRSC")]
pub async fn organization_token_ssr(id: &str) -> Result<IssuedToken, AuthError> {
    organization_token(id).await
}

/// Returns an access token for each of the user's organizations.
///
/// Refreshed tokens are saved as [`access_token`] does.
///
/// Each organization has its own result, so that one refusal does not affect the others. The
/// organizations come from the ID token or, if the tenant leaves them out of it, from userinfo.
///
/// # Errors
///
/// If there is no signed-in user, or userinfo is needed and unavailable.
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
    Ok(auth_session()?.organization_tokens().await?)
}

/// Removes the cached access token for `target`, so that its next use asks the provider.
///
/// For server functions, actions and handlers. Does nothing without a signed-in user.
///
/// # Errors
///
/// - `response_started` while a page streams.
/// - `store_unavailable` if the session store does not answer.
#[doc(alias = "clearAccessToken")]
pub async fn clear_access_token(target: TokenTarget) -> Result<(), AuthError> {
    Ok(auth_session()?.clear_access_token(target).await?)
}

/// Removes all cached access tokens. The user stays signed in.
///
/// For server functions, actions and handlers. Does nothing without a signed-in user.
///
/// # Errors
///
/// Like [`clear_access_token`].
#[doc(alias = "clearAllTokens")]
pub async fn clear_all_tokens() -> Result<(), AuthError> {
    Ok(auth_session()?.clear_all_tokens().await?)
}
