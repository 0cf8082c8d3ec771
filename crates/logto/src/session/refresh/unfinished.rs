//! Counts the refreshes whose results would get lost if the process ended.

use std::sync::Arc;

use tokio::sync::watch;

/// The number of unfinished refreshes. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Unfinished(Arc<watch::Sender<usize>>);

/// A refresh that is unfinished until this value is dropped.
pub(super) struct InProgress(Unfinished);

impl Unfinished {
    pub(super) fn begin(&self) -> InProgress {
        self.0.send_modify(|count| *count += 1);
        InProgress(self.clone())
    }

    /// Waits until no refresh is unfinished.
    pub(super) async fn ended(&self) {
        // The sender lives as long as `self`, so the wait cannot fail.
        let _ = self.0.subscribe().wait_for(|count| *count == 0).await;
    }
}

impl Drop for InProgress {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
