//! The back-off of one session after a failed refresh.

use std::{collections::HashMap, time::Duration};

use crate::{
    clock::Timestamp,
    error::{Diagnose as _, OAuthError, TokenError},
    session::retry::BackOff,
    token::{FailedRefresh, TokenTarget},
};

/// Maximum `Retry-After` that is respected, in seconds. A proxy that answers "tomorrow" must not
/// lock users out until then.
pub(super) const MAX_RETRY_AFTER: u64 = 300;

/// Maximum number of targets per session, because a browser may choose the targets.
const MAX_TARGETS: usize = 64;

/// The back-off of one session: for all its refreshes, and for those of a single target.
#[derive(Default)]
pub(super) struct SessionBackOff {
    all: Option<Delay>,
    by_target: HashMap<TokenTarget, Delay>,
}

struct Delay {
    until: Timestamp,
    /// In seconds; doubles with every failure.
    length: u64,
    error: TokenError,
}

/// The refreshes that an error delays.
enum Scope {
    /// Every refresh of the session.
    Session(BackOff),
    /// Refreshes for the same target.
    Target(BackOff),
    /// None: the session itself records the error.
    None,
}

impl SessionBackOff {
    /// The last error, while every refresh of the session is delayed.
    pub(super) fn of_session(&self, now: Timestamp) -> Option<TokenError> {
        error_until(self.all.as_ref(), now)
    }

    /// The last error for `target`, while a refresh for it is delayed.
    pub(super) fn of_target(&self, target: &TokenTarget, now: Timestamp) -> Option<TokenError> {
        error_until(self.by_target.get(target), now)
    }

    /// Records the result of a refresh for `target`.
    pub(super) fn record(&mut self, target: &TokenTarget, failure: Option<&FailedRefresh>, now: Timestamp) {
        match failure.map(|failed| (failed, scope(&failed.error))) {
            Some((failed, Scope::Session(back_off))) => {
                self.all = Some(Delay::after(failed, self.all.as_ref(), &back_off, now));
            }
            Some((failed, Scope::Target(back_off))) => {
                let delay = Delay::after(failed, self.by_target.get(target), &back_off, now);
                self.all = None;
                self.make_room(now);
                self.by_target.insert(target.clone(), delay);
            }
            Some((_, Scope::None)) => self.all = None,
            None => {
                self.all = None;
                self.by_target.remove(target);
            }
        }
    }

    /// Ends the delays of one target, or of all targets for `None`.
    pub(super) fn lift(&mut self, target: Option<&TokenTarget>) {
        match target {
            Some(target) => drop(self.by_target.remove(target)),
            None => self.by_target.clear(),
        }
    }

    fn make_room(&mut self, now: Timestamp) {
        self.by_target
            .retain(|_, delay| now < delay.until.plus(BackOff::REFUSAL.largest));
        if self.by_target.len() >= MAX_TARGETS {
            let first = self.by_target.iter().min_by_key(|(_, delay)| delay.until);
            let first = first.map(|(target, _)| target.clone());
            first.and_then(|target| self.by_target.remove(&target));
        }
    }
}

impl Delay {
    fn after(failed: &FailedRefresh, previous: Option<&Self>, back_off: &BackOff, now: Timestamp) -> Self {
        let length = back_off.next_delay(previous.map_or(0, |delay| delay.length));
        let retry_after = failed.retry_after().as_ref().map_or(0, Duration::as_secs);
        Self {
            until: now.plus(length.max(retry_after.min(MAX_RETRY_AFTER))),
            length,
            error: failed.error.clone(),
        }
    }
}

fn error_until(delay: Option<&Delay>, now: Timestamp) -> Option<TokenError> {
    let delay = delay.filter(|delay| now < delay.until)?;
    Some(delay.error.clone())
}

