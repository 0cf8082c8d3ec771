//! Reading and writing entries, which other processes may write at the same time.

use super::{
    DenyList, NAME,
    entry::{EntryKey, entry},
};
use crate::session::{
    SessionId,
    store::{Saved, StoreError, StoredSession},
};

/// Maximum attempts to write an entry that other processes write at the same time. Each conflict
/// means that one of them has succeeded.
const MAX_ATTEMPTS: u32 = 100;

impl DenyList {
    /// The next number for a logout, at least `at_least`. Each number is used once.
    pub(super) async fn next_number(&self, at_least: u64) -> Result<u64, StoreError> {
        let now = self.client.now();
        let id = EntryKey::LastLogout.id();
        for _ in 0..MAX_ATTEMPTS {
            let last = self.number_of(&id).await?;
            let number = last.map_or(at_least, |last| at_least.max(last.saturating_add(1)));
            let entry = self.made_unique(entry(&id, number, now.plus(self.longest_life())))?;
            if self.store.save(&id, last, entry, now).await? == Saved::Done {
                return Ok(number);
            }
        }
        Err(StoreError::Unavailable(NAME))
    }

    /// Writes an entry with this number, unless it exists with at least this number.
    pub(super) async fn record(&self, id: &SessionId, number: u64) -> Result<(), StoreError> {
        let now = self.client.now();
        for _ in 0..MAX_ATTEMPTS {
            let known = self.number_of(id).await?;
            if known.is_some_and(|known| known >= number) {
                return Ok(());
            }
            let entry = entry(id, number, now.plus(self.longest_life()));
            // After a conflict another process has written the entry, perhaps with a lower number.
            if self.store.save(id, known, entry, now).await? == Saved::Done {
                return Ok(());
            }
        }
        Err(StoreError::Unavailable(NAME))
    }

    /// The number of an entry, if the entry exists.
    pub(super) async fn number_of(&self, id: &SessionId) -> Result<Option<u64>, StoreError> {
        let entry = self.store.load(id, self.client.now()).await?;
        Ok(entry.map(|entry| entry.version))
    }

    /// The entry with random content, so that a store cannot mistake another process's identical
    /// entry for a retry of its own write.
    pub(super) fn made_unique(&self, entry: StoredSession) -> Result<StoredSession, StoreError> {
        let content = SessionId::random(self.client.random()).map_err(|_| StoreError::Unavailable("randomness"))?;
        Ok(StoredSession {
            sealed: content.to_text(),
            ..entry
        })
    }

    /// The longest remaining life of any existing session, in seconds, even if the clock that
    /// recorded its start is ahead.
    pub(super) fn longest_life(&self) -> u64 {
        let tolerance = self.client.config().clock_tolerance();
        self.lifetimes.absolute().saturating_add(2 * tolerance + 1)
    }
}
