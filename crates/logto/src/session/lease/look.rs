//! A lease as it was read.

use super::entry::Content;
use crate::{clock::Timestamp, session::store::StoredSession};

/// The entry of a lease as it was read from the store. The default is that there is none.
#[derive(Default)]
pub(in crate::session) struct Look(Option<StoredSession>);

impl Look {
    pub(super) fn at(entry: Option<StoredSession>) -> Self {
        Self(entry)
    }

    /// Whether a process holds the lease.
    pub(super) fn is_held(&self, now: Timestamp) -> bool {
        self.content().is_some_and(|content| now < content.deadline)
    }

    /// The number of the entry, if there is one.
    pub(super) fn number(&self) -> Option<u64> {
        self.0.as_ref().map(|entry| entry.version)
    }

    fn content(&self) -> Option<Content<'_>> {
        Content::parse(&self.0.as_ref()?.sealed)
    }
}
