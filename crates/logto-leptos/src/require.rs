//! The user and their permissions, in server functions and resources.

use logto_axum::{Requirement, User, signed_in};

use crate::{AuthError, auth_session};

/// Returns the signed-in user if they meet a requirement; for server functions and resources.
///
/// ```
/// use std::time::Duration;
///
/// use leptos::prelude::*;
/// use logto_leptos::AuthError;
///
/// #[server]
/// async fn delete_order(organization_id: String, id: u32) -> Result<(), AuthError> {
///     use logto_leptos::{organization, require, role, signed_in};
///
///     let clerk = organization(&organization_id).role("clerk");
///     let user = require(clerk.or(role("admin")).within(Duration::from_secs(300))).await?;
///     println!("{} deletes the order {id}", user.id());
///     Ok(())
/// }
/// ```
///
/// The error says what the user can do. It makes a server function answer with its status (401,
/// 403, 500 or 503) if the error type of the function is [`AuthError`], or contains it. A
/// `ServerFnError` keeps only the text, and the function answers 500.
///
/// For a whole page see [`Protect`](crate::Protect).
///
/// # Errors
///
/// An [`AuthError`] of the kind `NotSignedIn`, `SignInNeeded` or `StepUpNeeded` if a sign-in helps,
/// `Forbidden` or `AccessDenied` if it does not, and `Unavailable` if Logto or the session store is
/// needed and does not answer. An error of the configuration is `Internal`.
pub async fn require(requirement: impl Into<Requirement>) -> Result<User, AuthError> {
    Ok(auth_session()?.require(requirement).await?)
}

/// Returns the signed-in user; for server functions and resources.
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::AuthError;
///
/// #[server]
/// async fn my_id() -> Result<String, AuthError> {
///     Ok(logto_leptos::require_user().await?.id().to_owned())
/// }
/// ```
///
/// # Errors
///
/// The same as [`require`] with [`signed_in`].
pub async fn require_user() -> Result<User, AuthError> {
    require(signed_in()).await
}

/// Returns the signed-in user, or `None`; for server functions, resources and server components.
///
/// `None` also if the session is unavailable, which the log then says. Where the difference matters,
/// call [`AuthSession::user`](logto_axum::AuthSession::user).
pub async fn user() -> Option<User> {
    let user = match auth_session() {
        Ok(session) => session.user().await,
        Err(error) => Err(error),
    };
    user.inspect_err(crate::server::log_unknown_session).ok().flatten()
}
