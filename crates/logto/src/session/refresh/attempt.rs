//! One refresh of a session.

use std::sync::Arc;

use super::{
    Refreshed,
    context::RefreshContext,
    decision::{Answer, Effect, Facts, Step, next_step},
    session_update::{Renewal, SessionUpdate, save},
    state::{Freshness, RefreshState},
    turn::{Taken, Turn},
    unfinished::InProgress,
};
use crate::{
    error::{Diagnose as _, TokenError},
    secret::ExposeSecret as _,
    session::{Session, StoredSessions, retry, store::StoreError},
    token::{AccessToken, FailedRefresh, TokenSet, TokenTarget},
};

/// One refresh of a session, run in a spawned task.
pub(super) struct RefreshAttempt {
    pub(super) context: Arc<RefreshContext>,
    pub(super) state: Arc<RefreshState>,
    /// The session that the caller read.
    pub(super) caller_session: Arc<Session>,
    /// The latest version that this process knew when the caller arrived.
    pub(super) known: Arc<Session>,
    pub(super) target: TokenTarget,
    pub(super) freshness: Freshness,
    /// Dropped after the result is saved and the turn has ended.
    pub(super) _in_progress: InProgress,
}

/// A request to the provider and its outcome.
struct Request {
    target: TokenTarget,
    /// The session's logical time at which the request was sent.
    tick: u64,
    outcome: Result<TokenSet, FailedRefresh>,
}

/// The requests of an attempt so far.
#[derive(Default)]
struct Requests {
    last: Option<Request>,
    /// The refusal of the target, if the last request is the plain refresh after it.
    refusal: Option<FailedRefresh>,
}

impl RefreshAttempt {
    pub(super) async fn run(self) -> Refreshed {
        let state = Arc::clone(&self.state);
        let _lock = state.lock.lock().await;
        match self.context.current(&state, &self.known).await {
            Ok(Some(session)) => {
                let mut turn = Turn::new(Arc::clone(&self.context), Arc::clone(&state));
                let refreshed = self.refresh(session, &mut turn).await;
                turn.end(refreshed.session.as_deref()).await;
                refreshed
            }
            Ok(None) => Refreshed::signed_out(),
            Err(error) => Refreshed::unchanged(Arc::clone(&self.known), Err(error.into())),
        }
    }

    async fn refresh(&self, mut session: Arc<Session>, turn: &mut Turn) -> Refreshed {
        let mut requests = Requests::default();
        let mut store_checked = false;
        loop {
            let step = next_step(self.facts(&session, &requests, store_checked));
            if step.is_request() {
                // The store may have the used-up refresh token in a version of another process.
                match self.save_unsaved().await {
                    Ok(false) => {}
                    Ok(true) => match self.context.current(&self.state, &session).await {
                        Ok(Some(current)) => {
                            (session, requests) = (current, Requests::default());
                            continue;
                        }
                        Ok(None) => return Refreshed::signed_out(),
                        Err(error) => return self.fail(session, error.into()),
                    },
                    Err(error) => return self.fail(session, error.into()),
                }
                // Before the turn: once it is ours, the request is sent without delay.
                if let Err(error) = self.context.client.metadata().await {
                    return self.fail(session, error.into());
                }
                match turn.take(&session, self.still_valid_token(&session)).await {
                    Ok(Taken::Ours) => {}
                    Ok(Taken::Changed(Some(current))) => {
                        if current.version() != session.version() {
                            requests = Requests::default();
                        }
                        session = current;
                        continue;
                    }
                    Ok(Taken::Changed(None)) => return Refreshed::signed_out(),
                    Ok(Taken::Valid(token)) => return Refreshed::unchanged(session, Ok(token)),
                    Err(error) => return Refreshed::unchanged(session, Err(error)),
                }
            }
            match step {
                // An earlier refresh of this session has already fetched the token.
                Step::UseToken(token) => {
                    return Refreshed {
                        session: Some(session),
                        token: Ok(token),
                        refreshed: true,
                    };
                }
                Step::Fail(error) => return Refreshed::unchanged(session, Err(error)),
                Step::RequestTarget => requests.last = Some(turn.run(self.request(&self.target, &session)).await),
                Step::RequestPlain => {
                    requests.refusal = requests.last.take().and_then(|refused| refused.outcome.err());
                    requests.last = Some(turn.run(self.request(&TokenTarget::USER_INFO, &session)).await);
                }
                Step::CheckStore => match self.newer_in_store(&session).await {
                    Ok(newer) => {
                        store_checked = true;
                        if let Some(newer) = newer {
                            (session, requests) = (newer, Requests::default());
                        }
                    }
                    // It is unknown whether the grant has ended.
                    Err(error) => return self.fail(session, error.into()),
                },
                Step::Finish(effect) => {
                    if let Some(request) = requests.last.take() {
                        return self.finish(session, request, requests.refusal, effect, turn).await;
                    }
                }
            }
        }
    }

