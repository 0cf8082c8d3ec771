//! Recording logouts.

use std::sync::{Arc, atomic::Ordering};

use super::{
    DenyList, LogoutMark,
    entry::{EntryKey, entry_ids_of, number_at},
};
use crate::{
    logout_token::LogoutTarget,
    session::{SessionId, retry, store::StoreError},
};

impl DenyList {
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

    pub(super) fn defer(&self, ids: &[SessionId]) -> bool {
        // Higher than every earlier number, including those of instances with a fast clock.
        let now = self.client.now().plus(self.client.config().clock_tolerance() + 1);
        let number = number_at(now);
        if !self.pending.add(ids, number) {
            return false;
        }
        self.highest_pending.fetch_max(number, Ordering::AcqRel);
        if let Some(writer) = self.pending.begin_writing() {
            let list = self.clone();
            retry::until_done(self.client.clock(), retry::delays(), move || {
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
}
