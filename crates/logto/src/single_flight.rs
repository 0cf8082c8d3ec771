//! One piece of work at a time for a key: whoever asks while it runs gets the same result.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{FutureExt as _, future::Shared};
use tokio::sync::oneshot;

type Flight<V> = Shared<Pin<Box<dyn Future<Output = Option<V>> + Send>>>;

/// Work under way, by key. The work is spawned: it goes on when everybody who asked has gone, so
/// that what a provider answered is not lost with a closed connection.
pub(crate) struct SingleFlight<K, V> {
    /// The flights that have not landed yet; a landed one removes itself, so that no result, and no
    /// error, is ever cached here.
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

    /// Joins the flight for `key`, or starts one with `work`. `None` only if the work panicked or
    /// the runtime shuts down.
    pub(crate) async fn run<F>(&self, key: K, work: impl FnOnce() -> F) -> Option<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let (flight, landing) = self.join_or_register(key);
        if let Some(landing) = landing {
            // Not under the lock: a runtime that is shutting down drops the task at once, and with
            // it the landing, which takes the lock.
            let work = work();
            tokio::spawn(async move { landing.land(work.await) });
        }
        flight.await
    }

    /// The flight for `key`, and how it lands if the caller has to start it.
    fn join_or_register(&self, key: K) -> (Flight<V>, Option<Landing<K, V>>) {
        let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = flights.get(&key) {
            return (flight.clone(), None);
        }
        let (result, landed) = oneshot::channel();
        let flight = landed.map(Result::ok).boxed().shared();
        flights.insert(key.clone(), flight.clone());
        let landing = Landing {
            key,
            flights: Arc::clone(&self.flights),
            result: Some(result),
        };
        (flight, Some(landing))
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
}

/// Removes the flight before its result is told, or when the work is dropped or panics.
struct Landing<K: Eq + Hash, V> {
    key: K,
    flights: Arc<Mutex<HashMap<K, Flight<V>>>>,
    /// Closed only after the flight has been removed, because fields are dropped after the value.
    result: Option<oneshot::Sender<V>>,
}

impl<K: Eq + Hash, V> Landing<K, V> {
    fn land(mut self, value: V) {
        let result = self.result.take();
        drop(self);
        if let Some(result) = result {
            // Every caller may have gone.
            let _ = result.send(value);
        }
    }
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
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        thread,
        time::Duration,
    };

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

    #[test]
    fn a_runtime_that_is_shutting_down_ends_the_flight_instead_of_blocking_the_caller() {
        let (tell, told) = mpsc::channel();
        // In a thread of its own, because a deadlock would hold this one for ever.
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let handle = runtime.handle().clone();
            drop(runtime);
            let _context = handle.enter();
            let flights = SingleFlight::<_, u8>::new();
            let result = flights.run("key", || async { 7 }).now_or_never();
            let left = flights.flights.lock().unwrap().len();
            tell.send((result, left)).unwrap();
        });
        assert_eq!(told.recv_timeout(Duration::from_secs(10)), Ok((Some(None), 0)));
    }
}