    fn facts(&self, session: &Session, requests: &Requests, store_checked: bool) -> Facts<AccessToken> {
        let now = self.context.client.now();
        let last = requests.last.as_ref();
        let back_offs = &self.context.back_offs;
        Facts {
            suitable_token: self.suitable_token(session),
            has_refresh_token: session.refresh_token().is_some(),
            is_denied: session.is_denied_for_now(now),
            back_off: back_offs.error(&session.id(), &self.target, self.freshness, now),
            answer: last.map(|request| Answer::of(&request.outcome)),
            is_plain: last.is_some_and(|request| request.target == TokenTarget::USER_INFO),
            store_checked,
        }
    }

    /// The cached token, if it is fresh enough for the caller.
    fn suitable_token(&self, session: &Session) -> Option<AccessToken> {
        let valid = session.valid_token(&self.target, self.context.client.now())?;
        let is_suitable = match self.freshness {
            Freshness::Valid => true,
            Freshness::Newer => self.is_newer(session, valid),
            Freshness::RequestedAfter(tick) => self.state.was_requested_after(&self.target, tick),
        };
        is_suitable.then(|| valid.clone())
    }

    /// The token of a caller that need not wait for another process, because it renews the token
    /// early. A caller with an expired ID token waits for its claims.
    fn still_valid_token(&self, session: &Session) -> Option<AccessToken> {
        let now = self.context.client.now();
        let is_early = self.freshness == Freshness::Newer && session.has_current_claims(now);
        let token = session.valid_token(&self.target, now);
        token.filter(|_| is_early).cloned()
    }

    /// Compares the tokens too, because a later version may only record a visit or have a token for
    /// another target.
    fn is_newer(&self, session: &Session, token: &AccessToken) -> bool {
        let cached = self
            .caller_session
            .access_tokens()
            .find(|(target, _)| **target == self.target);
        let is_other = |cached: &AccessToken| cached.secret.expose_secret() != token.secret.expose_secret();
        session.version() > self.caller_session.version() && cached.is_none_or(|(_, cached)| is_other(&cached.token))
    }

    async fn request(&self, target: &TokenTarget, session: &Session) -> Request {
        let tick = self.state.next_tick();
        let client = &self.context.client;
        let outcome = match session.refresh_token() {
            Some(refresh_token) => {
                client
                    .refresh_or_salvage(refresh_token, target, session.id_token())
                    .await
            }
            None => Err(TokenError::NoRefreshToken.into()),
        };
        Request {
            target: target.clone(),
            tick,
            outcome,
        }
    }

    async fn newer_in_store(&self, session: &Session) -> Result<Option<Arc<Session>>, StoreError> {
        let Some(stored) = &self.context.stored else {
            return Ok(None);
        };
        let found = stored.load(&session.id()).await?;
        Ok(found.filter(|found| found.version() > session.version()))
    }

