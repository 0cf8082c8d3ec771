//! Sign-in and sign-out by a server function.

use logto_axum::{SignInOptions, SignOutOptions};

use crate::{AuthError, auth_session};

/// Starts a sign-in from a server function: redirects the browser to Logto.
///
/// Without a return path in `options`, the user returns to the page that called the function.
///
/// # Errors
///
/// If Logto cannot be reached, an option is invalid, or the response has started.
#[doc(alias = "signIn")]
pub async fn sign_in(options: SignInOptions) -> Result<(), AuthError> {
    // Not through `leptos_axum::redirect`: leptos_axum's `file_and_error_handler` may add the
    // redirect of a page that is still rendering to the response for a file.
    Ok(auth_session()?.redirect_to_sign_in(options).await?)
}

/// Signs out from a server function: ends the session and redirects the browser to Logto.
///
/// Logto then ends its own session too. [`SignOutOptions`] can limit the sign-out to this app.
///
/// # Errors
///
/// - If the request did not pass through the layer, or the session store does not answer.
/// - `response_started` if the response has started, such as while a page streams.
#[doc(alias = "signOut")]
pub async fn sign_out(options: SignOutOptions) -> Result<(), AuthError> {
    Ok(auth_session()?.redirect_to_sign_out(options).await?)
}
