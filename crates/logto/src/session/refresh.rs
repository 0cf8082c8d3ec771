//! Renewal of a session's tokens: one refresh at a time for a session, shared by whoever asks, never lost.

use std::{
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use moka::sync::Cache;

use super::{Session, SessionId};
use crate::{
    client::LogtoClient,
    error::{RequestError, TokenError},
    single_flight::SingleFlight,
    token::{AccessToken, TokenTarget},
};

/// How long a renewed session is remembered, so that a request with the cookie from before continues with the new tokens.
const REMEMBERED: Duration = Duration::from_secs(60);

/// Most sessions remembered at a time: some 20 MB. The least used go first.
const MOST_REMEMBERED: u64 = 10_000;

/// Hands out access tokens of sessions, and renews what has expired.
///
/// A token is refreshed once, however many requests ask for it at the same time, and one refresh at a time runs for a session:
/// two at once with a refresh token that rotates would end the grant. What a refresh brought is remembered for a minute: a request
/// that still carries the cookie from before gets it too.
#[derive(Clone)]
pub struct Refresher {
    client: LogtoClient,
    /// By session and target: no user can get another's token, nor one for another target.
    flights: Arc<SingleFlight<(SessionId, TokenTarget), Refreshed>>,
    /// What is newer than the cookies that are under way.
    recent: Cache<SessionId, Arc<Recent>>,
}

/// What this process knows of a session beyond its cookie.
#[derive(Default)]
struct Recent {
    /// Held during a refresh.
    turn: tokio::sync::Mutex<()>,
    latest: RwLock<Latest>,
}

#[derive(Clone, Default)]
enum Latest {
    #[default]
    Unknown,
    Renewed(Arc<Session>),
    /// Signed out: nothing may bring it back.
    Ended,
}

/// A session after a token was asked for.
#[derive(Clone, Debug)]
#[must_use = "a session that is newer than the cookie has to be saved"]
pub struct Refreshed {
    /// The session as it is now: the one given, or a newer one that has to be saved. `None` when it was signed out meanwhile.
    pub session: Option<Arc<Session>>,
    /// The token.
    pub token: Result<AccessToken, TokenError>,
    /// Whether the token comes from a refresh rather than from the session.
    pub refreshed: bool,
}

impl Refresher {
    /// A refresher for sessions of this client.
    #[must_use]
    pub fn new(client: LogtoClient) -> Self {
        let recent = Cache::builder()
            .max_capacity(MOST_REMEMBERED)
            .time_to_idle(REMEMBERED)
            .build();
        Self {
            client,
            flights: Arc::new(SingleFlight::new()),
            recent,
        }
    }

    /// The newest value of a session that came with a request; `None` if it was signed out.
    #[must_use]
    pub fn latest(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        match self.recent.get(&session.id()) {
            Some(recent) => recent.newer_than(session),
            None => Some(session),
        }
    }

    /// A token for `target`: from the session while it is valid, else by a refresh, which goes on even if the caller does not
    /// wait for it.
    pub async fn token(&self, session: Arc<Session>, target: &TokenTarget) -> Refreshed {
        self.renew(session, target, false).await
    }

    /// The same, but asks the provider even if the token is valid yet: for a fresh ID token or changed permissions.
    pub async fn fresh_token(&self, session: Arc<Session>, target: &TokenTarget) -> Refreshed {
        self.renew(session, target, true).await
    }

    /// Forgets a session for good: a response under way cannot bring it back.
    pub fn end(&self, id: SessionId) {
        let recent = self.recent.get_with(id, Arc::default);
        *recent.latest.write().unwrap_or_else(PoisonError::into_inner) = Latest::Ended;
    }

    async fn renew(&self, session: Arc<Session>, target: &TokenTarget, always: bool) -> Refreshed {
        let Some(session) = self.latest(session) else {
            return Refreshed {
                session: None,
                token: Err(TokenError::NoRefreshToken),
                refreshed: false,
            };
        };
        if !always && let Some(token) = session.valid_token(target, self.client.now()) {
            return Refreshed {
                token: Ok(token.clone()),
                session: Some(session),
                refreshed: false,
            };
        }
        let key = (session.id(), target.clone());
        let (refresher, asked) = (self.clone(), Arc::clone(&session));
        let target = target.clone();
        let flight = self
            .flights
            .run(key, || async move { refresher.take_turn(asked, target, always).await });
        flight.await.unwrap_or_else(|| Refreshed {
            session: Some(session),
            token: Err(RequestError::Unreachable.into()),
            refreshed: false,
        })
    }

    async fn take_turn(self, asked: Arc<Session>, target: TokenTarget, always: bool) -> Refreshed {
        let recent = self.recent.get_with(asked.id(), Arc::default);
        let _turn = recent.turn.lock().await;
        let version = asked.version();
        let Some(session) = recent.newer_than(asked) else {
            return Refreshed {
                session: None,
                token: Err(TokenError::NoRefreshToken),
                refreshed: false,
            };
        };
        // Whoever had the turn before may have brought just this.
        if (!always || session.version() > version)
            && let Some(token) = session.valid_token(&target, self.client.now())
        {
            return Refreshed {
                token: Ok(token.clone()),
                session: Some(session),
                refreshed: true,
            };
        }
        let (renewed, token) = self.refresh(&session, target).await;
        Refreshed {
            session: recent.keep(renewed),
            token,
            refreshed: true,
        }
    }

    async fn refresh(
        &self,
        session: &Arc<Session>,
        target: TokenTarget,
    ) -> (Arc<Session>, Result<AccessToken, TokenError>) {
        let Some(refresh_token) = session.refresh_token() else {
            return (Arc::clone(session), Err(TokenError::NoRefreshToken));
        };
        match self.client.refresh(refresh_token, &target, session.id_token()).await {
            Ok(tokens) => {
                let token = tokens.access_token.clone();
                (Arc::new(session.renewed(target, tokens, self.client.now())), Ok(token))
            }
            Err(error) if error.ends_grant() => (Arc::new(session.with_grant_ended()), Err(error)),
            Err(error) => (Arc::clone(session), Err(error)),
        }
    }
}

impl Recent {
    fn newer_than(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        match &*self.latest.read().unwrap_or_else(PoisonError::into_inner) {
            Latest::Renewed(latest) if latest.version() > session.version() => Some(Arc::clone(latest)),
            Latest::Ended => None,
            _ => Some(session),
        }
    }

    /// Remembers a renewed session, unless it was signed out while it was renewed.
    fn keep(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        let mut latest = self.latest.write().unwrap_or_else(PoisonError::into_inner);
        if matches!(*latest, Latest::Ended) {
            return None;
        }
        *latest = Latest::Renewed(Arc::clone(&session));
        Some(session)
    }
}
