//! Visits that are being saved: only one of several concurrent requests of a session saves it.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::session::SessionId;

/// The sessions whose visit this process is saving.
#[derive(Default)]
pub(super) struct VisitsInFlight(Mutex<HashSet<SessionId>>);

impl VisitsInFlight {
    /// Begins to save a visit. `None` if another request of the session is doing so.
    pub(super) fn begin(&self, id: SessionId) -> Option<VisitGuard<'_>> {
        self.lock().insert(id).then(|| VisitGuard { visits: self, id })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Allows the next visit of the session to be saved when it is dropped.
pub(super) struct VisitGuard<'a> {
    visits: &'a VisitsInFlight,
    id: SessionId,
}

impl Drop for VisitGuard<'_> {
    fn drop(&mut self) {
        self.visits.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_is_saved_by_one_request_at_a_time() {
        let visits = VisitsInFlight::default();
        let [one, other] = [1, 2].map(|byte| SessionId::from_bytes(&[byte; 32]).unwrap());
        let guard = visits.begin(one);
        assert!(guard.is_some() && visits.begin(one).is_none() && visits.begin(other).is_some());
        drop(guard);
        assert!(visits.begin(one).is_some());
    }
}
