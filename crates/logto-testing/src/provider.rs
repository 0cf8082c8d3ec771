//! The provider's handle: what a test sees of it.

use std::sync::Arc;

use axum::Router;
use serde_json::{Map, Value};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::{
    browser::AuthorizationRequest,
    builder::TestProviderBuilder,
    clock::TestClock,
    config::{Config, SigningAlgorithm},
    connection,
    faults::{Fault, IdTokenFault},
    gate::Gate,
    log::{Endpoint, LoggedRequest},
    routes,
    shared::Shared,
    user::User,
};

/// An OpenID provider that listens on 127.0.0.1 until it is dropped.
///
/// One client, one browser, users and grants in memory. Every method takes effect at once, also
/// between two requests of a running sign-in.
#[must_use = "it stops when dropped"]
pub struct TestProvider {
    pub(crate) shared: Arc<Shared>,
    /// The same routes the socket serves, for the browser played in [`authorize`](Self::authorize).
    pub(crate) router: Router,
    server: JoinHandle<()>,
}

impl Drop for TestProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl TestProvider {
    /// A Traditional web app's provider with the demo users `ada` and `bob`; `ada` is signed in.
    pub async fn start() -> Self {
        Self::builder().start().await
    }

    /// Sets up another one.
    pub fn builder() -> TestProviderBuilder {
        TestProviderBuilder::default()
    }

    pub(crate) async fn listen(config: Config, users: Vec<User>, clock: TestClock) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let endpoint = format!(
            "http://{}",
            listener.local_addr().expect("a bound socket has an address")
        );
        let first = users.first().map(|user| user.id.clone());
        let shared = Arc::new(Shared::new(config, endpoint, users, clock));
        let router = routes::router(Arc::clone(&shared));
        let server = tokio::spawn(connection::serve(listener, router.clone()));
        let provider = Self { shared, router, server };
        if let Some(first) = first {
            provider.sign_in_as(&first);
        }
        provider
    }

    /// Scheme, host and port: what `LogtoConfig` calls `endpoint`.
    pub fn endpoint(&self) -> &str {
        &self.shared.endpoint
    }

    /// `<endpoint>/oidc`.
    pub fn issuer(&self) -> String {
        self.shared.issuer()
    }

    /// The address of an endpoint.
    pub fn url(&self, endpoint: Endpoint) -> String {
        format!("{}{}", self.shared.endpoint, endpoint.path())
    }

    /// The client's id.
    pub fn app_id(&self) -> &str {
        &self.shared.config.app_id
    }

    /// The client's secret; empty for a public client.
    pub fn app_secret(&self) -> &str {
        self.shared.config.app_secret.as_deref().unwrap_or_default()
    }

    /// The first registered redirect URI.
    pub fn redirect_uri(&self) -> &str {
        &self.shared.config.redirect_uris[0]
    }

    /// The first registered URI to return to after sign-out.
    pub fn post_logout_redirect_uri(&self) -> &str {
        &self.shared.config.post_logout_redirect_uris[0]
    }

    /// The provider's clock. It stands still until the test moves it.
    pub fn clock(&self) -> TestClock {
        self.shared.clock.clone()
    }

    /// A copy of a user, by username or id.
    pub fn user(&self, name: &str) -> User {
        self.shared.state().named(name).clone()
    }

    /// Changes a user, by username or id: suspend, take a permission away, remove from an
    /// organization, …
    ///
    /// As at Logto, a permission that is added afterwards reaches tokens only after another
    /// sign-in, while one that is taken away is missing from the next token.
    pub fn update_user(&self, name: &str, change: impl FnOnce(&mut User)) {
        change(self.shared.state().named(name));
    }

    /// Revokes every grant of a user, by username or id: refreshes answer `invalid_grant` from now
    /// on.
    pub fn revoke_grants(&self, name: &str) {
        let mut state = self.shared.state();
        let id = state.named(name).id.clone();
        state.grants.revoke_where(|grant| grant.user_id == id);
    }

    /// The authorization request that came last, and what Logto would have made of its extra
    /// parameters.
    pub fn last_authorization(&self) -> Option<AuthorizationRequest> {
        self.shared.state().last_authorization.clone()
    }

    /// Switches a fault on until [`clear_faults`](Self::clear_faults).
    pub fn fault(&self, fault: impl Into<Fault>) {
        self.shared.faults.add(fault.into(), false);
    }

    /// Switches a fault on for the next answer that it applies to.
    pub fn fault_once(&self, fault: impl Into<Fault>) {
        self.shared.faults.add(fault.into(), true);
    }

    /// Changes the claims of every ID token until [`clear_faults`](Self::clear_faults).
    pub fn tweak_id_token(&self, change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) {
        self.fault(IdTokenFault::claims(change));
    }

    /// Changes the header of every ID token until [`clear_faults`](Self::clear_faults).
    pub fn tweak_header(&self, change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) {
        self.fault(IdTokenFault::jwt(move |jwt| change(&mut jwt.header)));
    }

    /// Answers truly again.
    pub fn clear_faults(&self) {
        self.shared.faults.clear();
    }

    /// Signs with a new key from now on. The earlier keys stay published.
    pub fn rotate_keys(&self) {
        self.shared.keys.rotate(None);
    }

    /// Signs with a new key of this algorithm from now on, as when the tenant changes its setting.
    /// The discovery document names the new algorithm; the earlier keys stay published.
    pub fn sign_with(&self, algorithm: SigningAlgorithm) {
        self.shared.keys.rotate(Some(algorithm));
    }

    /// Publishes only the key that signs now.
    pub fn forget_previous_keys(&self) {
        self.shared.keys.forget_previous();
    }

    /// How many requests reached an endpoint, whatever became of them.
    pub fn requests(&self, endpoint: Endpoint) -> usize {
        self.shared.log.count(endpoint)
    }

    /// Every request that came, in order.
    pub fn log(&self) -> Vec<LoggedRequest> {
        self.shared.log.all()
    }

    /// Begins counting again.
    pub fn clear_log(&self) {
        self.shared.log.clear();
    }

    /// Waits until at least `count` requests have reached an endpoint; held ones count.
    pub async fn wait_for_requests(&self, endpoint: Endpoint, count: usize) {
        self.shared.log.wait(endpoint, count).await;
    }

    /// Holds requests to an endpoint, after they were logged and before anything is done with them,
    /// until the gate is released: the way to have several requests under way at once without
    /// sleeping.
    pub fn hold(&self, endpoint: Endpoint) -> Gate {
        self.shared.gates.close(endpoint)
    }
}
