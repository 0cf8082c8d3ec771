//! The client: the configuration, the external dependencies and the caches that all users share.

use std::{fmt, sync::Arc};

use http::{Request, Response};
use tracing::{Instrument as _, field::Empty};

use crate::{
    cached::Cached,
    clock::{Clock, Random, SystemClock, SystemRandom, Timestamp},
    config::{CheckedConfig, LogtoConfig},
    error::{ConfigError, RequestError},
    http::{HttpClient, NoHttpClient, ReqwestClient},
    jwks::Jwks,
    metadata::ProviderMetadata,
    telemetry::{self, CacheName, Endpoint, Outcome, Timer},
};

/// External dependencies: clock, randomness and HTTP. The protocol code uses no others.
#[derive(Clone)]
pub struct Environment {
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    http: Arc<dyn HttpClient>,
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Environment").finish_non_exhaustive()
    }
}

impl Environment {
    /// Creates an environment from its three parts.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>, http: Arc<dyn HttpClient>) -> Self {
        Self { clock, random, http }
    }

    /// Creates the usual environment: the operating system's clock and randomness, and an HTTP
    /// client with the limits and the trusted certificates of `config`.
    ///
    /// # Errors
    ///
    /// If no TLS client can be created.
    pub fn system(config: &LogtoConfig) -> Result<Self, NoHttpClient> {
        let http = ReqwestClient::with_certificates(config.http_limits(), config.trusted_certificates())?;
        Ok(Self::new(Arc::new(SystemClock), Arc::new(SystemRandom), Arc::new(http)))
    }

    /// Sets the clock.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Sets the source of randomness.
    #[must_use]
    pub fn with_random(mut self, random: Arc<dyn Random>) -> Self {
        self.random = random;
        self
    }

    /// Sets the HTTP client.
    #[must_use]
    pub fn with_http(mut self, http: Arc<dyn HttpClient>) -> Self {
        self.http = http;
        self
    }
}

/// A client of one Logto tenant for one application. It is cheap to clone, and clones share their
/// caches.
///
/// It holds no state of a user or a request, only the provider's metadata and keys.
///
/// ```
/// use logto::{Environment, LogtoClient, LogtoConfig};
///
/// let config = LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret");
/// let environment = Environment::system(&config)?;
/// let client = LogtoClient::new(config, environment)?;
/// assert_eq!(client.config().issuer(), "https://tenant.logto.app/oidc");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct LogtoClient {
    pub(crate) shared: Arc<Shared>,
}

pub(crate) struct Shared {
    config: CheckedConfig,
    environment: Environment,
    /// Needed by every protocol step, and fetched about once an hour.
    pub(crate) metadata: Cached<ProviderMetadata>,
    /// Separate from the metadata, because an unknown key causes a fetch of the keys alone.
    pub(crate) jwks: Cached<Jwks>,
}

impl LogtoClient {
    /// Creates a client. Sends no request.
    ///
    /// # Errors
    ///
    /// All problems of the configuration.
    pub fn new(config: LogtoConfig, environment: Environment) -> Result<Self, ConfigError> {
        let config = config.check()?;
        telemetry::describe();
        let shared = Shared {
            config,
            environment,
            metadata: Cached::new(CacheName::Metadata),
            jwks: Cached::new(CacheName::Jwks),
        };
        Ok(Self {
            shared: Arc::new(shared),
        })
    }

    /// Creates a client with the same configuration, clock and randomness that sends its requests
    /// through `http`. It shares no caches with this one.
    #[must_use]
    pub fn with_http(&self, http: Arc<dyn HttpClient>) -> Self {
        Self {
            shared: Arc::new(Shared {
                config: self.shared.config.clone(),
                environment: self.shared.environment.clone().with_http(http),
                metadata: Cached::new(CacheName::Metadata),
                jwks: Cached::new(CacheName::Jwks),
            }),
        }
    }

    /// The checked configuration.
    #[must_use]
    pub fn config(&self) -> &CheckedConfig {
        &self.shared.config
    }

    /// The current time of this client's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.environment.clock.now()
    }

    /// This client's clock.
    #[must_use]
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.shared.environment.clock)
    }

    /// This client's source of randomness.
    #[must_use]
    pub fn random(&self) -> &dyn Random {
        &*self.shared.environment.random
    }

    /// Sends a request to the provider, in a span `logto.provider_request`.
    pub(crate) async fn send(
        &self,
        endpoint: Endpoint,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, RequestError> {
        let Environment { clock, http, .. } = &self.shared.environment;
        let span = tracing::debug_span!(
            "logto.provider_request",
            endpoint = endpoint.as_str(),
            outcome = Empty,
            code = Empty,
        );
        let timer = Timer::start(&**clock);
        let result = http.send(request).instrument(span.clone()).await;
        let outcome = Outcome::of_response(&result);
        outcome.record_in(&span);
        telemetry::provider_request(endpoint, outcome, timer, &**clock);
        result
    }
}

impl fmt::Debug for LogtoClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogtoClient")
            .field("config", &self.shared.config)
            .finish_non_exhaustive()
    }
}
