//! Tests of apps that sign in with Logto: a browser for the app's own router, sessions without a
//! provider, and an OpenID provider in the test process.
//!
//! # A signed-in user
//!
//! [`Browser::of`] takes the router under test. [`Browser::signed_in_as`] signs a user in, without a
//! provider and without a network; `Logto` implements [`SessionMint`] with the feature `testing` of
//! `logto-leptos` or `logto-axum`.
//!
//! ```
//! use axum::Router;
//! use logto_testing::{Browser, SessionMint, User};
//!
//! async fn admins_see_the_page(app: Router, logto: impl SessionMint + Clone + 'static) {
//!     let ada = User::new("ada").with_role("admin").with_organization("acme");
//!     let browser = Browser::of(app).signed_in_as(&logto, ada).await;
//!     let page = browser.get("/admin").await;
//!     assert_eq!(page.status(), 200);
//! }
//! ```
//!
//! # A whole sign-in
//!
//! [`TestProvider`] is an OpenID provider that runs in the test process, responds as a Logto server
//! does, and has switchable faults. Configure the app with its endpoint, client id and client
//! secret. [`Browser::with_provider`] follows the app's redirects to it:
//!
//! ```
//! use axum::Router;
//! use logto_testing::{Browser, IdTokenFault, TestProvider};
//! # use axum::{response::Redirect, routing::{get, post}};
//! # fn app(endpoint: &str, app_id: &str, _app_secret: &str) -> Router {
//! #     let redirect_uri = "http%3A%2F%2Flocalhost%3A3000%2Fcallback";
//! #     let url = format!(
//! #         "{endpoint}/oidc/auth?client_id={app_id}&redirect_uri={redirect_uri}\
//! #          &response_type=code&scope=openid&state=s"
//! #     );
//! #     Router::new()
//! #         .route("/sign-in", post(async move || Redirect::to(&url)))
//! #         .route("/callback", get(async || axum::http::StatusCode::BAD_REQUEST))
//! # }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() {
//! let provider = TestProvider::start().await;
//! let app = app(provider.endpoint(), provider.app_id(), provider.app_secret());
//! let browser = Browser::of(app).with_provider(&provider);
//!
//! provider.sign_in_as("ada");
//! provider.fault_once(IdTokenFault::NonceWrong);
//! let page = browser.post_form("/sign-in", []).await;
//! assert!(page.path().starts_with("/callback?code="));
//! assert_eq!(page.status(), 400); // the app has to reject the ID token
//! # }
//! ```
//!
//! Without a test browser, [`TestProvider::authorize`] opens an authorization URL and returns the
//! callback URL.
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
//! | [`Browser`], [`Visit`], [`Page`], [`Form`] | a browser for the router under test | `browser` |
//! | [`SessionMint`], [`NewSession`] | sessions without a provider | `session_mint` |
//! | [`TestProvider`] | a provider, running or in memory; minted tokens | `test_provider` |
//! | [`TestProviderBuilder`] | client, URIs and settings of a provider | `test_provider` |
//! | [`User`], [`Organization`], [`OrganizationRole`], [`Membership`] | users of the tenant | `config` |
//! | [`Lifetimes`], [`RotationRule`], [`SigningAlgorithm`] | settings of the tenant | `config` |
//! | [`AccountField`] | what users may do with their account | `config` |
//! | [`MachineApp`] | a machine-to-machine app of the tenant | `config` |
//! | [`DevProvider`] | a provider for development, with the users of a file | `dev_provider` |
//! | [`InteractivePages`] | the pages of a provider that people use | `config` |
//! | [`Fault`] and its kinds, [`Tweak`] | wrong, slow or missing responses | `faults` |
//! | [`Jwt`] | a token whose header, claims or signature the test changes | `tokens` |
//! | [`Endpoint`], [`LoggedRequest`], [`Params`] | the request log | `requests` |
//! | [`AuthorizationRequest`] | the last authorization request | `requests` |
//! | [`HeldRequests`], [`HeldAnswer`] | overlapping requests without sleeps | `requests` |
//! | [`TestClock`] | a clock that the test moves | `provider` |
//! | `StoreServer` (Unix) | a real Redis or PostgreSQL server to kill and freeze | `store_server` |
//! | `RedisCluster`, `RedisSentinel` (Unix) | a cluster, and a primary with a replica and sentinels | `store_server` |
//! | [`CapturedLogs`], [`Secrets`] | a check that logs contain no secret | `captured_logs` |
//! | [`TestWebhook`] | a signed webhook, without a provider | `webhook` |
//! | [`WebhookDelivery`] | a webhook that the provider has sent | `provider` |
//! | [`allowed_methods`] | the methods that a route accepts | `allowed_methods` |
//!
//! # The provider's side
//!
//! | Module | Subject |
//! |---|---|
//! | `endpoints` | responses, one file or folder per endpoint |
//! | `provider` | grants, codes, refresh tokens, the browser's session |
//! | `tokens` | JWTs, claims, signing keys |
//! | `interactive` | the pages, and the browsers that see them |
//! | `http_server` | a server that can close or reset connections |
#![cfg_attr(docsrs, feature(doc_cfg))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a test tool reports a wrong set-up to the test by a panic"
)]

mod allowed_methods;
mod browser;
mod captured_logs;
mod config;
mod dev_provider;
mod endpoints;
mod faults;
mod http_server;
mod interactive;
mod provider;
mod random;
mod requests;
mod session_mint;
#[cfg(unix)]
mod store_server;
mod test_provider;
mod tokens;
mod webhook;
mod webhook_format;

pub use allowed_methods::allowed_methods;
pub use browser::{Browser, BrowserCookie, Form, Page, Visit, WebService};
pub use captured_logs::{CapturedLogs, Secrets, ThreadCapture};
pub use config::{
    AccountField, DEFAULT_POST_LOGOUT_REDIRECT_URI, DEFAULT_REDIRECT_URI, DEFAULT_RESOURCE, InteractivePages,
    Lifetimes, MachineApp, Membership, Organization, OrganizationRole, RotationRule, SigningAlgorithm, User,
};
pub use dev_provider::{DevProvider, DevProviderError};
pub use faults::{
    CallbackFault, DiscoveryFault, Fault, HOSTILE_TEXT, HttpFault, IdTokenFault, JwksFault, TokenFault, Tweak,
    UserInfoFault,
};
pub use provider::{TestClock, WebhookDelivery};
pub use requests::{AuthorizationRequest, Endpoint, HeldAnswer, HeldRequests, LoggedRequest, Params};
pub use session_mint::{NewSession, SessionMint};
#[cfg(unix)]
pub use store_server::{
    RedisCluster, RedisClusterBuilder, RedisSentinel, RedisSentinelBuilder, StoreKind, StoreServer, StoreServerBuilder,
    StoreServerError, StoreTls,
};
pub use test_provider::{AuthorizationRefused, TestProvider, TestProviderBuilder};
pub use tokens::Jwt;
pub use webhook::TestWebhook;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}
