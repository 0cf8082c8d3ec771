//! Renewal of a session's tokens: one refresh at a time for a session, shared by whoever asks,
//! never lost.

use std::sync::Arc;

use super::{
    Session, SessionId, StoredSessions,
    lately::Lately,
    paused_sessions::PausedSessions,
    recent::{Age, Recent},
    store::StoreError,
    turn::Turn,
};
use crate::{
    client::LogtoClient,
    error::{RequestError, TokenError},
    single_flight::SingleFlight,
    token::{AccessToken, TokenTarget},
};

/// How long a renewed session is remembered after its last use, in seconds, so that a request with
/// the cookie from before continues with the new tokens.
const REMEMBERED: u64 = 60;

/// Most sessions remembered at a time: some 20 MB. Half as many are remembered in any case.
const MOST_REMEMBERED: usize = 10_000;

/// Hands out access tokens of sessions, and renews what has expired.
///
/// A token is refreshed once, however many requests ask for it at the same time, and one refresh at
/// a time runs for a session: two at once with a refresh token that rotates would end the grant.
/// What a refresh brought is remembered for a minute: a request that still carries the cookie from
/// before gets it too. With a store it is saved there before anybody sees it; several processes on
/// one store agree by compare-and-swap, and the one that loses reads again.
#[derive(Clone)]
pub struct Refresher {
    client: LogtoClient,
    stored: Option<StoredSessions>,
    /// By session and target: no user can get another's token, nor one for another target. A fresh
    /// token has a flight of its own.
    flights: Arc<SingleFlight<(SessionId, TokenTarget, Age), Refreshed>>,
    recent: Arc<Lately<SessionId, Arc<Recent>>>,
    paused: Arc<PausedSessions>,
}

/// A session after a token was asked for.
#[derive(Clone, Debug)]
#[non_exhaustive]
#[must_use = "a session that is newer than the cookie has to be saved"]
pub struct Refreshed {
    /// The session as it is now: the one given, or a newer one that has to be saved. `None` when it
    /// was signed out meanwhile.
    pub session: Option<Arc<Session>>,
    /// The token.
    pub token: Result<AccessToken, TokenError>,
    /// Whether the token comes from a refresh rather than from the session.
    pub refreshed: bool,
}

impl Refreshed {
    pub(super) fn kept(session: Arc<Session>, token: Result<AccessToken, TokenError>) -> Self {
        Self {
            session: Some(session),
            token,
            refreshed: false,
        }
    }

    pub(super) fn ended() -> Self {
        Self {
            session: None,
            token: Err(TokenError::NoRefreshToken),
            refreshed: false,
        }
    }
}

impl Refresher {
    /// A refresher for sessions of this client that are kept in cookies.
    #[must_use]
    pub fn new(client: LogtoClient) -> Self {
        Self {
            client,
            stored: None,
            flights: Arc::new(SingleFlight::new()),
            recent: Arc::new(Lately::new(REMEMBERED, MOST_REMEMBERED)),
            paused: Arc::default(),
        }
    }

    /// A refresher for sessions of this client that are kept in a store.
    #[must_use]
    pub fn with_store(client: LogtoClient, stored: StoredSessions) -> Self {
        Self {
            stored: Some(stored),
            ..Self::new(client)
        }
    }

    /// The newest value of a session that came with a request or from the store; `None` if it was
    /// signed out.
    #[must_use]
    pub fn latest(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        match self.recent.get(&session.id(), self.client.now()) {
            Some(recent) => recent.newer_than(session),
            None => Some(session),
        }
    }

    /// A token for `target`: from the session while it is valid, else by a refresh, which goes on
    /// even if the caller does not wait for it.
    pub async fn token(&self, session: Arc<Session>, target: &TokenTarget) -> Refreshed {
        self.renew(session, target, Age::Valid).await
    }

    /// A token for `target` that is newer than the one in `session`, even if that is still valid:
    /// to renew what expires soon. Another request's refresh may have brought it.
    pub async fn newer_token(&self, session: Arc<Session>, target: &TokenTarget) -> Refreshed {
        self.renew(session, target, Age::Newer).await
    }

    /// A token for `target` that the provider is asked for after this call, even if the cached
    /// token is still valid: it has the permissions of this moment. Callers that wait for the same
    /// refresh share it.
    pub async fn fresh_token(&self, session: Arc<Session>, target: &TokenTarget) -> Refreshed {
        let tick = self.recent_of(session.id()).tick();
        self.renew(session, target, Age::Fresh(tick)).await
    }

    /// Forgets a session for good: a response under way cannot bring it back.
    pub fn end(&self, id: SessionId) {
        self.recent_of(id).end();
    }

    pub(super) fn recent_of(&self, id: SessionId) -> Arc<Recent> {
        self.recent.get_or_insert(id, self.client.now(), Arc::default)
    }

    /// What is remembered of a session; if it was evicted, `recent` takes its place again.
    pub(super) fn keep_recent(&self, id: SessionId, recent: &Arc<Recent>) -> Arc<Recent> {
        self.recent.get_or_insert(id, self.client.now(), || Arc::clone(recent))
    }

    pub(super) fn paused(&self) -> &PausedSessions {
        &self.paused
    }

    pub(super) fn client(&self) -> &LogtoClient {
        &self.client
    }

    pub(super) fn stored(&self) -> Option<&StoredSessions> {
        self.stored.as_ref()
    }

    /// The session as the store, or else this process, knows it now.
    pub(super) async fn current(
        &self,
        recent: &Recent,
        asked: &Arc<Session>,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        let known = match &self.stored {
            Some(stored) => match stored.load(&asked.id()).await? {
                Some(session) => session,
                None => return Ok(None),
            },
            None => Arc::clone(asked),
        };
        Ok(recent.newer_than(known))
    }

    async fn renew(&self, session: Arc<Session>, target: &TokenTarget, age: Age) -> Refreshed {
        let had = Arc::clone(&session);
        let Some(session) = self.latest(session) else {
            return Refreshed::ended();
        };
        let now = self.client.now();
        if session.is_denied_for_now(now) {
            return Refreshed::kept(session, Err(TokenError::AccessDenied));
        }
        if age == Age::Valid
            && let Some(token) = session.valid_token(target, now)
        {
            let token = Ok(token.clone());
            return Refreshed::kept(session, token);
        }
        let flight = if age == Age::Newer { Age::Valid } else { age };
        let key = (session.id(), target.clone(), flight);
        let turn = Turn {
            refresher: self.clone(),
            recent: self.recent_of(session.id()),
            had,
            asked: Arc::clone(&session),
            target: target.clone(),
            age,
        };
        let flight = self.flights.run(key, || turn.take()).await;
        flight.unwrap_or_else(|| Refreshed::kept(session, Err(RequestError::Unreachable.into())))
    }
}
