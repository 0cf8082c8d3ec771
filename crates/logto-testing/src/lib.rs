//! An OpenID provider inside the test process that answers as a Logto server does, and cheats on
//! command.
//!
//! ```
//! use logto_testing::{Endpoint, IdTokenFault, TestProvider};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let provider = TestProvider::start().await;
//! provider.sign_in_as("ada");
//! let callback = provider
//!     .authorize(&format!(
//!         "{}?client_id={}&redirect_uri={}&response_type=code&scope=openid&state=s",
//!         provider.url(Endpoint::Authorization),
//!         provider.app_id(),
//!         provider.redirect_uri(),
//!     ))
//!     .await;
//! assert!(callback.starts_with(provider.redirect_uri()));
//! provider.fault_once(IdTokenFault::NonceWrong); // the next ID token lies, the one after it is true again
//! # }
//! ```
//!
//! It knows nothing of the `logto` crates and shares no protocol library with them: a mistake made
//! on one side cannot hide behind the same mistake on the other.
//!
//! | to find | look in |
//! |---|---|
//! | starting it, who is signed in, what was asked | [`TestProvider`] (`provider`, `browser`, `minting`) |
//! | client, users, resources, lifetimes | `builder`, `config`, `user`, `demo` |
//! | what each endpoint answers | `routes`, one file per endpoint |
//! | codes, refresh tokens, grants, rotation | `grants` |
//! | keys, JWTs, claims | `keys`, `jwt`, `claims`, `id_token`, `access_token` |
//! | lies and broken answers | `faults` |
//! | time, request log, held requests | `clock`, `log`, `gate` |
//! | the socket | `connection` |
//! | every route of the app under test | [`routes_of`] (`listing`) |
//! | what was logged | `logs` |
#![deny(missing_docs)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test tool: a panic is how it reports a wrong set-up to the test"
)]

mod access_token;
mod browser;
mod builder;
mod claims;
mod clock;
mod config;
mod connection;
mod demo;
mod error;
mod faults;
mod gate;
mod grants;
mod id_token;
mod jwt;
mod keys;
mod listing;
mod log;
mod logs;
mod minting;
mod params;
mod provider;
mod random;
mod routes;
mod shared;
#[cfg(unix)]
mod store_server;
mod user;

pub use browser::{AuthorizationRefused, AuthorizationRequest};
pub use builder::TestProviderBuilder;
pub use clock::TestClock;
pub use config::{Lifetimes, RotationRule, SigningAlgorithm};
pub use demo::{API, DEFAULT_POST_LOGOUT_REDIRECT_URI, DEFAULT_REDIRECT_URI};
pub use faults::{
    CallbackFault, DiscoveryFault, Fault, HOSTILE_TEXT, HttpFault, IdTokenFault, JwksFault, TokenFault, Tweak,
    UserInfoFault,
};
pub use gate::Gate;
pub use jwt::Jwt;
pub use listing::routes_of;
pub use log::{Endpoint, LoggedRequest};
pub use logs::{CapturedLogs, Secrets};
pub use params::Params;
pub use provider::TestProvider;
#[cfg(unix)]
pub use store_server::{StoreKind, StoreServer, StoreServerBuilder, StoreServerError};
pub use user::{Membership, Organization, User};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
