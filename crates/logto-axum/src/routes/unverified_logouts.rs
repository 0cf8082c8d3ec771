//! Back-channel logouts that wait for the provider's keys, because Logto sends each only once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Maximum number of logout tokens that wait for the keys. It is limited because anyone can send a
/// token while no signature can be verified. The tokens take at most 1 MB, because a form is
/// limited to 16 kB.
const MAX_WAITING: usize = 64;

/// Limits the logout tokens that wait.
pub(crate) struct UnverifiedLogouts(Arc<Semaphore>);

impl Default for UnverifiedLogouts {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_WAITING)))
    }
}

impl UnverifiedLogouts {
    /// Reserves a place until it is dropped; `None` if the limit is reached.
    pub(crate) fn admit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}
