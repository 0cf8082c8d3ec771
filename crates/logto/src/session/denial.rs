//! A user who may not use the application at present: the provider refuses every refresh, and the
//! refresh token stays valid.

use serde::{Deserialize, Serialize};

use super::{Session, pauses::REFUSAL};
use crate::clock::Timestamp;

/// Since when the provider has denied access, and when it was last asked. The session keeps it, so
/// that every process that has the session backs off alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Denial(Timestamp, Timestamp);

impl Denial {
    /// When the provider is asked again: the pause grows with the time for which access has been
    /// denied.
    fn asked_again(self) -> Timestamp {
        let Self(since, asked) = self;
        asked.plus(asked.seconds_since(since).clamp(REFUSAL.first, REFUSAL.longest))
    }
}

impl Session {
    /// The session after the provider has denied access. It keeps the refresh token, which works
    /// again when access is given back, and no access token.
    pub(super) fn with_access_denied(&self, now: Timestamp) -> Self {
        let mut session = self.next_version();
        let since = self.denied.map_or(now, |Denial(since, _)| since);
        session.denied = Some(Denial(since, now));
        session.access_tokens.clear();
        session
    }

    /// Whether the provider has denied access and is not asked again yet.
    pub(super) fn is_denied_for_now(&self, now: Timestamp) -> bool {
        self.denied.is_some_and(|denial| now < denial.asked_again())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_is_asked_again_after_pauses_that_grow_up_to_a_minute() {
        let at = Timestamp::from_secs;
        let mut asked = 100;
        for pause in [5, 5, 10, 20, 40, 60, 60] {
            let again = Denial(at(100), at(asked)).asked_again();
            assert_eq!(again, at(asked + pause));
            asked += pause;
        }
    }
}
