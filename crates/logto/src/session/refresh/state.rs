//! The refresh state of one session in this process.

use std::sync::{
    Arc, Mutex, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use super::unsaved::Unsaved;
use crate::{session::Session, token::TokenTarget};

/// The required freshness of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Freshness {
    /// Any valid token.
    Valid,
    /// A newer token than the caller's.
    Newer,
    /// A token that was requested after this tick.
    RequestedAfter(u64),
}

/// The state of one session's refreshes in this process, kept for a minute after its last use.
#[derive(Default)]
pub(super) struct RefreshState {
    /// Held during a refresh, so that a session has one refresh at a time.
    pub(super) lock: tokio::sync::Mutex<()>,
    latest: RwLock<Latest>,
    pub(super) unsaved: Unsaved,
    /// Orders callers and requests to the provider, for which seconds are too coarse.
    ticks: AtomicU64,
    /// The target of the last successful request, and the tick at which it was sent. Callers that
    /// came before that tick share the token.
    last_request: Mutex<Option<(TokenTarget, u64)>>,
}

/// The latest version of the session. It may be newer than the cookie of a request in flight, or
/// than a store that was unavailable.
#[derive(Default)]
enum Latest {
    #[default]
    Unknown,
    Version(Arc<Session>),
    /// Nothing can resurrect the session.
    SignedOut,
}

impl RefreshState {
    /// The newer one of `session` and the latest version. `None` if the session was signed out.
    pub(super) fn latest(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        match &*self.latest.read().unwrap_or_else(PoisonError::into_inner) {
            Latest::Version(latest) if latest.version() > session.version() => Some(latest.with_reports_of(&session)),
            Latest::SignedOut => None,
            _ => Some(session),
        }
    }

    /// Keeps `session` if it is newer than the latest version, and returns the latest version.
    /// `None` if the session was signed out.
    pub(super) fn keep(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        let mut latest = self.latest.write().unwrap_or_else(PoisonError::into_inner);
        match &*latest {
            Latest::SignedOut => None,
            Latest::Version(newer) if newer.version() > session.version() => Some(Arc::clone(newer)),
            _ => {
                *latest = Latest::Version(Arc::clone(&session));
                Some(session)
            }
        }
    }

    /// Marks the session as signed out.
    pub(super) fn sign_out(&self) {
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Latest::SignedOut;
    }

    /// The next tick of this session's logical clock.
    pub(super) fn next_tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed)
    }

    /// Records that the request for `target` which was sent at `tick` returned a token.
    pub(super) fn record_request(&self, target: &TokenTarget, tick: u64) {
        *self.last_request.lock().unwrap_or_else(PoisonError::into_inner) = Some((target.clone(), tick));
    }

    /// Whether the last successful request was for `target` and was sent after `tick`.
    pub(super) fn was_requested_after(&self, target: &TokenTarget, tick: u64) -> bool {
        let last = self.last_request.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref()
            .is_some_and(|(requested, sent)| requested == target && *sent > tick)
    }
}
