//! A running provider: addresses, users, faults, keys, request log.

use std::{fmt, sync::Arc};

use axum::Router;
use serde_json::{Map, Value};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    config::{Config, SigningAlgorithm, User},
    endpoints,
    faults::{Fault, IdTokenFault},
    http_server,
    provider::{Provider, TestClock},
    requests::{AuthorizationRequest, Endpoint, HeldAnswer, HeldRequests, LoggedRequest},
};

/// An OpenID provider that responds as a Logto server does. It listens on an unused port of
/// 127.0.0.1 until it is dropped.
///
/// It has one client, one browser, and users and grants in memory. Every method takes effect
/// immediately, even between two requests of the same sign-in.
///
/// Methods that take the name of a user accept the username or the id, and panic if there is no
/// such user.
///
/// ```
/// use logto_testing::{Endpoint, HttpFault, TestProvider};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let provider = TestProvider::start().await;
/// provider.fault_once(HttpFault::Status(503).at(Endpoint::Token)); // the next token request fails
/// provider.clock().advance(3601); // access tokens expire
/// assert_eq!(provider.requests(Endpoint::Token), 0);
/// # }
/// ```
#[must_use = "the provider stops when this value is dropped"]
pub struct TestProvider {
    pub(super) provider: Arc<Provider>,
    /// The routes of the HTTP server, for requests without a connection, as in
    /// [`authorize`](Self::authorize).
    pub(super) router: Router,
    /// `None` for a provider without a server.
    server: Option<JoinHandle<()>>,
}

impl fmt::Debug for TestProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestProvider")
            .field("endpoint", &self.endpoint())
            .finish_non_exhaustive()
    }
}

impl Drop for TestProvider {
    fn drop(&mut self) {
        if let Some(server) = &self.server {
            server.abort();
        }
    }
}

impl TestProvider {
    pub(super) async fn listen(config: Config, users: Vec<User>, clock: TestClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("127.0.0.1 has an unused port");
        let endpoint = format!(
            "http://{}",
            listener.local_addr().expect("a bound socket has an address")
        );
        let mut provider = Self::new(config, endpoint, users, clock);
        provider.server = Some(tokio::spawn(http_server::serve(listener, provider.router.clone())));
        provider
    }

    /// A provider at `endpoint`, without a server.
    pub(super) fn new(config: Config, endpoint: String, users: Vec<User>, clock: TestClock) -> Self {
        let first = users
            .first()
            .filter(|_| config.pages.is_none())
            .map(|user| user.id.clone());
        let provider = Arc::new(Provider::new(config, endpoint, users, clock));
        let router = endpoints::router(Arc::clone(&provider));
        let provider = Self {
            provider,
            router,
            server: None,
        };
        if let Some(first) = first {
            provider.sign_in_as(&first);
        }
        provider
    }

    /// Scheme, host and port: the `endpoint` of a `LogtoConfig`.
    pub fn endpoint(&self) -> &str {
        &self.provider.endpoint
    }

    /// The issuer: `<endpoint>/oidc`.
    pub fn issuer(&self) -> String {
        self.provider.issuer()
    }

    /// The URL of an endpoint.
    pub fn url(&self, endpoint: Endpoint) -> String {
        format!("{}{}", self.provider.endpoint, endpoint.path())
    }

    /// The client id.
    pub fn app_id(&self) -> &str {
        &self.provider.config.app_id
    }

    /// The client secret; empty for a public client.
    pub fn app_secret(&self) -> &str {
        self.provider.config.app_secret.as_deref().unwrap_or_default()
    }

    /// The first registered redirect URI.
    pub fn redirect_uri(&self) -> &str {
        &self.provider.config.redirect_uris[0]
    }

    /// The first registered post-logout redirect URI.
    pub fn post_logout_redirect_uri(&self) -> &str {
        &self.provider.config.post_logout_redirect_uris[0]
    }

    /// The provider's clock, which stands still until the test moves it.
    pub fn clock(&self) -> TestClock {
        self.provider.clock.clone()
    }

    /// A copy of a user.
    pub fn user(&self, name: &str) -> User {
        self.provider.state().named(name).clone()
    }

