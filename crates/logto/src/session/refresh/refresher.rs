//! Access tokens for sessions.

use std::{fmt, pin::pin, sync::Arc, time::Duration};

use futures_util::future::{self, Either};

use super::{
    Refreshed,
    attempt::RefreshAttempt,
    context::RefreshContext,
    observed::observed,
    session_update::{SessionUpdate, save},
    state::Freshness,
};
use crate::{
    client::LogtoClient,
    error::{RequestError, TokenError},
    seal::Sealer,
    session::{
        ChangedSession, DenyList, LogoutMark, Session, SessionChange, SessionId, StoredSessions, store::StoreError,
    },
    single_flight::SingleFlight,
    telemetry::{self, CacheName, CacheResult},
    token::TokenTarget,
};

/// Hands out the access tokens of sessions, and refreshes expired ones.
///
/// Concurrent requests for one token share one refresh, and a session has one refresh at a time:
/// the provider would revoke the grant if a rotating refresh token were used twice.
///
/// Refreshed tokens stay in memory for 60 seconds, so that a request with the previous cookie gets
/// them too, or for an hour after [`Refresher::keep_unsaved`]. With a store, they are saved before
/// any caller gets them.
///
/// One process at a time refreshes a session in a shared store. The others wait for its result, or
/// use a token that is still valid. If they have waited for twice the time that a lease lasts, they
/// fail with [`TokenError::RefreshInProgress`].
#[derive(Clone)]
pub struct Refresher {
    context: Arc<RefreshContext>,
    /// Keyed by session and target, so that no caller gets a token of another user or for another
    /// target.
    flights: Arc<SingleFlight<(SessionId, TokenTarget, Freshness, LogoutMark), Refreshed>>,
}

impl fmt::Debug for Refresher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refresher").finish_non_exhaustive()
    }
}

impl Refresher {
    /// Creates a refresher for sessions of this client that are kept in cookies.
    ///
    /// Several processes do not coordinate their refreshes. If the provider rotates a refresh token
    /// while another process still uses it, Logto accepts the old one for three seconds and then
    /// revokes the grant. See [`Refresher::with_deny_list`].
    #[must_use]
    pub fn new(client: LogtoClient) -> Self {
        Self::with_context(RefreshContext::new(client))
    }

    /// Creates a refresher for sessions in cookies. Processes that share the store of `deny_list` take
    /// turns to refresh a session.
    ///
    /// One process at a time refreshes a session. The others find the result in the store, sealed
    /// with `sealer`, for as long as the process keeps it in memory: 60 seconds, or an hour after
    /// [`Refresher::keep_unsaved`]. While the store is unavailable, each process refreshes by itself.
    #[must_use]
    pub fn with_deny_list(client: LogtoClient, sealer: Arc<Sealer>, deny_list: DenyList) -> Self {
        Self::with_context(RefreshContext::with_deny_list(client, sealer, deny_list))
    }

    /// Creates a refresher for sessions of this client that are kept in a store.
    #[must_use]
    pub fn with_store(client: LogtoClient, stored: StoredSessions) -> Self {
        Self::with_context(RefreshContext::with_store(client, stored))
    }

    fn with_context(context: RefreshContext) -> Self {
        Self {
            context: Arc::new(context),
            flights: Arc::new(SingleFlight::new()),
        }
    }

    /// Calls `observe` with each session whose grant turns out to have ended, once per refresh.
    /// Only the first observer counts.
    ///
    /// It is called by the task of the refresh, and must not block.
    pub fn observe_grant_ends(&self, observe: impl Fn(&Arc<Session>) + Send + Sync + 'static) {
        let _ = self.context.grant_end_observer.set(Box::new(observe));
    }

    /// The latest version of a session that came with a request or from the store. `None` if the
    /// session was signed out.
    #[must_use]
    pub fn latest(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        self.context.latest(session)
    }

    /// A token for `target`: the session's own if it is still valid, or else a refreshed one. A
    /// refresh continues when the caller stops waiting for it.
    pub async fn token(&self, session: Arc<Session>, target: &TokenTarget) -> Refreshed {
        self.refresh(session, target, Freshness::Valid).await
    }

    /// A newer token for `target` than the one in `session`, even if that one is still valid. Use
    /// it to renew a token that expires soon. Another request's refresh may have fetched the token
    /// already.
    pub async fn newer_token(&self, session: Arc<Session>, target: &TokenTarget) -> Refreshed {
        self.refresh(session, target, Freshness::Newer).await
    }

    /// A token for `target` that is requested from the provider after this call, even if the cached
    /// token is still valid. It has the user's current permissions. Concurrent callers share it.
    pub async fn fresh_token(&self, session: Arc<Session>, target: &TokenTarget) -> Refreshed {
        let tick = self.context.state_of(session.id()).next_tick();
        self.refresh(session, target, Freshness::RequestedAfter(tick)).await
    }

    /// Keeps the tokens of a refresh in memory for an hour, because its response cannot save them
    /// any more. Call it during or after the refresh. No-op for sessions in a store, where the
    /// refresh has saved them.
    pub fn keep_unsaved(&self, id: SessionId) {
        if self.context.stored.is_none() {
            self.context.keep_unsaved(id);
            self.keep_shared_result(id);
        }
    }

