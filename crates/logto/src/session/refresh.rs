//! Renewal of a session's tokens: one refresh at a time for a session, shared by whoever asks, never lost.

use std::sync::Arc;

use super::{
    Session, SessionId, StoredSessions, catch_up,
    change::{Change, Renewal},
    lately::Lately,
    recent::Recent,
    store::StoreError,
};
use crate::{
    client::LogtoClient,
    error::{Diagnose as _, RequestError, TokenError},
    secret::ExposeSecret as _,
    single_flight::SingleFlight,
    token::{AccessToken, FailedRefresh, TokenSet, TokenTarget},
};

/// How long a renewed session is remembered after its last use, in seconds, so that a request with the cookie from before continues with
/// the new tokens.
const REMEMBERED: u64 = 60;

/// Most sessions remembered at a time: some 20 MB. Half as many are remembered in any case.
const MOST_REMEMBERED: usize = 10_000;

/// Hands out access tokens of sessions, and renews what has expired.
///
/// A token is refreshed once, however many requests ask for it at the same time, and one refresh at a time runs for a session:
/// two at once with a refresh token that rotates would end the grant. What a refresh brought is remembered for a minute: a request
/// that still carries the cookie from before gets it too. With a store it is saved there before anybody sees it; several
/// processes on one store agree by compare-and-swap, and the one that loses reads again.
#[derive(Clone)]
pub struct Refresher {
    client: LogtoClient,
    stored: Option<StoredSessions>,
    /// By session and target: no user can get another's token, nor one for another target.
    flights: Arc<SingleFlight<(SessionId, TokenTarget), Refreshed>>,
    recent: Arc<Lately<SessionId, Arc<Recent>>>,
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

impl Refreshed {
    fn kept(session: Arc<Session>, token: Result<AccessToken, TokenError>) -> Self {
        Self {
            session: Some(session),
            token,
            refreshed: false,
        }
    }

