//! The app under test, and a browser with cookies.

mod browser;
mod layered;
mod routes;

use std::{cell::RefCell, collections::BTreeMap, sync::Arc, time::Duration};

use axum::{Router, body::Body};
use http::Request;
use logto::{Clock, Environment, HttpLimits, ReqwestClient, Sleep, SystemRandom};
use logto_axum::{Logto, LogtoConfig, UserScope, WebConfig};
use logto_testing::{DEFAULT_RESOURCE, TestClock, TestProvider};
use tower::ServiceExt as _;

pub(crate) use self::{
    browser::{Answer, Browser},
    layered::{Layered, layered, layered_at},
    routes::Gate,
};

pub(crate) const BASE: &str = "http://localhost:3000";
pub(crate) const SESSION: &str = "logto_app";
const SCOPES: [&str; 5] = [
    UserScope::Email.as_str(),
    UserScope::CustomData.as_str(),
    UserScope::Organizations.as_str(),
    UserScope::OrganizationRoles.as_str(),
    "read:products",
];
/// How long the app waits for the provider.
const TIME_LIMIT: Duration = Duration::from_millis(500);

struct ProviderClock(TestClock);

impl Clock for ProviderClock {
    fn since_epoch(&self) -> Duration {
        self.0.since_epoch()
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(self.0.sleep(duration))
    }
}

/// The app with its provider.
pub(crate) struct App {
    pub(crate) provider: Arc<TestProvider>,
    pub(crate) gate: Gate,
    pub(crate) logto: Logto,
    router: Router,
}

impl App {
    pub(crate) async fn start() -> Self {
        Self::configured(|web| web).await
    }

    /// An app with the default provider, and with the configuration that `change` returns.
    pub(crate) async fn configured(change: impl FnOnce(WebConfig) -> WebConfig) -> Self {
        Self::with(TestProvider::builder().client("app", "secret").start().await, change)
    }

    /// An app that waits at most `limit` for the provider.
    pub(crate) async fn with_time_limit(limit: Duration) -> Self {
        let provider = TestProvider::builder().client("app", "secret").start().await;
        Self::build(Arc::new(provider), &SCOPES, &[], limit, |web| web)
    }

    pub(crate) fn with(provider: TestProvider, change: impl FnOnce(WebConfig) -> WebConfig) -> Self {
        Self::build(Arc::new(provider), &SCOPES, &[], TIME_LIMIT, change)
    }

    /// An app whose time limit is long enough for held requests.
    pub(crate) fn with_long_time_limit(provider: TestProvider, change: impl FnOnce(WebConfig) -> WebConfig) -> Self {
        Self::build(Arc::new(provider), &SCOPES, &[], Duration::from_secs(60), change)
    }

    pub(crate) fn with_resources(
        provider: TestProvider,
        resources: &[String],
        change: impl FnOnce(WebConfig) -> WebConfig,
    ) -> Self {
        Self::build(Arc::new(provider), &SCOPES, resources, TIME_LIMIT, change)
    }

    /// An app that requests more scopes, and these resources in addition to the default one.
    pub(crate) fn with_scopes(
        provider: TestProvider,
        scopes: &[&str],
        resources: &[String],
        change: impl FnOnce(WebConfig) -> WebConfig,
    ) -> Self {
        let scopes = [&SCOPES, scopes].concat();
        Self::build(Arc::new(provider), &scopes, resources, TIME_LIMIT, change)
    }

    /// An app that requests these scopes alone.
    pub(crate) fn with_these_scopes(provider: TestProvider, scopes: &[&str]) -> Self {
        Self::build(Arc::new(provider), scopes, &[], TIME_LIMIT, |web| web)
    }

    /// Replaces the router by the result of `map`.
    pub(crate) fn map_router(self, map: impl FnOnce(Router) -> Router) -> Self {
        let router = map(self.router);
        Self { router, ..self }
    }

    /// Another instance of the app, with the same provider.
    pub(crate) fn second_instance(&self, change: impl FnOnce(WebConfig) -> WebConfig) -> Self {
        Self::build(Arc::clone(&self.provider), &SCOPES, &[], TIME_LIMIT, change)
    }

    fn build(
        provider: Arc<TestProvider>,
        scopes: &[&str],
        resources: &[String],
        timeout: Duration,
        change: impl FnOnce(WebConfig) -> WebConfig,
    ) -> Self {
        let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret())
            .with_scopes(scopes.iter().copied())
            .with_resources([DEFAULT_RESOURCE.to_owned()].iter().chain(resources));
        let web = WebConfig::new(BASE, ["a secret of thirty-two bytes that is not in the manual".into()])
            .with_error_path("/failed");
        let web = change(web);
        let limits = HttpLimits::default().with_timeout(timeout);
        let environment = Environment::new(
            Arc::new(ProviderClock(provider.clock())),
            Arc::new(SystemRandom),
            Arc::new(ReqwestClient::new(limits).unwrap()),
        );
        let logto = Logto::with_environment(config, web, environment).unwrap();
        let gate = Gate::default();
        let router = routes::router(&logto, &gate);
        Self {
            provider,
            gate,
            logto,
            router,
        }
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser<'_> {
        self.browser_with(BTreeMap::new())
    }

    /// A browser with these cookies.
    pub(crate) fn browser_with(&self, cookies: BTreeMap<String, String>) -> Browser<'_> {
        Browser {
            app: self,
            cookies: RefCell::new(cookies),
        }
    }

    /// A browser whose user has signed in.
    pub(crate) async fn signed_in(&self, user: &str) -> Browser<'_> {
        self.provider.sign_in_as(user);
        let browser = self.browser();
        browser.sign_in("/").await;
        browser
    }

    #[cfg(feature = "testing")]
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        Answer::read(self.router.clone().oneshot(request).await.unwrap()).await
    }
}
