//! Sessions that begin without a provider.

use std::future::Future;

use crate::{browser::BrowserCookie, config::User};

/// An app's sign-in that can begin a session without the app's provider.
///
/// With their feature `testing`, `logto-axum` and `logto-leptos` implement it for `Logto`. Tests
/// use it through [`Browser::signed_in_as`](crate::Browser::signed_in_as).
pub trait SessionMint: Send + Sync {
    /// The address of the app.
    fn base_url(&self) -> String;

    /// The time of the app's clock, in seconds since the Unix epoch.
    fn now(&self) -> u64;

    /// Signs `user` in, and returns the cookies that the app has set.
    ///
    /// # Panics
    ///
    /// If the app refuses the sign-in.
    fn mint_session(&self, user: User) -> impl Future<Output = Vec<BrowserCookie>> + Send;
}
