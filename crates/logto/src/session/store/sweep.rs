//! Removal of expired sessions.

use super::{SessionStore, StoreError};
use crate::clock::Timestamp;

/// Maximum number of sessions removed by one statement, so that it locks rows for a short time
/// only.
const BATCH: u32 = 1_000;

/// Removes all sessions that have expired at `now`, in batches, and returns their number. Several
/// processes may sweep at the same time.
///
/// # Errors
///
/// If the store cannot answer. Earlier batches stay removed.
pub async fn sweep(store: &dyn SessionStore, now: Timestamp) -> Result<u64, StoreError> {
    let mut total = 0;
    loop {
        let removed = store.delete_expired(now, BATCH).await?;
        total += removed;
        if removed < u64::from(BATCH) {
            return Ok(total);
        }
        // A store that is always ready would otherwise starve other tasks.
        tokio::task::yield_now().await;
    }
}
