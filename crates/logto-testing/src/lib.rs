//! An OpenID provider for tests: it runs in the test process, responds as a Logto server does, and
//! has switchable faults.
//!
//! Start a [`TestProvider`], configure your app with its endpoint, client id and client secret, and
//! send requests to the app as a browser does. Where the app redirects to the provider,
//! [`TestProvider::authorize`] opens that URL and returns the callback URL:
//!
//! ```
//! use axum::{Router, body::Body, http::Request};
//! use logto_testing::{IdTokenFault, TestProvider};
//! use tower::ServiceExt as _;
//! # fn app(endpoint: &str, app_id: &str, _app_secret: &str) -> Router {
//! #     let redirect_uri = "http%3A%2F%2Flocalhost%3A3000%2Fcallback";
//! #     let url = format!(
//! #         "{endpoint}/oidc/auth?client_id={app_id}&redirect_uri={redirect_uri}\
//! #          &response_type=code&scope=openid&state=s"
//! #     );
//! #     let sign_in = move || async move { [("location", url)] };
//! #     Router::new().route("/sign-in", axum::routing::post(sign_in))
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let provider = TestProvider::start().await;
//! let app = app(provider.endpoint(), provider.app_id(), provider.app_secret());
//!
//! let request = Request::post("/sign-in").body(Body::empty()).unwrap();
//! let response = app.clone().oneshot(request).await.unwrap();
//! let authorization_url = response.headers()["location"].to_str().unwrap();
//!
//! provider.sign_in_as("ada");
//! provider.fault_once(IdTokenFault::NonceWrong);
//! let callback_url = provider.authorize(authorization_url).await;
//! assert!(callback_url.starts_with("http://localhost:3000/callback?code="));
//! // Request `callback_url` from the app, with the cookies of its first response: it must reject
//! // the ID token.
//! # }
//! ```
//!
//! By default the provider has the users `ada` and `bob`, the organizations `acme` and `globex`,
//! the API resource [`DEFAULT_RESOURCE`] and the redirect URI [`DEFAULT_REDIRECT_URI`];
//! [`TestProvider::builder`] configures others. Its clock stands still until [`TestClock::advance`]
//! moves it.
//!
//! The crate does not depend on the `logto` crates and shares no protocol code with them, so that
//! the same mistake cannot hide on both sides.
//!
//! # What a test uses
//!
//! | Item | Purpose | Module |
//! |---|---|---|
//! | [`TestProvider`] | a running provider; the browser; minted tokens | `test_provider` |
//! | [`TestProviderBuilder`] | client, URIs and settings of a provider | `test_provider` |
//! | [`User`], [`Organization`], [`Membership`] | users of the tenant | `config` |
//! | [`Lifetimes`], [`RotationRule`], [`SigningAlgorithm`] | settings of the tenant | `config` |
//! | [`Fault`] and its kinds, [`Tweak`] | wrong, slow or missing responses | `faults` |
//! | [`Jwt`] | a token whose header, claims or signature the test changes | `tokens` |
//! | [`Endpoint`], [`LoggedRequest`], [`Params`] | the request log | `requests` |
//! | [`AuthorizationRequest`] | the last authorization request | `requests` |
//! | [`HeldRequests`] | overlapping requests without sleeps | `requests` |
//! | [`TestClock`] | a clock that the test moves | `provider` |
//! | `StoreServer` (Unix) | a real Redis or PostgreSQL server to kill and freeze | `store_server` |
//! | [`CapturedLogs`], [`Secrets`] | a check that logs contain no secret | `captured_logs` |
//! | [`allowed_methods`] | the methods that a route accepts | `allowed_methods` |
//!
//! # The provider's side
//!
//! | Module | Subject |
//! |---|---|
//! | `endpoints` | responses, one file or folder per endpoint |
//! | `provider` | grants, codes, refresh tokens, the browser's session |
//! | `tokens` | JWTs, claims, signing keys |
//! | `http_server` | a server that can close or reset connections |
#![cfg_attr(docsrs, feature(doc_cfg))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test tool reports a wrong set-up to the test by a panic"
)]

mod allowed_methods;
mod captured_logs;
mod config;
mod endpoints;
mod faults;
mod http_server;
mod provider;
mod random;
mod requests;
#[cfg(unix)]
mod store_server;
mod test_provider;
mod tokens;

pub use allowed_methods::allowed_methods;
pub use captured_logs::{CapturedLogs, Secrets, ThreadCapture};
pub use config::{
    DEFAULT_POST_LOGOUT_REDIRECT_URI, DEFAULT_REDIRECT_URI, DEFAULT_RESOURCE, Lifetimes, Membership, Organization,
    RotationRule, SigningAlgorithm, User,
};
pub use faults::{
    CallbackFault, DiscoveryFault, Fault, HOSTILE_TEXT, HttpFault, IdTokenFault, JwksFault, TokenFault, Tweak,
    UserInfoFault,
};
pub use provider::TestClock;
pub use requests::{AuthorizationRequest, Endpoint, HeldRequests, LoggedRequest, Params};
#[cfg(unix)]
pub use store_server::{StoreKind, StoreServer, StoreServerBuilder, StoreServerError};
pub use test_provider::{AuthorizationRefused, TestProvider, TestProviderBuilder};
pub use tokens::Jwt;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