    fn keep_shared_result(&self, id: SessionId) {
        // Outside of a runtime there is no refresh whose result could be kept.
        if self.context.leases.is_some()
            && let Ok(runtime) = tokio::runtime::Handle::try_current()
        {
            let context = Arc::clone(&self.context);
            runtime.spawn(async move { context.keep_shared_result(id).await });
        }
    }

    /// Waits until no refresh is in flight and every result is in the store, or until `limit` has
    /// passed. Returns whether all refreshes have ended. Call it before the process exits.
    ///
    /// A refresh may outlive the request that began it. If the process exits before the result is
    /// saved, a rotated refresh token is lost, and the user has to sign in again.
    pub async fn finish(&self, limit: Duration) -> bool {
        let clock = self.context.client.clock();
        let ended = pin!(self.context.unfinished.ended());
        matches!(future::select(ended, clock.sleep(limit)).await, Either::Left(_))
    }

    /// Marks a session as signed out. A response in flight cannot resurrect it.
    pub fn end(&self, id: SessionId) {
        self.context.state_of(id).sign_out();
    }

    /// Drops the cached access token for `target`, or all of them for `None`, so that the next use
    /// requests a new one. Refusals for these targets are forgotten too. `None` if the session was
    /// signed out.
    ///
    /// A refresh in flight is awaited, and its token is dropped as well. The ID token and the
    /// refresh token stay.
    ///
    /// # Errors
    ///
    /// If the store fails. Nothing is dropped then.
    pub async fn clear(
        &self,
        session: Arc<Session>,
        target: Option<&TokenTarget>,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        let cleared = self.update(session, SessionUpdate::Cleared(target.cloned())).await?;
        Ok(cleared.map(|changed| changed.after))
    }

    /// Applies a change of the app to the latest version of a session. `None` if the session was
    /// signed out.
    ///
    /// A refresh in flight is awaited, so that neither undoes the other.
    ///
    /// # Errors
    ///
    /// If the store fails. Nothing changes then.
    pub async fn change(
        &self,
        session: Arc<Session>,
        change: SessionChange,
    ) -> Result<Option<ChangedSession>, StoreError> {
        self.update(session, SessionUpdate::Changed(change)).await
    }

    async fn update(&self, session: Arc<Session>, update: SessionUpdate) -> Result<Option<ChangedSession>, StoreError> {
        let context = &self.context;
        let state = context.state_of(session.id());
        let _lock = state.lock.lock().await;
        if let Some(stored) = &context.stored {
            state.unsaved.save(stored).await?;
        }
        let Some(session) = context.current(&state, &session).await? else {
            return Ok(None);
        };
        if let SessionUpdate::Cleared(target) = &update {
            let now = context.client.now();
            context.back_offs.lift(&session.id(), target.as_ref(), now);
        }
        let before = Arc::clone(&session);
        let updated = match &context.stored {
            Some(stored) => save(stored, session, &update).await?,
            None => Some(Arc::new(update.apply(&session))),
        };
        let after = updated.and_then(|updated| state.keep(updated));
        Ok(after.map(|after| ChangedSession { before, after }))
    }

    /// Records the use of the session's token for `target`, so that it is not evicted as the least
    /// recently used one. Returns the session to write to the cookie.
    ///
    /// `None` if no cookie has to be written: the recorded use is less than ten minutes old, or the
    /// session is in a store, where the use is saved with the next change or visit.
    #[must_use]
    pub fn note_use(&self, session: &Session, target: &TokenTarget) -> Option<Session> {
        if let Some(stored) = &self.context.stored {
            stored.note_use(session, target);
            return None;
        }
        session.with_use(target, self.context.client.now())
    }

    async fn refresh(&self, session: Arc<Session>, target: &TokenTarget, freshness: Freshness) -> Refreshed {
        let caller_session = Arc::clone(&session);
        let Some(session) = self.latest(session) else {
            return Refreshed::signed_out();
        };
        if let Err(error) = target.check() {
            return Refreshed::unchanged(session, Err(error));
        }
        let now = self.context.client.now();
        if session.is_denied_for_now(now) {
            return Refreshed::unchanged(session, Err(TokenError::AccessDenied));
        }
        if freshness == Freshness::Valid
            && let Some(token) = session.valid_token(target, now)
        {
            let token = Ok(token.clone());
            telemetry::cache_request(CacheName::AccessToken, CacheResult::Hit);
            return Refreshed::unchanged(session, token);
        }
        telemetry::cache_request(CacheName::AccessToken, CacheResult::Miss);
        // A newer token satisfies callers that accept any valid one.
        let shared = match freshness {
            Freshness::Newer => Freshness::Valid,
            other => other,
        };
        // A refresh from before a report of outdated claims does not do for a caller that knows it.
        let key = (session.id(), target.clone(), shared, session.last_report());
        let attempt = RefreshAttempt {
            context: Arc::clone(&self.context),
            state: self.context.state_of(session.id()),
            caller_session,
            known: Arc::clone(&session),
            target: target.clone(),
            freshness,
            _in_progress: self.context.unfinished.begin(),
        };
        let flight = self
            .flights
            .run(key, || observed(self.context.client.clock(), attempt.run()))
            .await;
        flight.unwrap_or_else(|| Refreshed::unchanged(session, Err(RequestError::Unreachable.into())))
    }
}
