//! Sessions that have ended although a cookie or a stored session still exists, and tokens that
//! must not be used twice.

mod claims;
pub(super) mod entry;
mod logout;
mod pending;
mod records;
mod replay;
mod standing;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

pub use self::entry::LogoutMark;
pub(super) use self::standing::Standing;
use self::{entry::EntryKey, pending::PendingEntries};
use super::{
    Lifetimes,
    store::{SessionStore, StoreError},
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
    /// Whether sessions are checked for reports of outdated claims.
    watches_claims: bool,
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
            watches_claims: false,
            pending: Arc::default(),
            highest_pending: Arc::default(),
        }
    }

    /// The store that keeps the list.
    pub(super) fn store(&self) -> &Arc<dyn SessionStore> {
        &self.store
    }

    /// The number of the last recorded logout, for [`Session::begun_after`](crate::session::Session::begun_after).
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
