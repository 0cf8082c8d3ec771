//! Requests held back until the test lets them go: overlap without sleeping.

use std::sync::Mutex;

use tokio::sync::watch;

use crate::log::Endpoint;

/// Holds every request to one endpoint until it is released or dropped.
#[derive(Debug)]
#[must_use = "the requests go on as soon as it is dropped"]
pub struct Gate {
    /// Requests wait for this to be dropped.
    _open: watch::Sender<()>,
}

impl Gate {
    /// Lets the held requests go on.
    pub fn release(self) {
        drop(self);
    }
}

#[derive(Debug, Default)]
pub(crate) struct Gates(Mutex<Vec<(Endpoint, watch::Receiver<()>)>>);

impl Gates {
    pub(crate) fn close(&self, endpoint: Endpoint) -> Gate {
        let (open, wait) = watch::channel(());
        self.0.lock().unwrap().push((endpoint, wait));
        Gate { _open: open }
    }

    /// Waits until no gate of `endpoint` is closed.
    pub(crate) async fn pass(&self, endpoint: Endpoint) {
        let closed: Vec<_> = {
            let gates = self.0.lock().unwrap();
            gates
                .iter()
                .filter(|(at, _)| *at == endpoint)
                .map(|(_, wait)| wait.clone())
                .collect()
        };
        for mut wait in closed {
            // Nothing is ever sent: this ends with the error that says the gate is gone.
            while wait.changed().await.is_ok() {}
        }
    }
}
