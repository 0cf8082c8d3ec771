//! What this process knows of a session beyond what a request carries.

use std::{
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::Duration,
};

use super::Session;
use crate::{
    clock::Timestamp,
    error::{Diagnose as _, RequestError, TokenError},
};

/// Shortest and longest pause after a refresh that failed in passing, in seconds.
const SHORTEST_PAUSE: u64 = 1;
const LONGEST_PAUSE: u64 = 30;

/// Longest `Retry-After` that is kept to, in seconds: a proxy that says "tomorrow" must not keep users out until then.
const LONGEST_RETRY_AFTER: u64 = 300;

/// One session's recent past, kept for a minute after its last use.
#[derive(Default)]
pub(super) struct Recent {
    /// Held during a refresh: one at a time for a session.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// What is newer than the cookies that are under way, or than a store that could not be written.
    latest: RwLock<Latest>,
    /// Set while the provider has a passing fault, so that it is not asked by every request.
    pause: Mutex<Option<Pause>>,
}

#[derive(Default)]
enum Latest {
    #[default]
    Unknown,
    Renewed(Arc<Session>),
    /// Signed out: nothing may bring it back.
    Ended,
}

struct Pause {
    until: Timestamp,
    /// In seconds; doubles with every failure.
    length: u64,
    error: TokenError,
}

impl Recent {
    /// The newer of `session` and what is remembered; `None` if it was signed out.
    pub(super) fn newer_than(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        match &*self.latest.read().unwrap_or_else(PoisonError::into_inner) {
            Latest::Renewed(latest) if latest.version() > session.version() => Some(Arc::clone(latest)),
            Latest::Ended => None,
            _ => Some(session),
        }
    }

    /// Remembers a renewed session, unless it was signed out while it was renewed, and returns the newest.
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

    /// The error of a refresh that failed a moment ago: the next try waits.
    pub(super) fn paused(&self, now: Timestamp) -> Option<TokenError> {
        let pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        pause
            .as_ref()
            .filter(|pause| now < pause.until)
            .map(|pause| pause.error.clone())
    }

    /// Takes note of how a refresh went. A provider that answers wrongly is left alone for a while too: it will not mend with the
    /// next request, and each may use up a refresh token.
    pub(super) fn note(&self, failure: Option<&TokenError>, now: Timestamp) {
        let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
        *pause = match failure {
            Some(error) if error.is_transient() || is_wrong_answer(error) => {
                let doubled = pause
                    .as_ref()
                    .map_or(SHORTEST_PAUSE, |pause| (pause.length * 2).min(LONGEST_PAUSE));
                let length = doubled.max(
                    error
                        .retry_after()
                        .as_ref()
                        .map_or(0, Duration::as_secs)
                        .min(LONGEST_RETRY_AFTER),
                );
                Some(Pause {
                    until: now.plus(length),
                    length: doubled,
                    error: error.clone(),
                })
            }
            _ => None,
        };
    }
}

fn is_wrong_answer(error: &TokenError) -> bool {
    matches!(
        error,
        TokenError::IdToken(_) | TokenError::Request(RequestError::InvalidResponse(_))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::IdTokenError;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    #[test]
    fn the_pause_doubles_with_every_failure_and_ends_with_a_success() {
        let recent = Recent::default();
        let down = TokenError::Request(RequestError::TimedOut);
        for (pause, now) in [(1, 100), (2, 200), (4, 300), (8, 400), (16, 500), (30, 600), (30, 700)] {
            recent.note(Some(&down), at(now));
            assert!(recent.paused(at(now + pause - 1)).is_some());
            assert!(recent.paused(at(now + pause)).is_none(), "{pause} s after {now}");
        }
        recent.note(None, at(800));
        assert!(recent.paused(at(800)).is_none());
    }

    #[test]
    fn the_providers_retry_after_is_kept_to() {
        let recent = Recent::default();
        let busy = RequestError::Unavailable {
            status: 429,
            retry_after: Some(Duration::from_secs(90)),
        };
        recent.note(Some(&TokenError::Request(busy)), at(100));
        assert!(recent.paused(at(189)).is_some());
        assert!(recent.paused(at(190)).is_none());
    }

    #[test]
    fn a_retry_after_of_a_day_keeps_nobody_out_for_a_day() {
        let recent = Recent::default();
        let busy = RequestError::Unavailable {
            status: 503,
            retry_after: Some(Duration::from_secs(86_400)),
        };
        recent.note(Some(&TokenError::Request(busy)), at(100));
        assert!(recent.paused(at(399)).is_some());
        assert!(recent.paused(at(400)).is_none());
    }

    #[test]
    fn a_refusal_is_no_reason_to_wait() {
        let recent = Recent::default();
        recent.note(Some(&TokenError::NoRefreshToken), at(100));
        assert!(recent.paused(at(100)).is_none());
    }

    #[test]
    fn a_provider_that_answers_wrongly_is_left_alone_for_a_while() {
        for error in [
            TokenError::IdToken(IdTokenError::Signature),
            TokenError::Request(RequestError::InvalidResponse("the token response")),
        ] {
            let recent = Recent::default();
            recent.note(Some(&error), at(100));
            assert_eq!(recent.paused(at(100)), Some(error));
            assert!(recent.paused(at(101)).is_none());
        }
    }
}
