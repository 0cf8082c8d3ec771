//! The entry of a lease: its id, its number and its content.

use std::time::Duration;

use sha2::{Digest as _, Sha256};

use crate::{
    clock::Timestamp,
    session::{SessionId, deny_list::entry::number_at},
};

/// How long a lease lasts beyond the timeout of a request to the provider, in seconds. The result
/// has to be saved in this time, and the clocks of the processes have to agree within it.
pub(super) const MARGIN: u64 = 5;

/// How long the entry of a released lease stays, in seconds. Until then the next number follows this
/// one; later, numbers start from the time. Longer than the difference between clocks may be, so that
/// a number is never used twice.
pub(super) const FREED: u64 = MARGIN + 1;

/// The id of a session's lease: a hash, so that no entry can be loaded as a session.
pub(super) fn entry_id(session: &SessionId) -> SessionId {
    let hash = Sha256::new_with_prefix("logto refresh lease v1 ");
    SessionId(hash.chain_update(session.as_bytes()).finalize().into())
}

/// A time since the Unix epoch in milliseconds.
pub(super) fn milliseconds(since_epoch: Duration) -> u64 {
    u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX)
}

/// The number of a new entry that replaces the one with the number `last`.
pub(super) fn next_number(last: Option<u64>, now: Timestamp) -> u64 {
    let next = last.map_or(0, |last| last.saturating_add(1));
    next.max(number_at(now))
}

/// The content of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content<'a> {
    /// When the lease ends by itself. Zero for a lease that was released.
    pub(super) deadline: Timestamp,
    /// When its owner acquired it, in milliseconds since the Unix epoch. The provider rotates the
    /// refresh token no earlier.
    pub(super) acquired: u64,
    /// The random name of the last owner.
    pub(super) owner: &'a str,
    /// The sealed result of the last refresh, if the sessions are in cookies. Otherwise empty.
    pub(super) result: &'a str,
}

impl<'a> Content<'a> {
    pub(super) fn free(owner: &'a str, result: &'a str) -> Self {
        Self {
            deadline: Timestamp::default(),
            acquired: 0,
            owner,
            result,
        }
    }

    pub(super) fn to_text(self) -> String {
        format!("{} {} {} {}", self.deadline, self.acquired, self.owner, self.result)
    }

    /// `None` if the text has another form.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.splitn(4, ' ');
        Some(Self {
            deadline: Timestamp::from_secs(parts.next()?.parse().ok()?),
            acquired: parts.next()?.parse().ok()?,
            owner: parts.next()?,
            result: parts.next()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    #[test]
    fn a_number_is_higher_than_the_last_one_even_if_the_clock_was_set_back() {
        let first = next_number(None, NOW);
        assert!(next_number(Some(first), NOW) > first);
        assert!(next_number(Some(first), NOW.minus(100)) > first);
        let released = next_number(Some(first), NOW);
        assert!(next_number(None, NOW.plus(FREED)) > released, "the entry is gone");
    }

    #[test]
    fn content_is_read_as_it_was_written() {
        for result in ["", "sealed"] {
            let held = Content {
                deadline: NOW,
                acquired: 1_700_000_000_123,
                owner: "owner",
                result,
            };
            let free = Content::free("owner", result);
            assert_eq!(Content::parse(&held.to_text()), Some(held));
            assert_eq!(Content::parse(&free.to_text()), Some(free));
        }
        for text in ["", "1", "1 2 owner", "1 owner result", "soon 2 owner result"] {
            assert_eq!(Content::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_session_has_a_lease_of_its_own() {
        let [one, other] = [1, 2].map(|byte| SessionId([byte; 32]));
        assert!(entry_id(&one) != entry_id(&other) && entry_id(&one) != one);
    }
}
