//! The back-offs of all sessions in this process.

use std::sync::{Arc, Mutex, PoisonError};

use super::{
    back_off::{MAX_RETRY_AFTER, SessionBackOff},
    state::Freshness,
};
use crate::{
    clock::Timestamp,
    error::TokenError,
    session::{SessionId, generational_cache::GenerationalCache},
    token::{FailedRefresh, TokenTarget},
};

/// Maximum number of sessions. The most recently used half is never evicted early.
const CAPACITY: usize = 10_000;

/// Delays refreshes after a failure, so that not every request to the app causes one to the
/// provider.
///
/// It is separate from the refresh state, because a delay may outlive that state, and most sessions
/// have no delay.
pub(super) struct BackOffCache(GenerationalCache<SessionId, Arc<Mutex<SessionBackOff>>>);

impl Default for BackOffCache {
    fn default() -> Self {
        Self(GenerationalCache::new(MAX_RETRY_AFTER, CAPACITY))
    }
}

impl BackOffCache {
    /// The error of the last refresh for `target`, while the next one is delayed.
    ///
    /// A caller that wants a fresh token is not delayed by a refusal, which may have been lifted
    /// since.
    pub(super) fn error(
        &self,
        id: &SessionId,
        target: &TokenTarget,
        freshness: Freshness,
        now: Timestamp,
    ) -> Option<TokenError> {
        let of_target = |back_off: &mut SessionBackOff| match freshness {
            Freshness::RequestedAfter(_) => None,
            Freshness::Valid | Freshness::Newer => back_off.of_target(target, now),
        };
        let error = |back_off: &mut SessionBackOff| back_off.of_session(now).or_else(|| of_target(back_off));
        self.update(id, now, error).flatten()
    }

    /// Records the result of a refresh for `target`.
    pub(super) fn record(&self, id: SessionId, target: &TokenTarget, failure: Option<&FailedRefresh>, now: Timestamp) {
        if failure.is_some() {
            self.0.get_or_insert(id, now, Arc::default);
        }
        self.update(&id, now, |back_off| back_off.record(target, failure, now));
    }

    /// Ends the delays of one target, or of all targets for `None`.
    pub(super) fn lift(&self, id: &SessionId, target: Option<&TokenTarget>, now: Timestamp) {
        self.update(id, now, |back_off| back_off.lift(target));
    }

    fn update<T>(&self, id: &SessionId, now: Timestamp, action: impl FnOnce(&mut SessionBackOff) -> T) -> Option<T> {
        let back_off = self.0.get(id, now)?;
        let mut back_off = back_off.lock().unwrap_or_else(PoisonError::into_inner);
        Some(action(&mut back_off))
    }
}
