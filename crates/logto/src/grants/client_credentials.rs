//! Client credentials (RFC 6749 §4.4): tokens of a machine-to-machine app, cached and renewed early.

use std::{fmt, sync::Arc, time::Duration};

use super::{
    machine_request::MachineTokenRequest,
    token_exchange::TokenExchange,
    token_request::{Credentials, GrantRequest},
};
use crate::{
    client::LogtoClient,
    clock::Timestamp,
    error::{Diagnose as _, GrantError, RequestError},
    secret::{ExposeSecret as _, SecretString, same_secret},
    session::generational_cache::GenerationalCache,
    single_flight::SingleFlight,
    token::AccessToken,
};

/// Seconds after which an unused token leaves the cache.
const IDLE: u64 = 3600;
/// Maximum number of cached tokens. Organization ids may come from requests.
const CAPACITY: usize = 1000;
/// A token is renewed when a tenth of its lifetime is left, and at most this many seconds early.
const EARLY: u64 = 300;
/// A token is not handed out when a twentieth of its lifetime is left, and at most for this many
/// seconds, because it could expire on its way.
const MARGIN: u64 = 10;
/// Seconds after a failure in which the provider is not asked again, unless it names others.
const BACK_OFF: Duration = Duration::from_secs(5);
const MAX_BACK_OFF: Duration = Duration::from_secs(60);
/// A token that is rejected within this many seconds after its issue is not renewed: a new one
/// would be rejected as well.
const MIN_AGE: u64 = 10;

/// A client for the tokens of a machine-to-machine app: a program that acts for itself.
///
/// It caches a token for each target and set of scopes, asks for a new one before it expires, and has
/// one request in flight for each. Cheap to clone; clones share the cache.
///
/// ```no_run
/// use logto::{GrantError, LogtoClient, MachineTokenRequest};
///
/// # async fn example(client: LogtoClient) -> Result<(), GrantError> {
/// // Make one at start.
/// let machine = client.machine("m2m-app-id", "m2m-app-secret");
///
/// let orders = MachineTokenRequest::resource("https://api.example.com").with_scopes(["read:orders"]);
/// let token = machine.token(orders).await?;
/// // Send `token.authorization()` in the header `Authorization`.
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct MachineClient {
    shared: Arc<Shared>,
}

struct Shared {
    client: LogtoClient,
    app: Credentials,
    entries: GenerationalCache<MachineTokenRequest, Entry>,
    flights: SingleFlight<MachineTokenRequest, Result<AccessToken, GrantError>>,
}

/// The last token for a request, and the last failure.
#[derive(Clone, Default)]
struct Entry {
    token: Option<Cached>,
    /// The error, and until when it is returned instead of a request.
    failure: Option<(GrantError, Timestamp)>,
}

#[derive(Clone)]
struct Cached {
    token: AccessToken,
    issued: Timestamp,
    renew_from: Timestamp,
    usable_until: Timestamp,
}

impl Cached {
    fn new(token: AccessToken, issued: Timestamp) -> Self {
        let lifetime = token.expires.as_secs().saturating_sub(issued.as_secs());
        Self {
            renew_from: token.expires.minus(EARLY.min(lifetime / 10)),
            usable_until: token.expires.minus(MARGIN.min(lifetime / 20)),
            issued,
            token,
        }
    }
}

impl LogtoClient {
    /// Creates a client for the tokens of a machine-to-machine app. Sends no request.
    ///
    /// Such an app is separate from the one with which users sign in; both are in the Logto console.
    /// A program without users configures its `LogtoClient` with
    /// [`LogtoConfig::public_client`](crate::LogtoConfig::public_client).
    #[must_use]
    pub fn machine(&self, app_id: impl Into<String>, app_secret: impl Into<SecretString>) -> MachineClient {
        MachineClient {
            shared: Arc::new(Shared {
                client: self.clone(),
                app: Credentials {
                    app_id: app_id.into(),
                    app_secret: Some(app_secret.into()),
                },
                entries: GenerationalCache::new(IDLE, CAPACITY),
                flights: SingleFlight::new(),
            }),
        }
    }
}

impl MachineClient {
    /// Returns a token for this target with these scopes, from the cache or from Logto.
    ///
    /// A token that expires soon is returned while a new one is on its way. After a failure Logto is
    /// not asked again for 5 seconds, or for `Retry-After` up to a minute.
    ///
    /// # Errors
    ///
    /// [`GrantError::MissingScopes`] if the app lacks a scope that was asked for: Logto would answer
    /// 200 without it.
    pub async fn token(&self, request: impl Into<MachineTokenRequest>) -> Result<AccessToken, GrantError> {
        let request = request.into();
        request.check()?;
        match self.shared.look_up(&request) {
            Found::Fresh(token) => Ok(token),
            Found::Ageing(token) => {
                // Runs in the background.
                drop(self.start(request));
                Ok(token)
            }
            Found::Failed(error) => Err(error),
            Found::Nothing => self.start(request).await,
        }
    }

