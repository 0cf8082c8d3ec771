//! How long the provider is left alone after a refresh that failed.

use std::{collections::HashMap, time::Duration};

use crate::{
    clock::Timestamp,
    error::{Diagnose as _, OAuthError, TokenError},
    token::{FailedRefresh, TokenTarget},
};

/// Pauses between two tries, in seconds: the first, and the longest that doubling reaches.
pub(super) struct BackOff {
    pub(super) first: u64,
    pub(super) longest: u64,
}

/// After a transient error or an invalid answer.
const FAULT: BackOff = BackOff { first: 1, longest: 30 };

/// After a refusal, which stands until an administrator changes something.
pub(super) const REFUSAL: BackOff = BackOff { first: 5, longest: 60 };

/// Longest `Retry-After` that is respected, in seconds: a proxy that says "tomorrow" must not keep
/// users out until then.
pub(super) const LONGEST_RETRY_AFTER: u64 = 300;

/// Most targets of one session that are remembered as refused: an app may ask for whatever target a
/// browser names.
const MOST_TARGETS: usize = 64;

/// The pauses of one session: of all its refreshes, and of those for a single target.
#[derive(Default)]
pub(super) struct Pauses {
    all: Option<Pause>,
    by_target: HashMap<TokenTarget, Pause>,
}

struct Pause {
    until: Timestamp,
    /// In seconds; doubles with every failure.
    length: u64,
    error: TokenError,
}

/// Which refreshes an error is about.
enum Scope {
    /// Every refresh of the session.
    Session(BackOff),
    /// Those for the same target.
    Target(BackOff),
    /// None: the session's own state says what happens next.
    Ended,
}

impl Pauses {
    /// The error of the last refresh, while the next one of the session has to wait.
    pub(super) fn of_session(&self, now: Timestamp) -> Option<TokenError> {
        still_paused(self.all.as_ref(), now)
    }

    /// The error of the last refresh for `target`, while the next one for it has to wait.
    pub(super) fn of_target(&self, target: &TokenTarget, now: Timestamp) -> Option<TokenError> {
        still_paused(self.by_target.get(target), now)
    }

    /// Takes note of how a refresh for `target` went.
    pub(super) fn note(&mut self, target: &TokenTarget, failure: Option<&FailedRefresh>, now: Timestamp) {
        match failure.map(|failed| (failed, scope(&failed.error))) {
            Some((failed, Scope::Session(back_off))) => {
                self.all = Some(Pause::after(failed, self.all.as_ref(), &back_off, now));
            }
            Some((failed, Scope::Target(back_off))) => {
                let pause = Pause::after(failed, self.by_target.get(target), &back_off, now);
                self.all = None;
                self.make_room(now);
                self.by_target.insert(target.clone(), pause);
            }
            Some((_, Scope::Ended)) => self.all = None,
            None => {
                self.all = None;
                self.by_target.remove(target);
            }
        }
    }

    /// Forgets what was refused, for one target or for all of them.
    pub(super) fn lift(&mut self, target: Option<&TokenTarget>) {
        match target {
            Some(target) => drop(self.by_target.remove(target)),
            None => self.by_target.clear(),
        }
    }

    fn make_room(&mut self, now: Timestamp) {
        self.by_target
            .retain(|_, pause| now < pause.until.plus(REFUSAL.longest));
        if self.by_target.len() >= MOST_TARGETS {
            let first = self.by_target.iter().min_by_key(|(_, pause)| pause.until);
            let first = first.map(|(target, _)| target.clone());
            first.and_then(|target| self.by_target.remove(&target));
        }
    }
}

impl Pause {
    fn after(failed: &FailedRefresh, before: Option<&Self>, back_off: &BackOff, now: Timestamp) -> Self {
        let doubled = before.map_or(0, |pause| pause.length * 2);
        let length = doubled.clamp(back_off.first, back_off.longest);
        let retry_after = failed.retry_after().as_ref().map_or(0, Duration::as_secs);
        Self {
            until: now.plus(length.max(retry_after.min(LONGEST_RETRY_AFTER))),
            length,
            error: failed.error.clone(),
        }
    }
}

fn still_paused(pause: Option<&Pause>, now: Timestamp) -> Option<TokenError> {
    let pause = pause.filter(|pause| now < pause.until)?;
    Some(pause.error.clone())
}

