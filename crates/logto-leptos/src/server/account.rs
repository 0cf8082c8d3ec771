//! The user's account at Logto.

use logto_axum::{AccountClient, AccountError, SessionError};

use crate::{AuthError, auth_session};

/// Returns a client for the account of the signed-in user: [`mod@crate::account`].
///
/// For server functions and resources. The token of the session stays in the client; a refreshed one
/// is saved as [`access_token`](crate::access_token) does.
///
/// # Errors
///
/// If there is no signed-in user, or Logto issues no token.
///
/// ```
/// use leptos::prelude::*;
/// use logto_leptos::AuthError;
///
/// #[server]
/// async fn rename(name: String) -> Result<(), AuthError> {
///     let update = logto_leptos::account::AccountUpdate::new().with_name(name);
///     logto_leptos::account().await?.update(&update).await?;
///     Ok(())
/// }
/// ```
pub async fn account() -> Result<AccountClient, AuthError> {
    Ok(auth_session()?.account().await?)
}

/// The codes begin with `account_`, see [`AccountErrorKind`](crate::AccountErrorKind). A rejected
/// token needs a sign-in.
impl From<AccountError> for AuthError {
    fn from(error: AccountError) -> Self {
        SessionError::from(error).into()
    }
}