    /// Returns another token than `rejected`, which an API has answered with 401.
    ///
    /// A token that is only seconds old is returned again, because a new one would be rejected as
    /// well.
    ///
    /// # Errors
    ///
    /// The same as [`MachineClient::token`].
    pub async fn renew(
        &self,
        request: impl Into<MachineTokenRequest>,
        rejected: &AccessToken,
    ) -> Result<AccessToken, GrantError> {
        let request = request.into();
        self.shared.forget(&request, rejected);
        self.token(request).await
    }

    /// Exchanges a token with this app, see [`LogtoClient::exchange_token`].
    ///
    /// # Errors
    ///
    /// The same as [`LogtoClient::exchange_token`].
    pub async fn exchange_token(&self, exchange: &TokenExchange) -> Result<AccessToken, GrantError> {
        exchange.send(&self.shared.client, &self.shared.app).await
    }

    pub(crate) fn client(&self) -> &LogtoClient {
        &self.shared.client
    }

    fn start(
        &self,
        request: MachineTokenRequest,
    ) -> impl Future<Output = Result<AccessToken, GrantError>> + Send + use<> {
        let shared = Arc::clone(&self.shared);
        let fetched = request.clone();
        let flight = self
            .shared
            .flights
            .start(request, || async move { shared.fetch(&fetched).await });
        async { flight.await.unwrap_or(Err(RequestError::Unreachable.into())) }
    }
}

enum Found {
    Fresh(AccessToken),
    /// Still valid, and to be renewed.
    Ageing(AccessToken),
    Failed(GrantError),
    Nothing,
}

impl Shared {
    fn look_up(&self, request: &MachineTokenRequest) -> Found {
        let now = self.client.now();
        let entry = self.entries.get(request, now).unwrap_or_default();
        let failure = entry.failure.filter(|(_, until)| now < *until);
        match (entry.token.filter(|cached| now < cached.usable_until), failure) {
            (Some(cached), _) if now < cached.renew_from => Found::Fresh(cached.token),
            (Some(cached), Some(_)) => Found::Fresh(cached.token),
            (Some(cached), None) => Found::Ageing(cached.token),
            (None, Some((error, _))) => Found::Failed(error),
            (None, None) => Found::Nothing,
        }
    }

    fn forget(&self, request: &MachineTokenRequest, rejected: &AccessToken) {
        let now = self.client.now();
        let Some(entry) = self.entries.get(request, now) else {
            return;
        };
        let is_rejected = |cached: &Cached| {
            same_secret(cached.token.secret.expose_secret(), rejected.secret.expose_secret())
                && cached.issued.plus(MIN_AGE) <= now
        };
        if entry.token.as_ref().is_some_and(is_rejected) {
            self.entries
                .insert(request.clone(), Entry { token: None, ..entry }, now);
        }
    }

    async fn fetch(&self, request: &MachineTokenRequest) -> Result<AccessToken, GrantError> {
        // Another caller's request may have finished since the first lookup.
        if let Found::Fresh(token) = self.look_up(request) {
            return Ok(token);
        }
        let outcome = self.request(request).await;
        let now = self.client.now();
        let entry = match &outcome {
            Ok(token) => Entry {
                token: Some(Cached::new(token.clone(), now)),
                failure: None,
            },
            Err(error) => {
                tracing::warn!(code = error.code(), %error, "no machine token could be obtained");
                let wait = error.retry_after().unwrap_or(BACK_OFF).clamp(BACK_OFF, MAX_BACK_OFF);
                Entry {
                    failure: Some((error.clone(), now.plus(wait.as_secs()))),
                    ..self.entries.get(request, now).unwrap_or_default()
                }
            }
        };
        self.entries.insert(request.clone(), entry, now);
        outcome
    }

    async fn request(&self, request: &MachineTokenRequest) -> Result<AccessToken, GrantError> {
        let form = GrantRequest::new("client_credentials").for_target(&request.target, &request.scopes);
        let token = form.send(&self.client, &self.app).await?;
        let missing = request.scopes.iter().filter(|scope| !token.has_scope(scope));
        let missing: Vec<_> = missing.cloned().collect();
        if missing.is_empty() {
            Ok(token)
        } else {
            Err(GrantError::MissingScopes(missing))
        }
    }
}

impl fmt::Debug for MachineClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let app_id = &self.shared.app.app_id;
        f.debug_struct("MachineClient")
            .field("app_id", app_id)
            .finish_non_exhaustive()
    }
}
