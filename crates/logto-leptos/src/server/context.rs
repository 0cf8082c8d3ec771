//! The state of the session and the user's claims.

use logto_axum::{ContextOptions, LogtoContext};

use crate::{AuthError, auth_session};

/// Returns the session state, the claims of the ID token and, on request, userinfo.
///
/// # Errors
///
/// If data that `options` request is unavailable. A request without a signed-in user is no error.
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
    Ok(auth_session()?.context(options).await?)
}
