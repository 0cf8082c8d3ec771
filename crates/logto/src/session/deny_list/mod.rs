//! Sessions that have ended although a cookie or a stored session still exists, and tokens that
//! must not be used twice.

pub(super) mod entry;
mod logout;
mod pending;
mod records;
mod replay;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

pub use self::entry::LogoutMark;
use self::{
    entry::{EntryKey, number_at},
    pending::PendingEntries,
};
use super::{
    Lifetimes, Session, SessionId,
    store::{SessionStore, StoreError, StoredSession},
};
use crate::client::LogtoClient;

/// Records which sessions have ended, and which logout tokens and sign-ins were used.
///
/// Each record is a small entry in a [`SessionStore`], under a hash of its subject, and expires
/// when the sessions that it is about would have expired. A
/// [`MemoryStore`](super::store::MemoryStore) serves one process; several processes need a
/// shared store. An entry contains no session and cannot be loaded as one.
///
/// Logouts are numbered, and a session knows the number of the last logout before its sign-in
/// ([`DenyList::mark`]). Whether a logout came before or after the sign-in therefore does not
/// depend on the clocks of the servers.
#[derive(Clone)]
pub struct DenyList {
    client: LogtoClient,
    store: Arc<dyn SessionStore>,
    lifetimes: Lifetimes,
    /// Entries that could not be written because the store was unavailable.
    pending: Arc<PendingEntries>,
    /// The highest number that a pending entry has ever had.
    highest_pending: Arc<AtomicU64>,
}

impl fmt::Debug for DenyList {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DenyList")
            .field("store", &self.store)
            .field("lifetimes", &self.lifetimes)
            .finish_non_exhaustive()
    }
}

const NAME: &str = "deny list";

impl DenyList {
    /// Creates a deny list for sessions of this client, kept in this store.
    #[must_use]
    pub fn new(client: LogtoClient, store: Arc<dyn SessionStore>, lifetimes: Lifetimes) -> Self {
        Self {
            client,
            store,
            lifetimes,
            pending: Arc::default(),
            highest_pending: Arc::default(),
        }
    }

    /// Whether the session has ended.
    ///
    /// # Errors
    ///
    /// If the store fails. The session must then not be treated as valid.
    pub async fn denies(&self, session: &Session) -> Result<bool, StoreError> {
        let pending = self.pending(session.entry_ids());
        if self.is_ended_by(session, pending) {
            return Ok(true);
        }
        let entries = self.store.load_all(session.entry_ids(), self.client.now()).await?;
        self.ends(session, pending, &entries)
    }

    /// The numbers of the entries that are still pending. Read them before the store: an entry may
    /// be written in between.
    pub(super) fn pending(&self, ids: &[SessionId; 3]) -> [Option<u64>; 3] {
        self.pending.find(ids)
    }

    /// Whether the pending or the stored entries end the session. `stored` has one element for each
    /// of [`Session::entry_ids`].
    pub(super) fn ends(
        &self,
        session: &Session,
        pending: [Option<u64>; 3],
        stored: &[Option<StoredSession>],
    ) -> Result<bool, StoreError> {
        let [id, at_provider, user] = stored else {
            return Err(StoreError::Unexpected(NAME));
        };
        let number = |entry: &Option<StoredSession>| entry.as_ref().map(|entry| entry.version);
        let stored = [id, at_provider, user].map(number);
        Ok(self.is_ended_by(session, pending) || self.is_ended_by(session, stored))
    }

    fn is_ended_by(&self, session: &Session, [id, at_provider, user]: [Option<u64>; 3]) -> bool {
        // For a session without a mark, the clocks decide. They may differ by the clock tolerance.
        let earliest = number_at(session.started().minus(self.client.config().clock_tolerance()));
        let came_later = |logout: u64| logout > session.logouts.0 && logout >= earliest;
        let has_sid = || session.id_token().claims().sid.is_some();
        let ended_at_provider = at_provider.is_some_and(|logout| has_sid() || came_later(logout));
        id.is_some() || ended_at_provider || user.is_some_and(came_later)
    }

    /// The number of the last recorded logout, for [`Session::begun_after`].
    ///
    /// Read it before the sign-in exchanges its code, so that a logout during the exchange ends the
    /// session.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn mark(&self) -> Result<LogoutMark, StoreError> {
        let last = self.number_of(&EntryKey::LastLogout.id()).await?.unwrap_or_default();
        // The mark must be at least the highest pending number, or a pending logout would end the
        // new session. A sign-in does not wait for the pending entries themselves: there may be
        // more than can be written while a code is valid.
        let pending = self.highest_pending.load(Ordering::Acquire);
        let last = if last < pending {
            self.next_number(pending).await?
        } else {
            last
        };
        Ok(LogoutMark(last))
    }
}
