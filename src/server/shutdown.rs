//! The end of the process: the requests in flight finish, within a limit.

use std::{io, time::Duration};

use tokio::{
    signal::unix::{Signal, SignalKind, signal},
    sync::oneshot,
};

/// The signals that end the app.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    /// Handles the signals from now on. Without a handler the kernel ignores SIGTERM for the first
    /// process of a container.
    ///
    /// # Errors
    ///
    /// If the operating system refuses.
    pub(super) fn new() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    /// Waits for SIGTERM or Ctrl-C, then until `drained` ends, and reports it.
    pub(super) async fn wait(mut self, drained: impl Future<Output = ()>, draining: oneshot::Sender<()>) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
        drained.await;
        tracing::info!("shutting down after the requests in flight");
        let _ = draining.send(());
    }
}

/// Waits until the requests have had `limit` since the signal to finish.
pub(super) async fn limit_passed(draining: oneshot::Receiver<()>, limit: Duration) {
    // Without a signal there is no limit.
    if draining.await.is_err() {
        std::future::pending::<()>().await;
    }
    tokio::time::sleep(limit).await;
}
