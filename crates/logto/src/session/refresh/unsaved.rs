//! The result of a refresh that the store does not have yet.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::session_update::{SessionUpdate, save};
use crate::{
    error::Diagnose as _,
    session::{Session, StoredSessions, store::StoreError},
};

/// An update and the session that it was made for.
type Update = (Arc<Session>, Arc<SessionUpdate>);

/// An update that could not be saved, if there is one.
#[derive(Default)]
pub(super) struct Unsaved(Mutex<Option<Update>>);

impl Unsaved {
    pub(super) fn set(&self, session: &Arc<Session>, update: &Arc<SessionUpdate>) {
        *self.lock() = Some((Arc::clone(session), Arc::clone(update)));
    }

    /// Forgets the update, unless another one has replaced it.
    pub(super) fn clear(&self, update: &Arc<SessionUpdate>) {
        let mut unsaved = self.lock();
        if matches!(&*unsaved, Some((_, other)) if Arc::ptr_eq(other, update)) {
            *unsaved = None;
        }
    }

    /// Saves the update, or forgets it if it can never be saved. `false` if there is none.
    pub(super) async fn save(&self, stored: &StoredSessions) -> Result<bool, StoreError> {
        let unsaved = self.lock().clone();
        let Some((session, update)) = unsaved else {
            return Ok(false);
        };
        match save(stored, session, &update).await {
            Err(error) if error.is_transient() => Err(error),
            _ => {
                self.clear(&update);
                Ok(true)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Update>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
