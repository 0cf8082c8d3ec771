//! Periodic removal of expired sessions from the store.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use logto::{
    Diagnose as _, LogtoClient,
    session::store::{SessionStore, sweep},
};
use tokio::{
    task::AbortHandle,
    time::{MissedTickBehavior, interval},
};

/// Sweeps a store at once and then at an interval, in a task that is aborted when this is dropped.
pub(crate) struct Sweeper {
    client: LogtoClient,
    pub(crate) store: Arc<dyn SessionStore>,
    interval: Duration,
    task: OnceLock<AbortHandle>,
}

impl Sweeper {
    pub(crate) fn new(client: LogtoClient, store: Arc<dyn SessionStore>, interval: Duration) -> Self {
        Self {
            client,
            store,
            interval,
            task: OnceLock::new(),
        }
    }

    /// Starts the task, unless it is running or the interval is zero. The first request calls this,
    /// because only then is a runtime certain to exist.
    pub(crate) fn start(&self) {
        if self.interval.is_zero() {
            return;
        }
        self.task.get_or_init(|| {
            let (client, store) = (self.client.clone(), Arc::clone(&self.store));
            let mut ticks = interval(self.interval);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let task = async move {
                loop {
                    ticks.tick().await;
                    match sweep(&*store, client.now()).await {
                        Ok(removed) => tracing::debug!(removed, "removed expired sessions from the store"),
                        Err(error) => tracing::warn!(
                            code = error.code(),
                            "expired sessions could not be removed from the store; the next sweep retries"
                        ),
                    }
                }
            };
            tokio::spawn(task).abort_handle()
        });
    }
}

impl Drop for Sweeper {
    fn drop(&mut self) {
        if let Some(task) = self.task.get() {
            task.abort();
        }
    }
}

#[cfg(test)]
mod tests {
    use logto::{
        Environment, LogtoConfig, Timestamp,
        session::{
            SessionId,
            store::{Saved, StoreFuture, StoredSession},
        },
    };
    use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

    use super::*;

    /// A store that reports each sweep, and has nothing to remove.
    #[derive(Debug)]
    struct ReportingStore(UnboundedSender<Timestamp>);

    impl SessionStore for ReportingStore {
        fn load<'a>(&'a self, _: &'a SessionId, _: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
            unreachable!("a sweeper only deletes")
        }

        fn save<'a>(
            &'a self,
            _: &'a SessionId,
            _: Option<u64>,
            _: StoredSession,
            _: Timestamp,
        ) -> StoreFuture<'a, Saved> {
            unreachable!("a sweeper only deletes")
        }

        fn delete<'a>(&'a self, _: &'a SessionId) -> StoreFuture<'a, ()> {
            unreachable!("a sweeper deletes only expired sessions")
        }

        fn delete_by_sid<'a>(&'a self, _: &'a str) -> StoreFuture<'a, u64> {
            unreachable!("a sweeper deletes only expired sessions")
        }

        fn delete_by_sub<'a>(&'a self, _: &'a str) -> StoreFuture<'a, u64> {
            unreachable!("a sweeper deletes only expired sessions")
        }

        fn delete_by_sub_without_sid<'a>(&'a self, _: &'a str) -> StoreFuture<'a, u64> {
            unreachable!("a sweeper deletes only expired sessions")
        }

        fn delete_expired(&self, now: Timestamp, _: u32) -> StoreFuture<'_, u64> {
            self.0.send(now).unwrap();
            Box::pin(async { Ok(0) })
        }
    }

    /// Creates a sweeper, and a channel that reports its sweeps. The channel ends once no further
    /// sweep can come.
    fn sweeper(interval: Duration) -> (Sweeper, UnboundedReceiver<Timestamp>) {
        let config = LogtoConfig::new("https://tenant.logto.app", "app", "secret");
        let environment = Environment::system(&config).unwrap();
        let client = LogtoClient::new(config, environment).unwrap();
        let (report, sweeps) = unbounded_channel();
        (Sweeper::new(client, Arc::new(ReportingStore(report)), interval), sweeps)
    }

    #[tokio::test]
    async fn a_store_is_swept_periodically_until_the_sweeper_is_dropped() {
        let (sweeper, mut sweeps) = sweeper(Duration::from_millis(1));
        sweeper.start();
        for _ in 0..3 {
            assert!(sweeps.recv().await.is_some());
        }
        drop(sweeper);
        while sweeps.recv().await.is_some() {}
    }

    #[tokio::test]
    async fn a_second_start_has_no_effect() {
        let (sweeper, mut sweeps) = sweeper(Duration::from_secs(600));
        sweeper.start();
        sweeper.start();
        assert!(sweeps.recv().await.is_some());
        tokio::task::yield_now().await;
        drop(sweeper);
        assert_eq!(sweeps.recv().await, None);
    }

    #[tokio::test]
    async fn an_interval_of_zero_switches_sweeping_off() {
        let (sweeper, mut sweeps) = sweeper(Duration::ZERO);
        sweeper.start();
        tokio::task::yield_now().await;
        drop(sweeper);
        assert_eq!(sweeps.recv().await, None);
    }
}