    /// Changes a user: suspends them, adds or removes permissions, memberships, …
    ///
    /// As in Logto, tokens lose a removed permission at the next refresh, and gain an added one
    /// only after another sign-in.
    pub fn update_user(&self, name: &str, change: impl FnOnce(&mut User)) {
        change(self.provider.state().named(name));
    }

    /// Revokes every grant of a user: their refreshes return `invalid_grant`.
    pub fn revoke_grants(&self, name: &str) {
        let mut state = self.provider.state();
        let id = state.named(name).id.clone();
        state.grants.revoke_where(|grant| grant.user_id == id);
    }

    /// The last authorization request.
    pub fn last_authorization(&self) -> Option<AuthorizationRequest> {
        self.provider.state().last_authorization.clone()
    }

    /// Switches a fault on until [`clear_faults`](Self::clear_faults).
    pub fn fault(&self, fault: impl Into<Fault>) {
        self.provider.faults.add(fault.into(), false);
    }

    /// Switches a fault on for the next response that it applies to.
    pub fn fault_once(&self, fault: impl Into<Fault>) {
        self.provider.faults.add(fault.into(), true);
    }

    /// Changes the claims of every ID token until [`clear_faults`](Self::clear_faults).
    pub fn tweak_id_token(&self, change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) {
        self.fault(IdTokenFault::claims(change));
    }

    /// Changes the header of every ID token until [`clear_faults`](Self::clear_faults).
    pub fn tweak_header(&self, change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) {
        self.fault(IdTokenFault::jwt(move |jwt| change(&mut jwt.header)));
    }

    /// Switches every fault off.
    pub fn clear_faults(&self) {
        self.provider.faults.clear();
    }

    /// Replaces the signing key. Earlier keys stay published.
    pub fn rotate_keys(&self) {
        self.provider.keys.rotate(None);
    }

    /// Replaces the signing key with one for `algorithm`, as when the tenant changes its setting.
    /// The discovery document names the new algorithm; earlier keys stay published.
    pub fn sign_with(&self, algorithm: SigningAlgorithm) {
        self.provider.keys.rotate(Some(algorithm));
    }

    /// Removes every key but the signing key from the key set.
    pub fn forget_previous_keys(&self) {
        self.provider.keys.forget_previous();
    }

    /// The number of requests that reached an endpoint, successful or not.
    pub fn requests(&self, endpoint: Endpoint) -> usize {
        self.provider.log.count(endpoint)
    }

    /// Every request that reached the provider, in order.
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.provider.log.all()
    }

    /// Removes every request from the log.
    pub fn clear_log(&self) {
        self.provider.log.clear();
    }

    /// Waits until at least `count` requests have reached an endpoint, including held ones.
    pub async fn wait_for_requests(&self, endpoint: Endpoint, count: usize) {
        self.provider.log.wait(endpoint, count).await;
    }

    /// Holds requests to an endpoint, after they are logged and before they are handled, until the
    /// returned value is released or dropped. A test uses it to have several requests in flight
    /// without sleeping.
    ///
    /// ```
    /// # use logto_testing::{Endpoint, TestProvider};
    /// # async fn in_a_test(provider: TestProvider) {
    /// let held = provider.hold(Endpoint::Token);
    /// // … start two requests that refresh the same token …
    /// provider.wait_for_requests(Endpoint::Token, 1).await;
    /// held.release();
    /// # }
    /// ```
    pub fn hold(&self, endpoint: Endpoint) -> HeldRequests {
        self.provider.barriers.hold(endpoint)
    }

    /// Holds the answer to the next request to an endpoint, after the request was handled, until the
    /// returned value is released or dropped. Later requests are answered meanwhile.
    ///
    /// A test uses it for a provider that is slow to answer: a refresh token is rotated, and the
    /// client does not have the new one yet.
    ///
    /// ```
    /// # use logto_testing::{Endpoint, TestProvider};
    /// # async fn in_a_test(provider: TestProvider) {
    /// let mut held = provider.hold_next_answer(Endpoint::Token);
    /// // … start a request that refreshes a token …
    /// held.wait_until_handled().await;
    /// provider.clock().advance(6);
    /// held.release();
    /// # }
    /// ```
    pub fn hold_next_answer(&self, endpoint: Endpoint) -> HeldAnswer {
        self.provider.answer_barriers.hold_next(endpoint)
    }
}
