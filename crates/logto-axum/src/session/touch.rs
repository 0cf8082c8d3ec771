//! Visits that are being put on record: of many requests at once one does it for all.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use logto::session::SessionId;

/// The sessions whose visit this process is just saving.
#[derive(Default)]
pub(crate) struct Visits(Mutex<HashSet<SessionId>>);

impl Visits {
    /// The turn to save a visit of this session, until it is dropped; `None` while somebody has it.
    pub(crate) fn turn(&self, id: SessionId) -> Option<VisitTurn<'_>> {
        self.lock().insert(id).then(|| VisitTurn { visits: self, id })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Ends when it is dropped.
pub(crate) struct VisitTurn<'a> {
    visits: &'a Visits,
    id: SessionId,
}

impl Drop for VisitTurn<'_> {
    fn drop(&mut self) {
        self.visits.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_at_a_time_has_the_turn_for_a_session() {
        let visits = Visits::default();
        let [one, other] = [1, 2].map(|byte| SessionId::from_bytes(&[byte; 32]).unwrap());
        let turn = visits.turn(one);
        assert!(turn.is_some() && visits.turn(one).is_none() && visits.turn(other).is_some());
        drop(turn);
        assert!(visits.turn(one).is_some());
    }
}