fn scope(error: &TokenError) -> Scope {
    match error {
        error if error.is_transient() => Scope::Session(FAULT),
        error if error.ends_grant() => Scope::Ended,
        // The session keeps this one, with a back-off of its own.
        TokenError::AccessDenied => Scope::Ended,
        TokenError::Refused(
            OAuthError::InvalidClient | OAuthError::UnauthorizedClient | OAuthError::UnsupportedGrantType,
        ) => Scope::Session(REFUSAL),
        TokenError::Refused(_) => Scope::Target(REFUSAL),
        // An invalid answer: the next one is no better, and each may use up a refresh token.
        _ => Scope::Session(FAULT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::{IdTokenError, RequestError};

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(seconds)
    }

    fn api() -> TokenTarget {
        TokenTarget::resource("https://api.example.com")
    }

    fn note(pauses: &mut Pauses, error: TokenError, seconds: u64) {
        pauses.note(&api(), Some(&error.into()), at(seconds));
    }

    fn refused(error: OAuthError) -> TokenError {
        TokenError::Refused(error)
    }

    fn busy(status: u16, seconds: u64) -> TokenError {
        TokenError::Request(RequestError::Unavailable {
            status,
            retry_after: Some(Duration::from_secs(seconds)),
        })
    }

    #[test]
    fn the_pause_doubles_with_every_failure_and_ends_with_a_success() {
        let mut pauses = Pauses::default();
        for (pause, now) in [(1, 100), (2, 200), (4, 300), (8, 400), (16, 500), (30, 600), (30, 700)] {
            note(&mut pauses, RequestError::TimedOut.into(), now);
            assert!(pauses.of_session(at(now + pause - 1)).is_some());
            assert!(pauses.of_session(at(now + pause)).is_none(), "{pause} s after {now}");
        }
        pauses.note(&api(), None, at(800));
        assert!(pauses.of_session(at(800)).is_none());
    }

    #[test]
    fn the_pause_after_a_refusal_doubles_up_to_a_minute_and_ends_with_a_success() {
        let mut pauses = Pauses::default();
        let mut now = 100;
        for pause in [5, 10, 20, 40, 60, 60] {
            note(&mut pauses, refused(OAuthError::InvalidTarget), now);
            assert!(pauses.of_target(&api(), at(now + pause - 1)).is_some());
            now += pause;
            assert!(pauses.of_target(&api(), at(now)).is_none(), "{pause} s");
        }
        pauses.note(&api(), None, at(now));
        note(&mut pauses, refused(OAuthError::InvalidTarget), now);
        assert!(pauses.of_target(&api(), at(now + 5)).is_none());
    }

    #[test]
    fn what_is_refused_for_one_target_pauses_no_other() {
        for error in [
            OAuthError::AccessDenied,
            OAuthError::InsufficientScope,
            OAuthError::InvalidScope,
            OAuthError::InvalidTarget,
            OAuthError::InvalidRequest,
            OAuthError::Other,
        ] {
            let mut pauses = Pauses::default();
            note(&mut pauses, refused(error), 100);
            assert_eq!(pauses.of_target(&api(), at(104)), Some(refused(error)));
            assert_eq!(pauses.of_session(at(104)), None);
            assert_eq!(pauses.of_target(&TokenTarget::USER_INFO, at(104)), None);
        }
    }

    #[test]
    fn a_client_that_is_refused_pauses_every_target() {
        for error in [OAuthError::InvalidClient, OAuthError::UnauthorizedClient] {
            let mut pauses = Pauses::default();
            note(&mut pauses, refused(error), 100);
            assert_eq!(pauses.of_session(at(104)), Some(refused(error)));
            assert!(pauses.of_session(at(105)).is_none());
        }
    }

    #[test]
    fn a_retry_after_is_respected_up_to_five_minutes() {
        for (error, pause) in [(busy(429, 90), 90), (busy(503, 86_400), 300)] {
            let mut pauses = Pauses::default();
            note(&mut pauses, error, 100);
            assert!(pauses.of_session(at(100 + pause - 1)).is_some());
            assert!(pauses.of_session(at(100 + pause)).is_none());
        }
        let mut pauses = Pauses::default();
        let refusal = FailedRefresh {
            retry_after: Some(Duration::from_secs(90)),
            ..refused(OAuthError::AccessDenied).into()
        };
        pauses.note(&api(), Some(&refusal), at(100));
        assert!(pauses.of_target(&api(), at(189)).is_some());
        assert!(pauses.of_target(&api(), at(190)).is_none());
    }

    #[test]
    fn the_end_of_a_grant_pauses_nothing() {
        let mut pauses = Pauses::default();
        for error in [TokenError::NoRefreshToken, refused(OAuthError::InvalidGrant)] {
            note(&mut pauses, error, 100);
            assert!(pauses.of_session(at(100)).is_none());
            assert!(pauses.of_target(&api(), at(100)).is_none());
        }
    }

    #[test]
    fn after_an_invalid_answer_the_next_try_waits() {
        for error in [
            TokenError::IdToken(IdTokenError::Signature),
            TokenError::Request(RequestError::InvalidResponse("the token response")),
        ] {
            let mut pauses = Pauses::default();
            note(&mut pauses, error.clone(), 100);
            assert_eq!(pauses.of_session(at(100)), Some(error));
            assert!(pauses.of_session(at(101)).is_none());
        }
    }

    #[test]
    fn the_number_of_paused_targets_is_bounded() {
        let mut pauses = Pauses::default();
        for number in 0..1000 {
            let target = TokenTarget::organization(number.to_string());
            pauses.note(
                &target,
                Some(&refused(OAuthError::AccessDenied).into()),
                at(100 + number / 100),
            );
            assert!(pauses.of_target(&target, at(100 + number / 100)).is_some());
        }
        assert!(pauses.by_target.len() <= MOST_TARGETS);
    }
}
