//! Server functions that sign in and out.

#![allow(clippy::unused_async, reason = "server functions have to be asynchronous")]

use leptos::prelude::*;
use logto_leptos::AuthError;

/// Signs in.
#[server(prefix = "/api", endpoint = "sign-in")]
pub(crate) async fn begin_session() -> Result<(), AuthError> {
    logto_leptos::sign_in(logto_leptos::SignInOptions::default()).await
}

/// Signs out of this app, and of Logto unless `this_app_only` is set.
#[server(prefix = "/api", endpoint = "sign-out")]
pub(crate) async fn end_session(this_app_only: bool) -> Result<(), AuthError> {
    let options = logto_leptos::SignOutOptions::default().with_this_app_only(this_app_only);
    logto_leptos::sign_out(options).await
}

/// Greets the user.
#[server(prefix = "/api", endpoint = "greeting")]
pub(crate) async fn greeting() -> Result<String, AuthError> {
    let context = logto_leptos::logto_context(logto_leptos::ContextOptions::default()).await?;
    let name = context.claims.and_then(|claims| claims.profile.name.clone());
    Ok(format!("Hello {}", name.as_deref().unwrap_or("stranger")))
}

/// Redirects to the account page.
#[server(prefix = "/api", endpoint = "go-to-account")]
pub(crate) async fn go_to_account() -> Result<(), ServerFnError> {
    leptos_axum::redirect("/account");
    Ok(())
}
