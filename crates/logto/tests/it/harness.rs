//! A provider, and a client that uses the provider's clock.

use std::{error::Error, fmt::Write as _, sync::Arc, time::Duration};

use logto::{
    CallbackError, CallbackRequest, Clock, Environment, ExposeSecret as _, HttpLimits, LogtoClient, LogtoConfig,
    ReqwestClient, SecretString, SignInOptions, SignInStart, SignInTransaction, SignedIn, Sleep, SystemRandom,
    TokenError, TokenSet, TokenTarget, UserScope,
    session::{Refresher, Session},
};
use logto_testing::{Endpoint, LoggedRequest, TestClock, TestProvider, TestProviderBuilder};
use url::Url;

pub(crate) const ORGANIZATIONS_RESOURCE: &str = "urn:logto:resource:organizations";

/// The API scopes and organization permissions of the demo users.
const PERMISSIONS: [&str; 4] = ["read:products", "write:products", "invite:members", "manage:settings"];

/// Size limit of a response for a client of [`Harness::limited_client`].
pub(crate) const MAX_BODY: usize = 64 * 1024;

pub(crate) struct Harness {
    pub(crate) provider: TestProvider,
    pub(crate) client: LogtoClient,
}

/// The provider's clock plus an offset in seconds.
struct ProviderClock(TestClock, i64);

impl Clock for ProviderClock {
    fn since_epoch(&self) -> Duration {
        let offset = Duration::from_secs(self.1.unsigned_abs());
        if self.1 < 0 {
            self.0.since_epoch().saturating_sub(offset)
        } else {
            self.0.since_epoch() + offset
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep<'_> {
        Box::pin(self.0.sleep(duration))
    }
}

/// An environment with the provider's clock and these limits.
pub(crate) fn environment(provider: &TestProvider, limits: HttpLimits) -> Environment {
    Environment::new(
        Arc::new(ProviderClock(provider.clock(), 0)),
        Arc::new(SystemRandom),
        Arc::new(ReqwestClient::new(limits).unwrap()),
    )
}

/// A configuration that requests all scopes of the demo users.
pub(crate) fn config(provider: &TestProvider) -> LogtoConfig {
    let user = [
        UserScope::Email,
        UserScope::Phone,
        UserScope::Address,
        UserScope::CustomData,
        UserScope::Identities,
        UserScope::Roles,
        UserScope::Organizations,
        UserScope::OrganizationRoles,
    ];
    let scopes = user.into_iter().map(String::from).chain(PERMISSIONS.map(str::to_owned));
    let config = match provider.app_secret() {
        "" => LogtoConfig::public_client(provider.endpoint(), provider.app_id()),
        secret => LogtoConfig::new(provider.endpoint(), provider.app_id(), secret),
    };
    config
        .with_scopes(scopes)
        .with_resources([logto_testing::DEFAULT_RESOURCE])
}

impl Harness {
    pub(crate) async fn start() -> Self {
        Self::of(TestProvider::builder()).await
    }

    pub(crate) async fn of(builder: TestProviderBuilder) -> Self {
        Self::with(builder, |config| config).await
    }

    pub(crate) async fn with(builder: TestProviderBuilder, change: impl FnOnce(LogtoConfig) -> LogtoConfig) -> Self {
        let provider = builder.start().await;
        let client = client(&provider, change);
        Self { provider, client }
    }

    /// Replaces the client by one with this timeout. It has cached the metadata, so that only the
    /// request under test can time out.
    pub(crate) async fn limit(&mut self, timeout: Duration) {
        self.client = self.limited_client(timeout);
        // On a busy machine this request may time out as well.
        while self.client.metadata().await.is_err() {}
    }

    /// Another client of the same provider, with empty caches as after a restart.
    pub(crate) fn another_client(&self) -> LogtoClient {
        client(&self.provider, |config| config)
    }

    /// A client whose clock differs by `seconds`.
    pub(crate) fn client_off_by(&self, seconds: i64) -> LogtoClient {
        let clock = Arc::new(ProviderClock(self.provider.clock(), seconds));
        let environment = environment(&self.provider, HttpLimits::default()).with_clock(clock);
        LogtoClient::new(config(&self.provider), environment).unwrap()
    }

    /// A client with a clock of its own.
    pub(crate) fn client_at(&self, clock: TestClock) -> LogtoClient {
        let environment = environment(&self.provider, HttpLimits::default());
        let environment = environment.with_clock(Arc::new(ProviderClock(clock, 0)));
        LogtoClient::new(config(&self.provider), environment).unwrap()
    }

    /// A client with its own limits.
    pub(crate) fn limited_client(&self, timeout: Duration) -> LogtoClient {
        let limits = HttpLimits::default()
            .with_connect_timeout(timeout)
            .with_timeout(timeout)
            .with_max_body(MAX_BODY);
        LogtoClient::new(config(&self.provider), environment(&self.provider, limits)).unwrap()
    }

