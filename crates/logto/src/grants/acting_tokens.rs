//! Tokens for APIs while a user acts as another user, cached in memory.

use std::{collections::BTreeSet, fmt};

use sha2::{Digest as _, Sha256};

use super::token_exchange::TokenExchange;
use crate::{
    client::LogtoClient,
    clock::Timestamp,
    error::{GrantError, RequestError},
    secret::{ExposeSecret as _, SecretString},
    session::generational_cache::GenerationalCache,
    single_flight::SingleFlight,
    token::{AccessToken, TokenTarget},
};

/// Maximum number of cached tokens.
const CAPACITY: usize = 1000;
/// Seconds after which an unused token leaves the cache.
const IDLE: u64 = 3600;
/// A token is not handed out this many seconds before it expires, because it could expire on its
/// way.
const MARGIN: u64 = 60;

/// Exchanges the token that a session keeps while its user acts as another user, and caches the
/// JWTs by the SHA-256 of the kept token, the target and the scopes.
///
/// Logto saves a grant of the other user for each exchange, and keeps it for 180 days, so a page
/// view should not cause one. Opaque tokens are not cached, because they can be revoked.
pub struct ActingTokens {
    client: LogtoClient,
    issued: GenerationalCache<Key, AccessToken>,
    flights: SingleFlight<Key, Result<AccessToken, GrantError>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    kept: [u8; 32],
    target: TokenTarget,
    scopes: BTreeSet<String>,
}

impl Key {
    fn of(exchange: &TokenExchange) -> Self {
        Self {
            kept: digest(&exchange.subject),
            target: exchange.target.clone(),
            scopes: exchange.scopes.clone(),
        }
    }
}

fn digest(token: &SecretString) -> [u8; 32] {
    Sha256::digest(token.expose_secret()).into()
}

impl ActingTokens {
    /// Creates an empty cache. Sends no request.
    #[must_use]
    pub fn new(client: LogtoClient) -> Self {
        Self {
            client,
            issued: GenerationalCache::new(IDLE, CAPACITY),
            flights: SingleFlight::new(),
        }
    }

    /// Returns the cached token of an earlier exchange of this token for this target and these
    /// scopes.
    #[must_use]
    pub fn cached(&self, exchange: &TokenExchange) -> Option<AccessToken> {
        let now = self.client.now();
        let token = self.issued.get(&Key::of(exchange), now);
        token.filter(|token| is_usable(token, now))
    }

    /// Exchanges the token, and caches a JWT. Concurrent calls share one request.
    ///
    /// # Errors
    ///
    /// The same as [`LogtoClient::exchange_token`].
    pub async fn exchange(&self, exchange: TokenExchange) -> Result<AccessToken, GrantError> {
        let key = Key::of(&exchange);
        let client = self.client.clone();
        let work = || async move { client.exchange_token(&exchange).await };
        let landed = self.flights.run(key.clone(), work).await;
        let token = landed.unwrap_or_else(|| Err(RequestError::Unreachable.into()))?;
        if key.target != TokenTarget::USER_INFO {
            self.issued.insert(key, token.clone(), self.client.now());
        }
        Ok(token)
    }

    /// Drops all tokens that were issued for this kept token.
    pub fn forget(&self, kept: &SecretString) {
        let kept = digest(kept);
        self.issued.retain(self.client.now(), |key| key.kept != kept);
    }
}

fn is_usable(token: &AccessToken, now: Timestamp) -> bool {
    now < token.expires.minus(MARGIN)
}

impl fmt::Debug for ActingTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ActingTokens").finish_non_exhaustive()
    }
}
