//! Tests of an app: sessions that begin without the app's provider.
//!
//! The module exists only with the feature `testing`. Enable it in dev-dependencies, beside
//! `logto-testing`, so that no release build contains it:
//!
//! ```toml
//! [dev-dependencies]
//! logto-axum = { version = "0.1", features = ["testing"] }
//! logto-testing = "0.1"
//! ```
//!
//! [`Logto`](crate::Logto) implements [`SessionMint`](logto_testing::SessionMint), so a test signs
//! a user in with [`Browser::signed_in_as`](logto_testing::Browser::signed_in_as):
//!
//! ```
//! use axum::{Router, routing::get};
//! use logto_axum::{Logto, LogtoConfig, RequireUser, WebConfig};
//! use logto_testing::{Browser, User};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let logto = Logto::new(
//!     LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret"),
//!     WebConfig::new("http://localhost:3000", ["only for tests: thirty-two bytes or more".into()]),
//! )?;
//! let app: Router = Router::new()
//!     .route("/", get(async |user: RequireUser| user.id().to_owned()))
//!     .merge(logto.routes())
//!     .layer(logto.layer());
//!
//! let browser = Browser::of(app.clone()).signed_in_as(&logto, User::new("ada")).await;
//! assert_eq!(browser.get("/").await.body(), "usr_ada");
//! assert_eq!(Browser::of(app).fetch("/").await.status(), 401);
//! # Ok(()) }
//! ```
//!
//! # Minted sessions
//!
//! The app's own routes sign the user in, at a provider in memory that has the app's endpoint,
//! client and scopes: the sign-in, the callback, the verification of the ID token, the seal of the
//! cookies and the session store are those of the app, hooks included. Only the HTTP client
//! differs, and no request leaves the process.
//!
//! The session has the claims that the app's scopes give, and access tokens, with the user's
//! permissions, for userinfo, each configured resource, each organization of the user and each
//! resource within one. In cookies, tokens beyond the cookie budget are left out, as in production.
//! All tokens are valid as long as the session, which has no refresh token: another token, a fresh
//! one or userinfo needs a provider ([`TestProvider`](logto_testing::TestProvider)).
//!
//! [`NewSession`](logto_testing::NewSession) says how long ago the user entered credentials, for
//! pages that require a recent sign-in.

mod http;
mod mint;

use std::{sync::Arc, time::Duration};

use logto::{Clock, Sleep};
use logto_testing::TestClock;

/// Returns a clock of the app that the test moves, for
/// [`Environment::with_clock`](crate::Environment::with_clock).
///
/// ```
/// use logto_axum::{Environment, Logto, LogtoConfig, WebConfig, testing};
/// use logto_testing::TestClock;
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let clock = TestClock::default();
/// let config = LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret");
/// let web = WebConfig::new("http://localhost:3000", ["only for tests: thirty-two bytes or more".into()]);
/// let environment = Environment::system(&config)?.with_clock(testing::clock(&clock));
/// let logto = Logto::with_environment(config, web, environment)?;
/// clock.advance(logto.lifetimes().idle());
/// # Ok(()) }
/// ```
#[must_use]
pub fn clock(clock: &TestClock) -> Arc<dyn Clock> {
    Arc::new(MovedByTest(clock.clone()))
}

struct MovedByTest(TestClock);

impl Clock for MovedByTest {
    fn since_epoch(&self) -> Duration {
        self.0.since_epoch()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(self.0.sleep(duration))
    }
}