    pub(crate) fn options(&self) -> SignInOptions {
        SignInOptions::new().with_redirect_uri(self.provider.redirect_uri())
    }

    pub(crate) async fn begin(&self) -> SignInStart {
        self.client.start_sign_in(self.options()).await.unwrap()
    }

    /// The query of the callback.
    pub(crate) async fn visit(&self, start: &SignInStart) -> String {
        let callback = self.provider.authorize(start.authorization_url.as_str()).await;
        let (address, query) = callback.split_once('?').unwrap();
        assert_eq!(address, self.provider.redirect_uri());
        query.to_owned()
    }

    pub(crate) async fn finish(&self, query: &str, transaction: SignInTransaction) -> Result<SignedIn, CallbackError> {
        let request = CallbackRequest::parse(self.provider.redirect_uri(), query);
        match self.client.finish_sign_in(request, transaction).await {
            Ok(signed_in) => Ok(signed_in),
            Err(failed) => {
                self.client.revoke_failed_sign_in(&failed).await;
                Err(failed.error)
            }
        }
    }

    pub(crate) async fn try_sign_in_with(&self, options: SignInOptions) -> Result<SignedIn, CallbackError> {
        let start = self.client.start_sign_in(options).await.unwrap();
        let query = self.visit(&start).await;
        self.finish(&query, start.transaction).await
    }

    pub(crate) async fn try_sign_in(&self) -> Result<SignedIn, CallbackError> {
        self.try_sign_in_with(self.options()).await
    }

    pub(crate) async fn sign_in(&self) -> SignedIn {
        self.try_sign_in().await.unwrap()
    }

    pub(crate) async fn assert_signs_in(&self) {
        drop(self.sign_in().await);
    }

    pub(crate) async fn session(&self) -> Arc<Session> {
        let signed_in = self.sign_in().await;
        Arc::new(Session::begin(signed_in, self.client.now(), self.client.random()).unwrap())
    }

    pub(crate) fn refresher(&self) -> Refresher {
        Refresher::new(self.client.clone())
    }

    pub(crate) async fn refresh(&self, from: &SignedIn, target: &TokenTarget) -> Result<TokenSet, TokenError> {
        let token = from.refresh_token.as_ref().unwrap();
        self.client.refresh(token, target, &from.id_token).await
    }

    /// The requests to one endpoint, in order.
    pub(crate) fn logged(&self, endpoint: Endpoint) -> Vec<LoggedRequest> {
        let mut log = self.provider.log();
        log.retain(|request| request.endpoint == endpoint);
        log
    }
}

pub(crate) fn client(provider: &TestProvider, change: impl FnOnce(LogtoConfig) -> LogtoConfig) -> LogtoClient {
    let config = change(config(provider));
    let environment = environment(provider, config.http_limits());
    LogtoClient::new(config, environment).unwrap()
}

pub(crate) fn both(resource: &str, organization_id: &str) -> TokenTarget {
    TokenTarget::resource(resource).in_organization(organization_id)
}

/// All values of a parameter.
pub(crate) fn values(url: &Url, name: &str) -> Vec<String> {
    let named = url.query_pairs().filter(|(key, _)| key == name);
    named.map(|(_, value)| value.into_owned()).collect()
}

/// The only value of a parameter.
pub(crate) fn value(url: &Url, name: &str) -> String {
    let mut values = values(url, name);
    assert_eq!(values.len(), 1, "`{name}` in {url}");
    values.remove(0)
}

/// The query without this parameter.
pub(crate) fn without(query: &str, name: &str) -> String {
    let kept: Vec<_> = query
        .split('&')
        .filter(|pair| !pair.starts_with(&format!("{name}=")))
        .collect();
    kept.join("&")
}

/// The name and value of a parameter in the query.
pub(crate) fn pair<'a>(query: &'a str, name: &str) -> &'a str {
    query
        .split('&')
        .find(|pair| pair.starts_with(&format!("{name}=")))
        .unwrap()
}

/// The transaction after it was serialized and deserialized.
pub(crate) fn copy(transaction: &SignInTransaction) -> SignInTransaction {
    SignInTransaction::from_bytes(&transaction.to_bytes()).unwrap()
}

pub(crate) fn text(secret: &SecretString) -> &str {
    secret.expose_secret()
}

/// The `Display` and `Debug` output of an error and its sources.
pub(crate) fn all_text(error: &impl Error) -> String {
    let mut text = format!("{error} {error:?} {error:#?}");
    let mut source = error.source();
    while let Some(cause) = source {
        write!(text, " {cause} {cause:?}").unwrap();
        source = cause.source();
    }
    text
}

/// Fails the test instead of waiting without limit.
pub(crate) async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(5), work)
        .await
        .expect("it ends within its time limit")
}
