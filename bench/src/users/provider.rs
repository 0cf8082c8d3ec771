//! The provider of the apps.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
    serve::ListenerExt as _,
};
use logto_testing::{Endpoint, Membership, Organization, RotationRule, TestClock, TestProvider, TokenFault, User};
use serde_json::json;
use tokio::net::TcpListener;

use super::{Failure, plan::Plan};

/// How long a slow provider takes for a token.
pub(super) const SLOW: Duration = Duration::from_millis(250);

/// A provider that signs with ES384, as a new Logto tenant does, and rotates refresh tokens at
/// every use.
pub(super) struct Provider {
    provider: TestProvider,
    slow: Arc<AtomicBool>,
}

impl Provider {
    pub(super) async fn start(plan: &Plan) -> Result<Self, Failure> {
        let user = User::new("ada")
            .with_name(&plan.user)
            .with_email("ada@example.com")
            .with_role("manager")
            .with_permission(&plan.resource, "read:products")
            .with_permission(&plan.resource, "write:products")
            .with_organization(Membership::of("acme").with_role("admin"))
            .with_organization(Membership::of("globex").with_role("member"));
        let builder = TestProvider::builder()
            .client(&plan.app_id, &plan.app_secret)
            .user(user)
            .resource(&plan.resource)
            .organization(Organization::new("acme", "Acme Inc."))
            .organization(Organization::new("globex", "Globex Corporation"))
            .rotation(RotationRule::EveryUse)
            .loopback_redirects()
            .clock(TestClock::running());
        let address = format!("127.0.0.1:{}", plan.provider_port);
        let provider = builder.in_memory(&format!("http://{address}"));
        let slow = Arc::new(AtomicBool::new(false));
        let router = provider
            .router()
            .layer(middleware::from_fn_with_state(Arc::clone(&slow), take_time));
        let listener = TcpListener::bind(address).await?.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Self { provider, slow })
    }

    /// Lets the user sign in with an authorization URL. Returns the callback URL.
    pub(super) async fn authorize(&self, url: &str) -> Result<String, Failure> {
        Ok(self.provider.try_authorize(url).await?)
    }

    /// Issues access tokens that have expired, so that each further request has to refresh them.
    pub(super) fn issue_expired_tokens(&self) {
        self.provider.fault(TokenFault::response(|response| {
            response.insert("expires_in".to_owned(), json!(0));
        }));
    }

    /// Issues access tokens that are valid for an hour.
    pub(super) fn issue_valid_tokens(&self) {
        self.provider.clear_faults();
    }

    /// Forgets the requests so far.
    pub(super) fn forget_requests(&self) {
        self.provider.clear_log();
    }

    /// The number of tokens that were requested since [`forget_requests`](Self::forget_requests).
    pub(super) fn token_requests(&self) -> usize {
        self.provider.requests(Endpoint::Token)
    }

    /// Sets whether token requests take as long as [`SLOW`].
    pub(super) fn set_slow(&self, slow: bool) {
        self.slow.store(slow, Ordering::Relaxed);
    }
}

async fn take_time(State(slow): State<Arc<AtomicBool>>, request: Request, next: Next) -> Response {
    if slow.load(Ordering::Relaxed) && request.uri().path() == Endpoint::Token.path() {
        tokio::time::sleep(SLOW).await;
    }
    next.run(request).await
}