    fn ended() -> Self {
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

    /// The newest value of a session that came with a request or from the store; `None` if it was signed out.
    #[must_use]
    pub fn latest(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        match self.recent.get(&session.id(), self.client.now()) {
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
        self.recent_of(id).end();
    }

    fn recent_of(&self, id: SessionId) -> Arc<Recent> {
        self.recent.get_or_insert(id, self.client.now(), Arc::default)
    }

    async fn renew(&self, session: Arc<Session>, target: &TokenTarget, always: bool) -> Refreshed {
        let had = Arc::clone(&session);
        let Some(session) = self.latest(session) else {
            return Refreshed::ended();
        };
        if !always && let Some(token) = session.valid_token(target, self.client.now()) {
            let token = Ok(token.clone());
            return Refreshed::kept(session, token);
        }
        let key = (session.id(), target.clone());
        let turn = Turn {
            refresher: self.clone(),
            recent: self.recent_of(session.id()),
            had,
            asked: Arc::clone(&session),
            target: target.clone(),
            always,
        };
        let flight = self.flights.run(key, || turn.take()).await;
        flight.unwrap_or_else(|| Refreshed::kept(session, Err(RequestError::Unreachable.into())))
    }
}

/// One caller's turn at refreshing a session; it runs in a task of its own.
struct Turn {
    refresher: Refresher,
    recent: Arc<Recent>,
    /// The session as the caller read it.
    had: Arc<Session>,
    /// The newest one this process knew of when it was asked.
    asked: Arc<Session>,
    target: TokenTarget,
    always: bool,
}

impl Turn {
    async fn take(self) -> Refreshed {
        let recent = Arc::clone(&self.recent);
        let _turn = recent.turn.lock().await;
        let session = match self.current().await {
            Ok(Some(session)) => session,
            Ok(None) => return Refreshed::ended(),
            Err(error) => return Refreshed::kept(Arc::clone(&self.asked), Err(error.into())),
        };
        // Whoever had the turn before may have brought just this.
        if let Some(token) = self.already_there(&session) {
            return Refreshed {
                token: Ok(token),
                session: Some(session),
                refreshed: true,
            };
        }
        if let Some(error) = recent.paused(self.refresher.client.now()) {
            return Refreshed::kept(session, Err(error));
        }
        self.refresh(session).await
    }

    /// The session as the store, or else this process, knows it now.
    async fn current(&self) -> Result<Option<Arc<Session>>, StoreError> {
        let known = match &self.refresher.stored {
            Some(stored) => match stored.load(&self.asked.id()).await? {
                Some(session) => session,
                None => return Ok(None),
            },
            None => Arc::clone(&self.asked),
        };
        Ok(self.recent.newer_than(known))
    }

    /// The token, if another's refresh has brought it: for who wants a fresh one it has to be newer than what he read.
    fn already_there(&self, session: &Session) -> Option<AccessToken> {
        let valid = session.valid_token(&self.target, self.refresher.client.now())?;
        (!self.always || self.is_newer(session, valid)).then(|| valid.clone())
    }

    /// A later version alone may be a visit on record, or a refresh for another target.
    fn is_newer(&self, session: &Session, token: &AccessToken) -> bool {
        let had = self.had.access_tokens().find(|(target, _)| **target == self.target);
        session.version() > self.had.version()
            && had.is_none_or(|(_, had)| had.token.secret.expose_secret() != token.secret.expose_secret())
    }

    async fn refresh(&self, session: Arc<Session>) -> Refreshed {
        if session.refresh_token().is_none() {
            return Refreshed::kept(session, Err(TokenError::NoRefreshToken));
        }
        let mut outcome = self.ask_provider(&session).await;
        let mut session = session;
        // Another process may have rotated the token between our reading and our asking.
        let newer = match &outcome {
            Err(failed) if failed.error.ends_grant() => self.newer_in_store(&session).await,
            _ => Ok(None),
        };
        let newer = match newer {
            Ok(newer) => newer,
            // Whether the grant has ended cannot be told.
            Err(error) => {
                let error = TokenError::from(error);
                self.recent.note(Some(&error), self.refresher.client.now());
                return Refreshed::kept(session, Err(error));
            }
        };
        if let Some(newer) = newer {
            if let Some(token) = self.already_there(&newer) {
                return Refreshed {
                    token: Ok(token),
                    session: Some(newer),
                    refreshed: true,
                };
            }
            outcome = self.ask_provider(&newer).await;
            session = newer;
        }
        let now = self.refresher.client.now();
        self.recent
            .note(outcome.as_ref().err().map(|failed| &failed.error), now);
        let (change, token) = match outcome {
            Ok(tokens) => {
                let token = tokens.access_token.clone();
                let target = self.target.clone();
                (Change::Renewed(Box::new(Renewal { target, tokens, now })), Ok(token))
            }
            Err(failed) if failed.error.ends_grant() => (Change::GrantEnded, Err(failed.error)),
            Err(FailedRefresh {
                error,
                refresh_token: Some(refresh_token),
            }) => (Change::RefreshToken(refresh_token), Err(error)),
            Err(failed) => return Refreshed::kept(session, Err(failed.error)),
        };
        Refreshed {
            session: self.keep(session, change).await,
            refreshed: token.is_ok(),
            token,
        }
    }

    async fn ask_provider(&self, session: &Session) -> Result<TokenSet, FailedRefresh> {
        let refresh_token = session.refresh_token().ok_or(TokenError::NoRefreshToken)?;
        self.refresher
            .client
            .refresh_or_salvage(refresh_token, &self.target, session.id_token())
            .await
    }

    async fn newer_in_store(&self, session: &Session) -> Result<Option<Arc<Session>>, StoreError> {
        let Some(stored) = &self.refresher.stored else {
            return Ok(None);
        };
        let found = stored.load(&session.id()).await?;
        Ok(found.filter(|found| found.version() > session.version()))
    }

    /// Saves to the store where there is one, and remembers. `None` when the session was signed out meanwhile.
    async fn keep(&self, session: Arc<Session>, change: Change) -> Option<Arc<Session>> {
        let Some(stored) = &self.refresher.stored else {
            return self.recent.keep(Arc::new(change.apply(&session)));
        };
        match stored.save_change(Arc::clone(&session), &change).await {
            Ok(Some(saved)) => self.recent.keep(saved),
            Ok(None) => None,
            // The refresh token may have rotated, and must not be lost.
            Err(error) => {
                tracing::error!(
                    code = error.code(),
                    "a renewed session could not be saved; this process keeps it until the store is back"
                );
                let renewed = self.recent.keep(Arc::new(change.apply(&session)));
                self.save_later(stored.clone(), session, change);
                renewed
            }
        }
    }

    fn save_later(&self, stored: StoredSessions, session: Arc<Session>, change: Change) {
        let (refresher, recent, change) = (self.refresher.clone(), Arc::clone(&self.recent), Arc::new(change));
        catch_up::until_done(move || {
            // Sought, so that it does not go for not having been used; and put back if it went all the same, for there were many others.
            let now = refresher.client.now();
            let recent = refresher
                .recent
                .get_or_insert(session.id(), now, || Arc::clone(&recent));
            let (stored, session, change) = (stored.clone(), Arc::clone(&session), Arc::clone(&change));
            async move {
                // Signed out meanwhile?
                if recent.newer_than(Arc::clone(&session)).is_some()
                    && let Some(saved) = stored.save_change(session, &change).await?
                {
                    recent.keep(saved);
                }
                Ok(())
            }
        });
    }
}
