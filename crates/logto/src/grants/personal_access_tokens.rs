//! Personal access tokens at an API: exchanged for a JWT of the API, which is cached.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use sha2::{Digest as _, Sha256};

use super::{token_exchange::TokenExchange, token_request::Credentials};
use crate::{
    client::LogtoClient,
    clock::Timestamp,
    error::{AccessTokenError, Diagnose as _, GrantError, RequestError},
    secret::{ExposeSecret as _, SecretString},
    session::generational_cache::GenerationalCache,
    single_flight::SingleFlight,
    token::{AccessToken, TokenTarget},
};

const PREFIX: &str = "pat_";
/// The longest token that is sent to Logto, in bytes. Logto's have 36.
const MAX_LENGTH: usize = 256;
/// Maximum number of users' tokens in the cache.
const CAPACITY: usize = 10_000;
/// Seconds after which an unused token leaves the cache.
const IDLE: u64 = 3600;
/// Maximum number of rejected tokens in the cache, which is separate: a flood of random values
/// evicts no user's token.
const REFUSED_CAPACITY: usize = 10_000;
/// Seconds in which a rejected token is not sent to Logto again.
const REFUSED_LIFETIME: u64 = 60;
/// Seconds in which failures are counted.
const WINDOW: u64 = 60;

/// How an API accepts personal access tokens (`pat_…`): the app that exchanges them, and the target
/// and the scopes of the JWT that it gets for them.
///
/// ```
/// use logto::{PersonalAccessTokens, TokenTarget};
///
/// let options = PersonalAccessTokens::new(
///     "app-id",
///     "app-secret",
///     TokenTarget::resource("https://api.example.com"),
/// )
/// .with_scopes(["read:orders", "write:orders"]);
/// # let _ = options;
/// ```
#[derive(Clone, Debug)]
pub struct PersonalAccessTokens {
    app: Credentials,
    target: TokenTarget,
    scopes: Vec<String>,
    max_age: Option<Duration>,
    max_failures: u32,
}

impl PersonalAccessTokens {
    /// Creates the settings. The app needs the setting "Allow token exchange" in the Logto console;
    /// its type may be machine-to-machine.
    #[must_use]
    pub fn new(app_id: impl Into<String>, app_secret: impl Into<SecretString>, target: TokenTarget) -> Self {
        Self {
            app: Credentials {
                app_id: app_id.into(),
                app_secret: Some(app_secret.into()),
            },
            target,
            scopes: Vec::new(),
            max_age: None,
            max_failures: 100,
        }
    }

    /// Adds scopes to ask for: all those that a route of the API demands. Logto grants the requested
    /// scopes that the user has.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    /// Sets how long an exchanged token is used. A deleted personal access token works for this long
    /// at most. Until the exchanged token expires by default: an hour, unless the API resource has
    /// another lifetime.
    #[must_use]
    pub fn with_max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Sets how many exchanges may fail within a minute. 100 by default. Unknown tokens are then
    /// refused until the minute is over, without a request to Logto; cached ones still work.
    #[must_use]
    pub fn with_max_failures(mut self, per_minute: u32) -> Self {
        self.max_failures = per_minute;
        self
    }
}

/// Exchanges personal access tokens for JWTs, and caches these by the SHA-256 of the token.
///
/// Cheap to clone; clones share the cache.
#[derive(Clone)]
pub struct ExchangedTokens {
    shared: Arc<Shared>,
}

type Digest = [u8; 32];

struct Shared {
    client: LogtoClient,
    options: PersonalAccessTokens,
    issued: GenerationalCache<Digest, Issued>,
    refused: GenerationalCache<Digest, Refused>,
    failures: Mutex<Failures>,
    flights: SingleFlight<Digest, Result<AccessToken, AccessTokenError>>,
}

#[derive(Clone)]
struct Issued {
    token: AccessToken,
    usable_until: Timestamp,
}

#[derive(Clone)]
struct Refused {
    error: AccessTokenError,
    until: Timestamp,
}

impl LogtoClient {
    /// Creates an exchange of personal access tokens for an API. Sends no request.
    #[must_use]
    pub fn personal_access_tokens(&self, options: PersonalAccessTokens) -> ExchangedTokens {
        ExchangedTokens {
            shared: Arc::new(Shared {
                client: self.clone(),
                options,
                issued: GenerationalCache::new(IDLE, CAPACITY),
                refused: GenerationalCache::new(REFUSED_LIFETIME, REFUSED_CAPACITY),
                failures: Mutex::default(),
                flights: SingleFlight::new(),
            }),
        }
    }
}

impl ExchangedTokens {
    /// Whether a bearer token is a personal access token.
    #[must_use]
    pub fn is_personal(bearer: &SecretString) -> bool {
        bearer.expose_secret().starts_with(PREFIX)
    }

    /// Returns the JWT for a personal access token, which
    /// [`verify_access_token`](LogtoClient::verify_access_token) has to verify.
    ///
    /// # Errors
    ///
    /// [`AccessTokenError::Invalid`] if Logto does not know the token or its user may not use the app,
    /// [`AccessTokenError::Organization`] if its user is not a member of the organization,
    /// [`AccessTokenError::TooManyExchanges`] if too many exchanges have failed, and
    /// [`AccessTokenError::Exchange`] for the other failures.
    pub async fn exchange(&self, token: &SecretString) -> Result<AccessToken, AccessTokenError> {
        if !is_plausible(token.expose_secret()) {
            return Err(AccessTokenError::Invalid);
        }
        let digest: Digest = Sha256::digest(token.expose_secret()).into();
        if let Some(known) = self.shared.look_up(&digest) {
            return known;
        }
        let (shared, token) = (Arc::clone(&self.shared), token.clone());
        let work = || async move { shared.exchange(digest, token).await };
        let landed = self.shared.flights.run(digest, work).await;
        landed.unwrap_or_else(|| Err(AccessTokenError::Exchange(RequestError::Unreachable.into())))
    }
}