fn scope(error: &TokenError) -> Scope {
    match error {
        error if error.is_transient() => Scope::Session(BackOff::TRANSIENT),
        error if error.ends_grant() => Scope::None,
        // The session itself records this error, with its own back-off.
        TokenError::AccessDenied => Scope::None,
        TokenError::Refused(
            OAuthError::InvalidClient | OAuthError::UnauthorizedClient | OAuthError::UnsupportedGrantType,
        ) => Scope::Session(BackOff::REFUSAL),
        TokenError::Refused(_) => Scope::Target(BackOff::REFUSAL),
        // An invalid answer. Another attempt is unlikely to help, and may use up a refresh token.
        _ => Scope::Session(BackOff::TRANSIENT),
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

    fn record(back_off: &mut SessionBackOff, error: TokenError, seconds: u64) {
        back_off.record(&api(), Some(&error.into()), at(seconds));
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
    fn the_back_off_doubles_with_every_failure_and_ends_with_a_success() {
        let mut back_off = SessionBackOff::default();
        for (delay, now) in [(1, 100), (2, 200), (4, 300), (8, 400), (16, 500), (30, 600), (30, 700)] {
            record(&mut back_off, RequestError::TimedOut.into(), now);
            assert!(back_off.of_session(at(now + delay - 1)).is_some());
            assert!(back_off.of_session(at(now + delay)).is_none(), "{delay} s after {now}");
        }
        back_off.record(&api(), None, at(800));
        assert!(back_off.of_session(at(800)).is_none());
    }

    #[test]
    fn the_back_off_after_a_refusal_doubles_up_to_a_minute_and_ends_with_a_success() {
        let mut back_off = SessionBackOff::default();
        let mut now = 100;
        for delay in [5, 10, 20, 40, 60, 60] {
            record(&mut back_off, refused(OAuthError::InvalidTarget), now);
            assert!(back_off.of_target(&api(), at(now + delay - 1)).is_some());
            now += delay;
            assert!(back_off.of_target(&api(), at(now)).is_none(), "{delay} s");
        }
        back_off.record(&api(), None, at(now));
        record(&mut back_off, refused(OAuthError::InvalidTarget), now);
        assert!(back_off.of_target(&api(), at(now + 5)).is_none());
    }

    #[test]
    fn a_refusal_for_one_target_does_not_affect_other_targets() {
        for error in [
            OAuthError::AccessDenied,
            OAuthError::InsufficientScope,
            OAuthError::InvalidScope,
            OAuthError::InvalidTarget,
            OAuthError::InvalidRequest,
            OAuthError::Other,
        ] {
            let mut back_off = SessionBackOff::default();
            record(&mut back_off, refused(error), 100);
            assert_eq!(back_off.of_target(&api(), at(104)), Some(refused(error)));
            assert_eq!(back_off.of_session(at(104)), None);
            assert_eq!(back_off.of_target(&TokenTarget::USER_INFO, at(104)), None);
        }
    }

    #[test]
    fn a_refused_client_backs_off_for_every_target() {
        for error in [OAuthError::InvalidClient, OAuthError::UnauthorizedClient] {
            let mut back_off = SessionBackOff::default();
            record(&mut back_off, refused(error), 100);
            assert_eq!(back_off.of_session(at(104)), Some(refused(error)));
            assert!(back_off.of_session(at(105)).is_none());
        }
    }

    #[test]
    fn retry_after_is_respected_up_to_five_minutes() {
        for (error, delay) in [(busy(429, 90), 90), (busy(503, 86_400), 300)] {
            let mut back_off = SessionBackOff::default();
            record(&mut back_off, error, 100);
            assert!(back_off.of_session(at(100 + delay - 1)).is_some());
            assert!(back_off.of_session(at(100 + delay)).is_none());
        }
        let mut back_off = SessionBackOff::default();
        let refusal = FailedRefresh {
            retry_after: Some(Duration::from_secs(90)),
            ..refused(OAuthError::AccessDenied).into()
        };
        back_off.record(&api(), Some(&refusal), at(100));
        assert!(back_off.of_target(&api(), at(189)).is_some());
        assert!(back_off.of_target(&api(), at(190)).is_none());
    }

    #[test]
    fn the_end_of_a_grant_causes_no_back_off() {
        let mut back_off = SessionBackOff::default();
        for error in [TokenError::NoRefreshToken, refused(OAuthError::InvalidGrant)] {
            record(&mut back_off, error, 100);
            assert!(back_off.of_session(at(100)).is_none());
            assert!(back_off.of_target(&api(), at(100)).is_none());
        }
    }

    #[test]
    fn an_invalid_answer_causes_a_back_off() {
        for error in [
            TokenError::IdToken(IdTokenError::Signature),
            TokenError::Request(RequestError::InvalidResponse("the token response")),
        ] {
            let mut back_off = SessionBackOff::default();
            record(&mut back_off, error.clone(), 100);
            assert_eq!(back_off.of_session(at(100)), Some(error));
            assert!(back_off.of_session(at(101)).is_none());
        }
    }

    #[test]
    fn the_number_of_targets_is_bounded() {
        let mut back_off = SessionBackOff::default();
        for number in 0..1000 {
            let target = TokenTarget::organization(number.to_string());
            back_off.record(
                &target,
                Some(&refused(OAuthError::AccessDenied).into()),
                at(100 + number / 100),
            );
            assert!(back_off.of_target(&target, at(100 + number / 100)).is_some());
        }
        assert!(back_off.by_target.len() <= MAX_TARGETS);
    }
}
