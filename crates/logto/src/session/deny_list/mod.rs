//! Sessions that have ended although a cookie or a stored session still exists, and tokens that
//! must not be used twice.

pub(super) mod entry;
mod pending;

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

pub use self::entry::LogoutMark;
use self::{
    entry::{EntryKey, entry, entry_ids_of, number_at},
    pending::PendingEntries,
};
use super::{
    Lifetimes, Session, SessionId, retry,
    store::{Saved, SessionStore, StoreError, StoredSession},
};
use crate::{
    client::LogtoClient,
    clock::Timestamp,
    logout_token::{LogoutTarget, VerifiedLogoutToken},
    secret::ExposeSecret as _,
    sign_in::SignInTransaction,
};

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

/// Maximum attempts to write an entry that other processes write at the same time. Each conflict
/// means that one of them has succeeded.
const MAX_ATTEMPTS: u32 = 100;

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

    /// Ends one session of this app.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn deny_session(&self, id: SessionId) -> Result<(), StoreError> {
        let number = number_at(self.client.now());
        self.record(&EntryKey::Session(id).id(), number).await
    }

    /// Ends the sessions that a logout token names. Later sign-ins are not affected.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn deny(&self, target: &LogoutTarget) -> Result<(), StoreError> {
        // The number is the boundary: a session with a lower mark ends, and a sign-in that reads
        // its mark from now on is not affected.
        let logout = self.number_logout().await?;
        self.deny_before(target, logout).await
    }

    /// Numbers a logout before its target is known. [`DenyList::deny_before`] with this number does
    /// not affect sessions that begin from now on.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn number_logout(&self) -> Result<LogoutMark, StoreError> {
        let number = self.next_number(number_at(self.client.now())).await?;
        Ok(LogoutMark(number))
    }

    /// Ends the sessions that a logout token names, if they began before `logout`.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn deny_before(&self, target: &LogoutTarget, logout: LogoutMark) -> Result<(), StoreError> {
        for id in entry_ids_of(target) {
            self.record(&id, logout.0).await?;
        }
        Ok(())
    }

    /// Like [`DenyList::deny`], for a store that is unavailable.
    ///
    /// The sessions end in this process at once, and in other processes when the store is available
    /// again and a background task has written the entries. `false` if too many entries are pending
    /// already.
    #[must_use = "a logout that finds no room is lost"]
    pub fn deny_later(&self, target: &LogoutTarget) -> bool {
        self.defer(&entry_ids_of(target))
    }

    /// Like [`DenyList::deny_session`], for a store that is unavailable, see
    /// [`DenyList::deny_later`].
    #[must_use = "a sign-out that finds no room is lost"]
    pub fn deny_session_later(&self, id: SessionId) -> bool {
        self.defer(&[EntryKey::Session(id).id()])
    }

    fn defer(&self, ids: &[SessionId]) -> bool {
        // Higher than every earlier number, including those of instances with a fast clock.
        let now = self.client.now().plus(self.client.config().clock_tolerance() + 1);
        let number = number_at(now);
        if !self.pending.add(ids, number) {
            return false;
        }
        self.highest_pending.fetch_max(number, Ordering::AcqRel);
        if let Some(writer) = self.pending.begin_writing() {
            let list = self.clone();
            retry::until_done(self.client.clock(), move || {
                let (list, writer) = (list.clone(), Arc::clone(&writer));
                async move {
                    let written = list.write_pending().await;
                    drop(writer);
                    written
                }
            });
        }
        true
    }

    async fn write_pending(&self) -> Result<(), StoreError> {
        // All sessions from before this time have expired.
        let expired = self.client.now().minus(self.longest_life());
        self.pending.discard_below(number_at(expired));
        while let Some((id, number)) = self.pending.next() {
            if self.number_of(&EntryKey::LastLogout.id()).await? < Some(number) {
                self.next_number(number).await?;
            }
            self.record(&id, number).await?;
            self.pending.written(&id, number);
        }
        Ok(())
    }

    /// Whether the logout token was used before.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn has_seen(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        Ok(self
            .number_of(&EntryKey::LogoutToken(token.jti()).id())
            .await?
            .is_some())
    }

    /// Records the use of a logout token until the token expires. `false` if it was used before,
    /// which includes a concurrent request.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn use_up(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        let until = token.expires().plus(self.client.config().clock_tolerance());
        self.record_once(EntryKey::LogoutToken(token.jti()), until).await
    }

    /// Records the callback of a sign-in until the transaction expires. `false` if a callback for
    /// it was recorded before.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn use_up_transaction(&self, transaction: &SignInTransaction) -> Result<bool, StoreError> {
        let key = EntryKey::SignIn(transaction.state().expose_secret());
        // The clock of another instance may be behind.
        let until = transaction.expires().plus(self.client.config().clock_tolerance());
        self.record_once(key, until).await
    }

    /// Writes an entry. `false` if it exists already.
    async fn record_once(&self, key: EntryKey<'_>, until: Timestamp) -> Result<bool, StoreError> {
        let now = self.client.now();
        let id = key.id();
        let entry = self.made_unique(entry(&id, now.as_secs(), until))?;
        Ok(self.store.save(&id, None, entry, now).await? == Saved::Done)
    }

    /// The next number for a logout, at least `at_least`. Each number is used once.
    async fn next_number(&self, at_least: u64) -> Result<u64, StoreError> {
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
    async fn record(&self, id: &SessionId, number: u64) -> Result<(), StoreError> {
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
    async fn number_of(&self, id: &SessionId) -> Result<Option<u64>, StoreError> {
        let entry = self.store.load(id, self.client.now()).await?;
        Ok(entry.map(|entry| entry.version))
    }

    /// The entry with random content, so that a store cannot mistake another process's identical
    /// entry for a retry of its own write.
    fn made_unique(&self, entry: StoredSession) -> Result<StoredSession, StoreError> {
        let content = SessionId::random(self.client.random()).map_err(|_| StoreError::Unavailable("randomness"))?;
        Ok(StoredSession {
            sealed: content.to_text(),
            ..entry
        })
    }

    /// The longest remaining life of any existing session, in seconds, even if the clock that
    /// recorded its start is ahead.
    fn longest_life(&self) -> u64 {
        let tolerance = self.client.config().clock_tolerance();
        self.lifetimes.absolute().saturating_add(2 * tolerance + 1)
    }
}
