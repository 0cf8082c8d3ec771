//! Reports of the provider that the claims of users are outdated.

use futures_util::future::try_join_all;

use super::{DenyList, entry::EntryKey};
use crate::session::{SessionId, store::StoreError};

/// Number of entries that are written at the same time.
const CONCURRENCY: usize = 16;

impl DenyList {
    /// Sets whether sessions are checked for outdated claims. `false` by default, because each check
    /// then reads one more entry.
    #[must_use]
    pub fn watching_claims(mut self, watches_claims: bool) -> Self {
        self.watches_claims = watches_claims;
        self
    }

    /// Reports that the claims and permissions of these users have changed at the provider.
    ///
    /// Their sessions continue with the state [`Stale`](crate::session::SessionState::Stale) until a
    /// refresh has fetched new claims; cached access tokens are fetched again. A session without a
    /// refresh token ends. Sessions that begin later are not affected. Only a list that is
    /// [watching claims](Self::watching_claims) notices it.
    ///
    /// # Errors
    ///
    /// If the store fails. Some of the users may have been reported anyway.
    pub async fn outdate_claims(&self, user_ids: &[String]) -> Result<(), StoreError> {
        let report = self.number_logout().await?;
        for some in claim_ids(user_ids).chunks(CONCURRENCY) {
            try_join_all(some.iter().map(|id| self.record(id, report.0))).await?;
        }
        Ok(())
    }

    /// Like [`DenyList::outdate_claims`], for a store that is unavailable, see
    /// [`DenyList::deny_later`].
    #[must_use = "a report that finds no room is lost"]
    pub fn outdate_claims_later(&self, user_ids: &[String]) -> bool {
        self.defer(&claim_ids(user_ids))
    }
}

fn claim_ids(user_ids: &[String]) -> Vec<SessionId> {
    user_ids.iter().map(|id| EntryKey::Claims(id).id()).collect()
}
