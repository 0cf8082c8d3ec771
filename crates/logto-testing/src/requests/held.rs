//! Requests that wait until the test releases them: overlapping requests without sleeps.

use std::sync::Mutex;

use tokio::sync::watch;

use super::endpoint::Endpoint;

/// Requests to one endpoint, held until this value is released or dropped. Created by
/// [`TestProvider::hold`](crate::TestProvider::hold).
#[derive(Debug)]
#[must_use = "the requests continue as soon as this value is dropped"]
pub struct HeldRequests {
    /// The held requests wait until this sender is dropped.
    _sender: watch::Sender<()>,
}

impl HeldRequests {
    /// Lets the held requests continue.
    pub fn release(self) {
        drop(self);
    }
}

/// The endpoints whose requests are held.
#[derive(Debug, Default)]
pub(crate) struct Barriers(Mutex<Vec<(Endpoint, watch::Receiver<()>)>>);

impl Barriers {
    pub(crate) fn hold(&self, endpoint: Endpoint) -> HeldRequests {
        let (sender, receiver) = watch::channel(());
        self.0.lock().unwrap().push((endpoint, receiver));
        HeldRequests { _sender: sender }
    }

    /// Waits until requests to `endpoint` are no longer held.
    pub(crate) async fn wait(&self, endpoint: Endpoint) {
        let receivers: Vec<_> = {
            let barriers = self.0.lock().unwrap();
            barriers
                .iter()
                .filter(|(held, _)| *held == endpoint)
                .map(|(_, receiver)| receiver.clone())
                .collect()
        };
        for mut receiver in receivers {
            // No value is ever sent: `changed` returns an error once the sender is dropped.
            while receiver.changed().await.is_ok() {}
        }
    }
}
