//! A user whom the provider denies access to the application. The refresh token stays valid.

use serde::{Deserialize, Serialize};

use super::retry::BackOff;
use crate::clock::Timestamp;

/// When the provider first denied access, and when it last did.
///
/// It is part of the session, so that every process that has the session backs off in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Denial(Timestamp, Timestamp);

impl Denial {
    /// A denial at `now`, which may continue an `earlier` one.
    pub(super) fn at(now: Timestamp, earlier: Option<Self>) -> Self {
        Self(earlier.map_or(now, |Self(since, _)| since), now)
    }

    /// When the provider may be asked again. The delay grows with the time since the first denial.
    pub(super) fn backs_off_until(self) -> Timestamp {
        let Self(since, last) = self;
        let BackOff { first, largest } = BackOff::REFUSAL;
        last.plus(last.seconds_since(since).clamp(first, largest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_back_off_grows_up_to_a_minute() {
        let at = Timestamp::from_secs;
        let (mut denial, mut now) = (Denial::at(at(100), None), 100);
        for delay in [5, 5, 10, 20, 40, 60, 60] {
            now += delay;
            assert_eq!(denial.backs_off_until(), at(now));
            denial = Denial::at(at(now), Some(denial));
        }
    }
}
