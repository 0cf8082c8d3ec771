//! Back-channel logouts that came while the provider's keys were unavailable: Logto sends each of
//! them once.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Most logout tokens that wait for the keys. That is 1 MB at most, because a form is limited to 16
/// kB. While no signature can be verified, anyone can send a token.
const MOST: usize = 64;

/// Places for the logout tokens that wait.
pub(crate) struct UnverifiedLogouts(Arc<Semaphore>);

impl Default for UnverifiedLogouts {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MOST)))
    }
}

impl UnverifiedLogouts {
    /// A place for one more, until it is dropped; `None` if all are taken.
    pub(crate) fn admit(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_owned().ok()
    }
}
