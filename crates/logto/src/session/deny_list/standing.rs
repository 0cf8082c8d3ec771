//! Judging a session by its entries.

use std::sync::Arc;

use super::{
    DenyList, LogoutMark, NAME,
    entry::{ENTRIES, number_at},
};
use crate::session::{
    Session, SessionId,
    store::{StoreError, StoredSession},
};

/// The effect of the entries on a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::session) enum Standing {
    Valid,
    /// The claims are outdated, by the report with this number.
    Outdated(LogoutMark),
    Ended,
}

impl Standing {
    /// The session, marked if its claims are outdated. `None` if it has ended.
    pub(in crate::session) fn apply_to(self, session: Arc<Session>) -> Option<Arc<Session>> {
        match self {
            Self::Valid => Some(session),
            Self::Outdated(report) => Some(Arc::new(session.with_outdated_claims(report))),
            Self::Ended => None,
        }
    }
}

impl DenyList {
    /// Whether the session has ended.
    ///
    /// # Errors
    ///
    /// If the store fails. The session must then not be treated as valid.
    pub async fn denies(&self, session: &Session) -> Result<bool, StoreError> {
        Ok(self.standing(session).await? == Standing::Ended)
    }

    /// The session, marked if the provider has reported its claims as outdated. `None` if it has
    /// ended.
    ///
    /// # Errors
    ///
    /// If the store fails. The session must then not be treated as valid.
    pub async fn check(&self, session: Arc<Session>) -> Result<Option<Arc<Session>>, StoreError> {
        Ok(self.standing(&session).await?.apply_to(session))
    }

    pub(in crate::session) async fn standing(&self, session: &Session) -> Result<Standing, StoreError> {
        let pending = self.pending(session.entry_ids());
        if self.judge(session, pending) == Standing::Ended {
            return Ok(Standing::Ended);
        }
        let ids = self.watched(session.entry_ids());
        let entries = self.store.load_all(ids, self.client.now()).await?;
        self.standing_by(session, pending, &entries)
    }

    /// Those of a session's entry ids that have to be loaded.
    pub(in crate::session) fn watched<'a>(&self, ids: &'a [SessionId; ENTRIES]) -> &'a [SessionId] {
        if self.watches_claims { ids } else { &ids[..ENTRIES - 1] }
    }

    /// The numbers of the entries that are still pending. Read them before the store: an entry may
    /// be written in between.
    pub(in crate::session) fn pending(&self, ids: &[SessionId; ENTRIES]) -> [Option<u64>; ENTRIES] {
        self.pending.find(ids)
    }

    /// The effect of the pending and the stored entries on the session. `stored` has one element for
    /// each of [`DenyList::watched`].
    pub(in crate::session) fn standing_by(
        &self,
        session: &Session,
        pending: [Option<u64>; ENTRIES],
        stored: &[Option<StoredSession>],
    ) -> Result<Standing, StoreError> {
        let number = |entry: &Option<StoredSession>| entry.as_ref().map(|entry| entry.version);
        let stored = match (stored, self.watches_claims) {
            ([id, at_provider, user], false) => [number(id), number(at_provider), number(user), None],
            ([id, at_provider, user, claims], true) => [id, at_provider, user, claims].map(number),
            _ => return Err(StoreError::Unexpected(NAME)),
        };
        // Each entry counts with its higher number. `None` is the lowest.
        let mut numbers = pending;
        for (number, stored) in numbers.iter_mut().zip(stored) {
            *number = (*number).max(stored);
        }
        Ok(self.judge(session, numbers))
    }

    fn judge(&self, session: &Session, [id, at_provider, user, claims]: [Option<u64>; ENTRIES]) -> Standing {
        // For a session without a mark, the clocks decide. They may differ by the clock tolerance.
        let earliest = number_at(session.started().minus(self.client.config().clock_tolerance()));
        let came_later = |logout: u64| logout > session.logouts.0 && logout >= earliest;
        let has_sid = || session.id_token().claims().sid.is_some();
        let ended_at_provider = at_provider.is_some_and(|logout| has_sid() || came_later(logout));
        if id.is_some() || ended_at_provider || user.is_some_and(came_later) {
            return Standing::Ended;
        }
        match claims {
            Some(report) if self.watches_claims && came_later(report) && report > session.refreshed_after.0 => {
                Standing::Outdated(LogoutMark(report))
            }
            _ => Standing::Valid,
        }
    }
}
