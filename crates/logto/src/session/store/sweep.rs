//! Removal of what has ended.

use super::{SessionStore, StoreError};
use crate::clock::Timestamp;

/// Most sessions removed by one statement: a short one, that keeps nobody waiting.
const BATCH: u32 = 1_000;

/// Removes every session that has ended by `now`, batch by batch, and tells how many. Several
/// processes may do it at once.
///
/// # Errors
///
/// When the store does not answer; what was removed before that stays removed.
pub async fn sweep(store: &dyn SessionStore, now: Timestamp) -> Result<u64, StoreError> {
    let mut total = 0;
    loop {
        let removed = store.delete_expired(now, BATCH).await?;
        total += removed;
        if removed < u64::from(BATCH) {
            return Ok(total);
        }
        // A store that answers at once must not keep others from their turn.
        tokio::task::yield_now().await;
    }
}
