//! Dropping cached access tokens.

use std::sync::Arc;

use super::{Refresher, Session, change::Change, store::StoreError};
use crate::token::TokenTarget;

impl Refresher {
    /// Drops the cached access token for `target`, or all of them with `None`: the next use asks
    /// the provider. Refusals that were remembered for these targets are forgotten too. `None` when
    /// the session was signed out.
    ///
    /// It waits for a refresh of the session that is under way, and drops what that brought as
    /// well. ID token and refresh token stay.
    ///
    /// # Errors
    ///
    /// When the store does not answer: nothing was dropped.
    pub async fn clear(
        &self,
        session: Arc<Session>,
        target: Option<&TokenTarget>,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        let recent = self.recent_of(session.id());
        let _turn = recent.turn.lock().await;
        let Some(session) = self.current(&recent, &session).await? else {
            return Ok(None);
        };
        self.paused().lift(&session.id(), target, self.client().now());
        let change = Change::Cleared(target.cloned());
        let cleared = match self.stored() {
            Some(stored) => stored.save_change(session, &change).await?,
            None => Some(Arc::new(change.apply(&session))),
        };
        Ok(cleared.and_then(|cleared| recent.keep(cleared)))
    }
}

impl Session {
    /// The session without the access token for `target`, or without any. Counted, so that a
    /// refresh which was under way in another process does not bring the token back.
    pub(super) fn with_tokens_cleared(&self, target: Option<&TokenTarget>) -> Self {
        let mut session = self.next_version();
        session.clears += 1;
        match target {
            Some(target) => drop(session.access_tokens.remove(target)),
            None => session.access_tokens.clear(),
        }
        session
    }

    /// This session without access tokens if `other`, an earlier version of it, knows of a later
    /// clearing.
    pub(super) fn cleared_like(self: &Arc<Self>, other: &Self) -> Arc<Self> {
        if self.clears >= other.clears {
            return Arc::clone(self);
        }
        let mut session = Self::clone(self);
        session.clears = other.clears;
        session.access_tokens.clear();
        Arc::new(session)
    }
}
