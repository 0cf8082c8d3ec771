//! A lease as it was read.

use std::time::Duration;

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

    /// How long ago the owner acquired the lease. `None` if its clock is ahead.
    pub(super) fn age(&self, since_epoch: Duration) -> Option<Duration> {
        since_epoch.checked_sub(Duration::from_millis(self.acquired()))
    }

    /// When the owner acquired the lease, in milliseconds since the Unix epoch.
    pub(super) fn acquired(&self) -> u64 {
        self.content().map_or(0, |content| content.acquired)
    }

    /// Whether the process of this name was the last owner.
    pub(super) fn is_of(&self, owner: &str) -> bool {
        self.content().is_some_and(|content| content.owner == owner)
    }

    /// The number of the entry, if there is one.
    pub(super) fn number(&self) -> Option<u64> {
        self.0.as_ref().map(|entry| entry.version)
    }

    /// The sealed result of the last refresh. Empty if there is none.
    pub(super) fn result(&self) -> &str {
        self.content().map_or("", |content| content.result)
    }

    /// When the entry expires, and the result with it.
    pub(super) fn expires(&self) -> Timestamp {
        self.0.as_ref().map(|entry| entry.expires).unwrap_or_default()
    }

    fn content(&self) -> Option<Content<'_>> {
        Content::parse(&self.0.as_ref()?.sealed)
    }
}