/// Whether Logto may have issued such a token. Others are not sent to it.
fn is_plausible(token: &str) -> bool {
    let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    token.len() > PREFIX.len() && token.len() <= MAX_LENGTH && token.bytes().all(is_part)
}

impl Shared {
    fn look_up(&self, digest: &Digest) -> Option<Result<AccessToken, AccessTokenError>> {
        let now = self.client.now();
        if let Some(issued) = self.issued.get(digest, now).filter(|issued| now < issued.usable_until) {
            return Some(Ok(issued.token));
        }
        let refused = self.refused.get(digest, now).filter(|refused| now < refused.until)?;
        Some(Err(refused.error))
    }

    async fn exchange(&self, digest: Digest, token: SecretString) -> Result<AccessToken, AccessTokenError> {
        // Another caller's request may have finished since the first lookup.
        if let Some(known) = self.look_up(&digest) {
            return known;
        }
        // The owner of a token that Logto has exchanged before is not locked out by a flood.
        let is_known = self.issued.get(&digest, self.client.now()).is_some();
        let attempt = if is_known { None } else { Some(self.begin()?) };
        let outcome = self.request(token).await;
        let now = self.client.now();
        match &outcome {
            Ok(token) => {
                if let Some(attempt) = attempt {
                    attempt.succeed();
                }
                let usable_until = match self.options.max_age {
                    Some(age) => token.expires.min(now.plus(age.as_secs())),
                    None => token.expires,
                };
                let token = token.clone();
                self.issued.insert(digest, Issued { token, usable_until }, now);
            }
            Err(error @ (AccessTokenError::Invalid | AccessTokenError::Organization)) => {
                let until = now.plus(REFUSED_LIFETIME);
                let error = error.clone();
                self.refused.insert(digest, Refused { error, until }, now);
            }
            Err(error) => {
                tracing::error!(code = error.code(), %error, "a personal access token could not be exchanged");
            }
        }
        outcome
    }

    async fn request(&self, token: SecretString) -> Result<AccessToken, AccessTokenError> {
        let PersonalAccessTokens {
            app, target, scopes, ..
        } = &self.options;
        if *target == TokenTarget::USER_INFO {
            return Err(AccessTokenError::Exchange(GrantError::NoTarget));
        }
        let exchange = TokenExchange::personal_access_token(token)
            .with_target(target.clone())
            .with_scopes(scopes.iter().cloned());
        exchange.send(&self.client, app).await.map_err(|error| match error {
            GrantError::SubjectRejected | GrantError::UserDenied => AccessTokenError::Invalid,
            GrantError::OrganizationDenied => AccessTokenError::Organization,
            error => AccessTokenError::Exchange(error),
        })
    }

    fn begin(&self) -> Result<Attempt<'_>, AccessTokenError> {
        let now = self.client.now();
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        failures.count_from(now);
        if failures.count >= self.options.max_failures {
            let left = failures.began.plus(WINDOW).as_secs().saturating_sub(now.as_secs());
            if !failures.reported {
                failures.reported = true;
                let code = "too_many_exchanges";
                tracing::warn!(
                    code,
                    "too many personal access tokens were rejected; unknown ones are refused for now"
                );
            }
            return Err(AccessTokenError::TooManyExchanges {
                retry_after: Duration::from_secs(left.max(1)),
            });
        }
        failures.count += 1;
        Ok(Attempt(&self.failures))
    }
}

/// The exchanges that failed in this window, and those in flight.
#[derive(Default)]
struct Failures {
    began: Timestamp,
    count: u32,
    /// Whether the log says so: once per window.
    reported: bool,
}

impl Failures {
    fn count_from(&mut self, now: Timestamp) {
        if now >= self.began.plus(WINDOW) || now < self.began {
            *self = Self {
                began: now,
                ..Self::default()
            };
        }
    }
}

/// An exchange in flight. It counts as a failure until it succeeds, so that a burst cannot exceed the
/// limit.
struct Attempt<'a>(&'a Mutex<Failures>);

impl Attempt<'_> {
    fn succeed(self) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        failures.count = failures.count.saturating_sub(1);
    }
}

impl fmt::Debug for ExchangedTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let options = &self.shared.options;
        f.debug_struct("ExchangedTokens")
            .field("options", options)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_values_that_logto_may_have_issued_are_plausible() {
        for good in ["pat_a", "pat_Zz09-_"] {
            assert!(is_plausible(good), "{good}");
        }
        let long = format!("pat_{}", "a".repeat(MAX_LENGTH));
        for bad in ["pat_", "pat_a b", "pat_a&scope=all", "pat_ü", "pat_\n", long.as_str()] {
            assert!(!is_plausible(bad), "{bad:?}");
        }
    }

    #[test]
    fn failures_are_counted_anew_in_each_window_and_after_the_clock_was_set_back() {
        let mut failures = Failures::default();
        for (seconds, left) in [(1000, 0), (1059, 7), (1060, 0), (900, 0)] {
            failures.count_from(Timestamp::from_secs(seconds));
            assert_eq!(failures.count, left, "{seconds}");
            failures.count = 7;
        }
    }
}
