//! Results of refreshes in the entries of leases.

use std::sync::Arc;

use super::{
    Leases, Look,
    entry::{Content, entry_id},
};
use crate::session::{Session, SessionId, store::StoreError};

impl Leases {
    /// Whether processes get the result of a refresh from its lease.
    pub(in crate::session) fn have_results(&self) -> bool {
        self.results.is_some()
    }

    /// A newer version of the session, which another process has refreshed.
    pub(in crate::session) fn newer(&self, look: &Look, session: &Session) -> Option<Arc<Session>> {
        let results = self.results.as_ref()?;
        let found = results.open(&session.id(), look.result(), self.client.now())?;
        (found.version() > session.version()).then_some(found)
    }

    /// A result, unless the session has ended since.
    pub(in crate::session) async fn check(&self, result: Arc<Session>) -> Result<Option<Arc<Session>>, StoreError> {
        match &self.results {
            Some(results) => results.check(result).await,
            None => Ok(Some(result)),
        }
    }

    /// Keeps the result for a session for `seconds` from now. No-op without one, or during a
    /// refresh, which has its own result.
    pub(in crate::session) async fn keep_result(&self, session: &SessionId, seconds: u64) -> Result<(), StoreError> {
        let (look, now) = (self.look(session).await?, self.client.now());
        let expires = now.plus(seconds);
        if look.result().is_empty() || look.is_held(now) || look.expires() >= expires {
            return Ok(());
        }
        let (id, owner) = (entry_id(session), self.owner()?);
        let content = Content::free(&owner, look.result());
        let written = self.write(&id, look.number(), content, expires, now);
        written.await.map(drop)
    }
}