    /// Applies the effect of the provider's answer to the session.
    async fn finish(
        &self,
        session: Arc<Session>,
        request: Request,
        refusal: Option<FailedRefresh>,
        effect: Effect,
        turn: &mut Turn,
    ) -> Refreshed {
        let Request { target, tick, outcome } = request;
        let (outcome, refusal) = match effect {
            Effect::DenyAccess => (Err(TokenError::AccessDenied.into()), None),
            _ => (outcome, refusal),
        };
        if let Some(refusal) = &refusal {
            self.record(&self.target, Some(refusal));
        }
        self.record(&target, outcome.as_ref().err());
        let now = self.context.client.now();
        let (update, token) = match outcome {
            Ok(tokens) => {
                self.state.record_request(&target, tick);
                // A plain refresh after a refusal. The caller gets the refusal, not the token.
                let token = match refusal {
                    Some(refusal) => Err(refusal.error),
                    None => Ok(tokens.access_token.clone()),
                };
                let renewal = Box::new(Renewal { target, tokens, now });
                (Some(SessionUpdate::Renewed(renewal)), token)
            }
            Err(failed) => {
                let update = match effect {
                    Effect::DenyAccess => Some(SessionUpdate::AccessDenied(now)),
                    Effect::EndGrant => Some(SessionUpdate::GrantEnded),
                    Effect::KeepRefreshToken => failed.refresh_token.map(SessionUpdate::RefreshToken),
                    Effect::Renew | Effect::None => None,
                };
                let error = match refusal {
                    // A failed plain refresh does not affect the target.
                    Some(refusal) if effect != Effect::EndGrant && refusal.may_have_rotated() => refusal.error,
                    _ => failed.error,
                };
                (update, Err(error))
            }
        };
        let refreshed = token.is_ok();
        let session = match update {
            Some(update) => self.save(session, update, turn).await,
            None => Some(session),
        };
        // After a conflict, another process may have refreshed the session.
        let ended = session.as_ref().filter(|session| session.grant_ended);
        if let (Effect::EndGrant, Some(ended), Some(observe)) = (effect, ended, self.context.grant_end_observer.get()) {
            observe(ended);
        }
        Refreshed {
            session,
            token,
            refreshed,
        }
    }

    /// Fails without an answer of the token endpoint.
    fn fail(&self, session: Arc<Session>, error: TokenError) -> Refreshed {
        let failed = FailedRefresh::from(error);
        self.record(&self.target, Some(&failed));
        Refreshed::unchanged(session, Err(failed.error))
    }

    /// Records the result of a request, for the back-off of the next one.
    fn record(&self, target: &TokenTarget, failure: Option<&FailedRefresh>) {
        let now = self.context.client.now();
        self.context.back_offs.record(self.known.id(), target, failure, now);
    }

    /// Saves the updated session to the store if there is one, and keeps it in memory. `None` if
    /// the session was signed out meanwhile.
    async fn save(&self, session: Arc<Session>, update: SessionUpdate, turn: &mut Turn) -> Option<Arc<Session>> {
        let Some(stored) = &self.context.stored else {
            return self.state.keep(Arc::new(update.apply(&session)));
        };
        match save(stored, Arc::clone(&session), &update).await {
            Ok(Some(saved)) => self.state.keep(saved),
            Ok(None) => None,
            // The refresh token may have rotated, and must not be lost.
            Err(error) => {
                tracing::error!(
                    code = error.code(),
                    "a refreshed session could not be saved; this process keeps it until the store is available again"
                );
                let updated = self.state.keep(Arc::new(update.apply(&session)));
                turn.leave_to_deadline();
                self.save_later(stored.clone(), session, update);
                updated
            }
        }
    }

    /// Saves the result of an earlier refresh, if the store does not have it yet. `false` if it does.
    async fn save_unsaved(&self) -> Result<bool, StoreError> {
        match &self.context.stored {
            Some(stored) => self.state.unsaved.save(stored).await,
            None => Ok(false),
        }
    }

    fn save_later(&self, stored: StoredSessions, session: Arc<Session>, update: SessionUpdate) {
        let (context, state, update) = (Arc::clone(&self.context), Arc::clone(&self.state), Arc::new(update));
        state.unsaved.set(&session, &update);
        let in_progress = context.unfinished.begin();
        // Once the lease has ended, another process may use the old refresh token.
        retry::until_done(context.client.clock(), retry::urgent_delays(), move || {
            let _until_saved = &in_progress;
            // Looks the state up, so that the cache keeps it, and restores it if it was evicted.
            let state = context.state_or(session.id(), &state);
            let (stored, session, update) = (stored.clone(), Arc::clone(&session), Arc::clone(&update));
            async move {
                let is_signed_out = state.latest(Arc::clone(&session)).is_none();
                if !is_signed_out && let Some(saved) = save(&stored, session, &update).await? {
                    state.keep(saved);
                }
                state.unsaved.clear(&update);
                Ok(())
            }
        });
    }
}
