//! Answers that wait until the test releases them: a provider that is slow after it has acted.

use std::sync::Mutex;

use tokio::sync::watch;

use super::endpoint::Endpoint;

/// The answer to one request, held until this value is released or dropped. Created by
/// [`TestProvider::hold_next_answer`](crate::TestProvider::hold_next_answer).
#[derive(Debug)]
#[must_use = "the answer is sent as soon as this value is dropped"]
pub struct HeldAnswer {
    handled: watch::Receiver<bool>,
    /// The held answer waits until this sender is dropped.
    _sender: watch::Sender<()>,
}

impl HeldAnswer {
    /// Waits until the provider has handled the request, so that its answer alone is missing.
    pub async fn wait_until_handled(&mut self) {
        // An error means that the request was cancelled.
        let _ = self.handled.wait_for(|handled| *handled).await;
    }

    /// Sends the held answer.
    pub fn release(self) {
        drop(self);
    }
}

/// The provider's side of a [`HeldAnswer`].
#[derive(Debug)]
pub(crate) struct AnswerBarrier {
    handled: watch::Sender<bool>,
    released: watch::Receiver<()>,
}

impl AnswerBarrier {
    /// Waits until the answer is no longer held.
    pub(crate) async fn wait(mut self) {
        self.handled.send_replace(true);
        while self.released.changed().await.is_ok() {}
    }
}

/// The endpoints whose next answer is held.
#[derive(Debug, Default)]
pub(crate) struct AnswerBarriers(Mutex<Vec<(Endpoint, AnswerBarrier)>>);

impl AnswerBarriers {
    pub(crate) fn hold_next(&self, endpoint: Endpoint) -> HeldAnswer {
        let (sender, released) = watch::channel(());
        let (handled, is_handled) = watch::channel(false);
        let barrier = AnswerBarrier { handled, released };
        self.0.lock().unwrap().push((endpoint, barrier));
        HeldAnswer {
            handled: is_handled,
            _sender: sender,
        }
    }

    /// The barrier for the answer to the request that has just arrived.
    pub(crate) fn take(&self, endpoint: Endpoint) -> Option<AnswerBarrier> {
        let mut barriers = self.0.lock().unwrap();
        let position = barriers.iter().position(|(held, _)| *held == endpoint)?;
        Some(barriers.remove(position).1)
    }
}
