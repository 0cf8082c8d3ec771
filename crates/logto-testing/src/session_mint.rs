//! Sessions that begin without a provider.

use std::future::Future;

use crate::{browser::cookie::BrowserCookie, config::User};

/// An app's sign-in that can begin a session without the app's provider.
///
/// With their feature `testing`, `logto-axum` and `logto-leptos` implement it for `Logto`. Tests
/// use it through [`Browser::signed_in_as`](crate::Browser::signed_in_as).
pub trait SessionMint: Send + Sync {
    /// The address of the app.
    fn base_url(&self) -> String;

    /// The time of the app's clock, in seconds since the Unix epoch.
    fn now(&self) -> u64;

    /// Begins a session, and returns the cookies that the app has set.
    ///
    /// # Panics
    ///
    /// If the app refuses the sign-in.
    fn mint_session(&self, session: NewSession) -> impl Future<Output = Vec<BrowserCookie>> + Send;
}

/// A session that a test begins: its user, and how the user signed in. A [`User`] converts into one.
///
/// ```
/// # use axum::Router;
/// # use logto_testing::{Browser, SessionMint};
/// use logto_testing::{NewSession, User};
///
/// # async fn in_a_test(app: Router, logto: impl SessionMint + Clone + 'static) {
/// let just_now = NewSession::of(User::new("ada")).with_authentication_age(0);
/// let browser = Browser::of(app).signed_in_as(&logto, just_now).await;
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NewSession {
    /// The user.
    pub user: User,
    /// How long ago the user entered credentials, in seconds. `None`: the ID token does not say.
    pub authentication_age: Option<u64>,
    /// Whether the user has confirmed with a second factor.
    pub second_factor: bool,
}

impl NewSession {
    /// Creates a session whose ID token does not say when the user entered credentials, as after a
    /// sign-in without `max_age`.
    pub fn of(user: User) -> Self {
        Self {
            user,
            authentication_age: None,
            second_factor: false,
        }
    }

    /// Sets how long ago the user entered credentials, in seconds, as after a step-up: the claim
    /// `auth_time`.
    #[must_use]
    pub fn with_authentication_age(mut self, seconds: u64) -> Self {
        self.authentication_age = Some(seconds);
        self
    }

    /// Signs the user in with a second factor, as after a step-up at Logto 1.46 or newer: the claims
    /// `acr`, `amr` and `auth_time`.
    #[must_use]
    pub fn with_second_factor(mut self) -> Self {
        self.second_factor = true;
        self
    }
}

impl From<User> for NewSession {
    fn from(user: User) -> Self {
        Self::of(user)
    }
}
