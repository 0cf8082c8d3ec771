//! One piece of work at a time for a key: whoever asks while it runs gets the same result.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{FutureExt as _, future::Shared};

type Flight<V> = Shared<Pin<Box<dyn Future<Output = Option<V>> + Send>>>;

/// Work under way, by key. The work is spawned: it goes on when everybody who asked has gone, so that what a provider answered
/// is not lost with a closed connection.
pub(crate) struct SingleFlight<K, V> {
    /// The flights that have not landed yet; a landed one removes itself, so that no result, and no error, is ever cached here.
    flights: Arc<Mutex<HashMap<K, Flight<V>>>>,
}

impl<K, V> SingleFlight<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new() -> Self {
        Self {
            flights: Arc::default(),
        }
    }

    /// Joins the flight for `key`, or starts one with `work`. `None` only if the work panicked or the runtime shuts down.
    pub(crate) async fn run<F>(&self, key: K, work: impl FnOnce() -> F) -> Option<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let flight = {
            let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
            flights
                .entry(key.clone())
                .or_insert_with(|| self.start(key, work()))
                .clone()
        };
        flight.await
    }

    /// Joins the flight for `key` if there is one; `None` too if the work panicked.
    pub(crate) async fn join(&self, key: &K) -> Option<V> {
        let flight = self
            .flights
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(key)
            .cloned();
        flight?.await
    }

    fn start(&self, key: K, work: impl Future<Output = V> + Send + 'static) -> Flight<V> {
        let landing = Landing {
            key,
            flights: Arc::clone(&self.flights),
        };
        let task = tokio::spawn(async move {
            let _landing = landing;
            work.await
        });
        task.map(Result::ok).boxed().shared()
    }
}

/// Removes the flight when it ends, by a panic too.
struct Landing<K: Eq + Hash, V> {
    key: K,
    flights: Arc<Mutex<HashMap<K, Flight<V>>>>,
}

impl<K: Eq + Hash, V> Drop for Landing<K, V> {
    fn drop(&mut self) {
        self.flights
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;

    #[tokio::test]
    async fn whoever_asks_meanwhile_gets_the_same_result() {
        let flights = SingleFlight::new();
        let (runs, gate) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let ask = || {
            let (runs, gate) = (Arc::clone(&runs), Arc::clone(&gate));
            flights.run("key", move || async move {
                gate.notified().await;
                runs.fetch_add(1, Ordering::SeqCst)
            })
        };
        let (first, second, ()) = tokio::join!(ask(), ask(), async { gate.notify_one() });
        assert_eq!((first, second), (Some(0), Some(0)));
        gate.notify_one();
        assert_eq!(ask().await, Some(1), "a result is not kept after the flight has landed");
    }

    #[tokio::test]
    async fn another_key_flies_by_itself() {
        let flights = SingleFlight::new();
        let (one, two) = tokio::join!(flights.run(1, || async { "one" }), flights.run(2, || async { "two" }));
        assert_eq!((one, two), (Some("one"), Some("two")));
    }

    #[tokio::test]
    async fn the_work_goes_on_when_the_asker_has_gone() {
        let flights = SingleFlight::new();
        let done = Arc::new(Notify::new());
        let gate = Arc::new(Notify::new());
        {
            let (done, gate) = (Arc::clone(&done), Arc::clone(&gate));
            let asker = flights.run((), move || async move {
                gate.notified().await;
                done.notify_one();
            });
            assert!(
                asker.now_or_never().is_none(),
                "the asker leaves before the work is done"
            );
        }
        gate.notify_one();
        done.notified().await;
    }

    #[tokio::test]
    async fn work_that_panics_does_not_block_the_key() {
        let flights = SingleFlight::<_, u8>::new();
        assert_eq!(flights.run("key", || async { panic!("in a test") }).await, None);
        assert_eq!(flights.run("key", || async { 7 }).await, Some(7));
    }
}
