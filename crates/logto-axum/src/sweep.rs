//! Removal of what has ended from the store, on a schedule, as long as the process serves.

use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

use logto::{
    Diagnose as _, LogtoClient,
    session::{SessionStore, store::sweep},
};
use tokio::{
    task::AbortHandle,
    time::{MissedTickBehavior, interval},
};

/// Sweeps a store, at once and then on a schedule, in a task that ends with this value.
pub(crate) struct Sweeping {
    client: LogtoClient,
    store: Arc<dyn SessionStore>,
    every: Duration,
    task: OnceLock<AbortHandle>,
}

impl Sweeping {
    pub(crate) fn new(client: LogtoClient, store: Arc<dyn SessionStore>, every: Duration) -> Self {
        Self {
            client,
            store,
            every,
            task: OnceLock::new(),
        }
    }

    /// Begins, once. Called by the first request: only then there is surely a runtime.
    pub(crate) fn begin(&self) {
        if self.every.is_zero() {
            return;
        }
        self.task.get_or_init(|| {
            let (client, store) = (self.client.clone(), Arc::clone(&self.store));
            let mut ticks = interval(self.every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let task = async move {
                loop {
                    ticks.tick().await;
                    match sweep(&*store, client.now()).await {
                        Ok(removed) => tracing::debug!(removed, "ended sessions were removed from the store"),
                        Err(error) => tracing::warn!(
                            code = error.code(),
                            "ended sessions could not be removed from the store; it is tried again later"
                        ),
                    }
                }
            };
            tokio::spawn(task).abort_handle()
        });
    }
}

impl Drop for Sweeping {
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
            store::{MemoryStore, Saved, StoredSession},
        },
    };

    use super::*;

    fn client() -> LogtoClient {
        let config = LogtoConfig::new("https://tenant.logto.app", "app", "secret");
        let environment = Environment::system(&config).unwrap();
        LogtoClient::new(config, environment).unwrap()
    }

    /// Keeps a session that has ended, under another id each time.
    async fn keep_an_ended_one(store: &MemoryStore, number: u8) {
        let session = StoredSession {
            version: 1,
            sealed: "x".into(),
            sub: "u".into(),
            sid: None,
            expires: Timestamp::from_secs(100),
        };
        let id = SessionId::from_bytes(&[number; 32]).unwrap();
        let saved = store.save(&id, None, session, Timestamp::from_secs(0)).await;
        assert_eq!(saved, Ok(Saved::Done));
    }

    /// Whether it is gone: it is looked for at a time when it had not ended.
    async fn until_it_is_gone(store: &MemoryStore, number: u8) {
        let id = SessionId::from_bytes(&[number; 32]).unwrap();
        while store.load(&id, Timestamp::from_secs(0)).await.unwrap().is_some() {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn what_has_ended_is_removed_again_and_again_until_the_end() {
        let store = Arc::new(MemoryStore::default());
        let sweeping = Sweeping::new(client(), store.clone(), Duration::from_millis(1));
        for number in 0..3 {
            keep_an_ended_one(&store, number).await;
            sweeping.begin();
            until_it_is_gone(&store, number).await;
        }
        drop(sweeping);
        while Arc::strong_count(&store) > 1 {
            tokio::task::yield_now().await;
        }
    }

    #[tokio::test]
    async fn a_sweep_begins_once_and_not_at_all_when_it_is_switched_off() {
        let store = Arc::new(MemoryStore::default());
        let sweeping = Sweeping::new(client(), store.clone(), Duration::ZERO);
        sweeping.begin();
        assert_eq!(Arc::strong_count(&store), 2, "nobody but this value has it");
        let sweeping = Sweeping::new(client(), store.clone(), Duration::from_secs(600));
        sweeping.begin();
        sweeping.begin();
        assert_eq!(Arc::strong_count(&store), 4);
    }
}
