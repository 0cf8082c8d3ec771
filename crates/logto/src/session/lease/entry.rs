//! The entry of a lease: its id, its number and its content.

use sha2::{Digest as _, Sha256};

use crate::{
    clock::Timestamp,
    session::{SessionId, deny_list::entry::number_at},
};

/// How long the entry of a released lease stays, in seconds. In this time its number is known, and
/// afterwards the time makes the next number higher.
pub(super) const FREED: u64 = 2;

/// The id of a session's lease: a hash, so that no entry can be loaded as a session.
pub(super) fn entry_id(session: &SessionId) -> SessionId {
    let hash = Sha256::new_with_prefix("logto refresh lease v1 ");
    SessionId(hash.chain_update(session.as_bytes()).finalize().into())
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
    /// The random name of the last owner.
    pub(super) owner: &'a str,
}

impl<'a> Content<'a> {
    pub(super) fn free(owner: &'a str) -> Self {
        Self {
            deadline: Timestamp::default(),
            owner,
        }
    }

    pub(super) fn to_text(self) -> String {
        format!("{} {}", self.deadline, self.owner)
    }

    /// `None` if the text has another form.
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (deadline, owner) = text.split_once(' ')?;
        Some(Self {
            deadline: Timestamp::from_secs(deadline.parse().ok()?),
            owner,
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
        let content = Content {
            deadline: NOW,
            owner: "owner",
        };
        assert_eq!(Content::parse(&content.to_text()), Some(content));
        for text in ["", "1", "soon owner"] {
            assert_eq!(Content::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_session_has_a_lease_of_its_own() {
        let [one, other] = [1, 2].map(|byte| SessionId([byte; 32]));
        assert!(entry_id(&one) != entry_id(&other) && entry_id(&one) != one);
    }
}
