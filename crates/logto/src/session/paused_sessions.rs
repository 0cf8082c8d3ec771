//! The pauses of all sessions, each for as long as it runs.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    SessionId,
    lately::Lately,
    pauses::{LONGEST_RETRY_AFTER, Pauses},
    recent::Age,
};
use crate::{
    clock::Timestamp,
    error::TokenError,
    token::{FailedRefresh, TokenTarget},
};

/// Most sessions whose pauses are remembered at a time. Half as many are remembered in any case.
const MOST: usize = 10_000;

/// Set after a refresh that failed, so that the provider is not asked by every request. Kept apart
/// from what else is remembered of a session, because a pause may be longer than that, and most
/// sessions have none.
pub(super) struct PausedSessions(Lately<SessionId, Arc<Mutex<Pauses>>>);

impl Default for PausedSessions {
    fn default() -> Self {
        Self(Lately::new(LONGEST_RETRY_AFTER, MOST))
    }
}

impl PausedSessions {
    /// The error of a refresh for `target` that failed a moment ago: the next one waits. A caller
    /// that wants a fresh token does not wait after a refusal, which may have been lifted since.
    pub(super) fn error(&self, id: &SessionId, target: &TokenTarget, age: Age, now: Timestamp) -> Option<TokenError> {
        let of_target = |pauses: &mut Pauses| match age {
            Age::Fresh(_) => None,
            Age::Valid | Age::Newer => pauses.of_target(target, now),
        };
        let error = |pauses: &mut Pauses| pauses.of_session(now).or_else(|| of_target(pauses));
        self.known(id, now, error).flatten()
    }

    /// Takes note of how a refresh for `target` went.
    pub(super) fn note(&self, id: SessionId, target: &TokenTarget, failure: Option<&FailedRefresh>, now: Timestamp) {
        if failure.is_some() {
            self.0.get_or_insert(id, now, Arc::default);
        }
        self.known(&id, now, |pauses| pauses.note(target, failure, now));
    }

    /// Forgets refusals, for one target or for all of them.
    pub(super) fn lift(&self, id: &SessionId, target: Option<&TokenTarget>, now: Timestamp) {
        self.known(id, now, |pauses| pauses.lift(target));
    }

    fn known<T>(&self, id: &SessionId, now: Timestamp, act: impl FnOnce(&mut Pauses) -> T) -> Option<T> {
        let pauses = self.0.get(id, now)?;
        let mut pauses = pauses.lock().unwrap_or_else(PoisonError::into_inner);
        Some(act(&mut pauses))
    }
}
