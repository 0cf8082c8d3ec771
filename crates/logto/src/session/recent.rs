//! What this process knows of a session beyond what a request carries.

use std::sync::{
    Arc, Mutex, PoisonError, RwLock,
    atomic::{AtomicU64, Ordering},
};

use super::Session;
use crate::token::TokenTarget;

/// How new a token has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Age {
    /// Any that is valid.
    Valid,
    /// Newer than the one that the caller has read.
    Newer,
    /// Asked for after the caller came, at this tick.
    Fresh(u64),
}

/// One session's recent past, kept for a minute after its last use.
#[derive(Default)]
pub(super) struct Recent {
    /// Held during a refresh: one at a time for a session.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// What is newer than the cookies that are under way, or than a store that could not be
    /// written.
    latest: RwLock<Latest>,
    /// Orders callers and requests to the provider: seconds are too coarse for that.
    ticks: AtomicU64,
    /// The last token that came, and when it was asked for: callers that came before that share it.
    last_asked: Mutex<Option<(TokenTarget, u64)>>,
}

#[derive(Default)]
enum Latest {
    #[default]
    Unknown,
    Renewed(Arc<Session>),
    /// Signed out: nothing may bring it back.
    Ended,
}

impl Recent {
    /// The newer of `session` and what is remembered; `None` if it was signed out.
    pub(super) fn newer_than(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        match &*self.latest.read().unwrap_or_else(PoisonError::into_inner) {
            Latest::Renewed(latest) if latest.version() > session.version() => Some(latest.cleared_like(&session)),
            Latest::Ended => None,
            _ => Some(session),
        }
    }

    /// Remembers a renewed session, unless it was signed out while it was renewed, and returns the
    /// newest.
    pub(super) fn keep(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        let mut latest = self.latest.write().unwrap_or_else(PoisonError::into_inner);
        match &*latest {
            Latest::Ended => None,
            Latest::Renewed(newer) if newer.version() > session.version() => Some(Arc::clone(newer)),
            _ => {
                *latest = Latest::Renewed(Arc::clone(&session));
                Some(session)
            }
        }
    }

    pub(super) fn end(&self) {
        *self.latest.write().unwrap_or_else(PoisonError::into_inner) = Latest::Ended;
    }

    /// The next point of this session's own order of events.
    pub(super) fn tick(&self) -> u64 {
        self.ticks.fetch_add(1, Ordering::Relaxed)
    }

    /// Remembers that the token for `target` comes from a request that was sent at `tick`.
    pub(super) fn asked(&self, target: &TokenTarget, tick: u64) {
        *self.last_asked.lock().unwrap_or_else(PoisonError::into_inner) = Some((target.clone(), tick));
    }

    /// Whether the token for `target` comes from a request that was sent after `tick`.
    pub(super) fn has_asked_since(&self, target: &TokenTarget, tick: u64) -> bool {
        let last = self.last_asked.lock().unwrap_or_else(PoisonError::into_inner);
        last.as_ref().is_some_and(|(asked, at)| asked == target && *at > tick)
    }
}
