//! Touches in flight: only one of several concurrent requests of a session saves the time of the
//! visit.

use std::{
    collections::HashSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

use logto::session::SessionId;

/// The sessions that this process is touching.
#[derive(Default)]
pub(crate) struct Touches(Mutex<HashSet<SessionId>>);

impl Touches {
    /// Begins to touch a session; `None` if another request is doing so.
    pub(crate) fn begin(&self, id: SessionId) -> Option<TouchGuard<'_>> {
        self.lock().insert(id).then(|| TouchGuard { touches: self, id })
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<SessionId>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Allows the next touch of the session when it is dropped.
pub(crate) struct TouchGuard<'a> {
    touches: &'a Touches,
    id: SessionId,
}

impl Drop for TouchGuard<'_> {
    fn drop(&mut self) {
        self.touches.lock().remove(&self.id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_touched_by_one_request_at_a_time() {
        let touches = Touches::default();
        let [one, other] = [1, 2].map(|byte| SessionId::from_bytes(&[byte; 32]).unwrap());
        let guard = touches.begin(one);
        assert!(guard.is_some() && touches.begin(one).is_none() && touches.begin(other).is_some());
        drop(guard);
        assert!(touches.begin(one).is_some());
    }
}
