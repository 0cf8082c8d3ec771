//! Single-flight: concurrent calls with the same key share one execution and its result.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use futures_util::{FutureExt as _, future::Shared};
use tokio::sync::oneshot;

/// The result of the work, for each of its callers.
pub(crate) type Flight<V> = Shared<Pin<Box<dyn Future<Output = Option<V>> + Send>>>;

/// The calls in flight, by key.
///
/// The work runs in a spawned task, so it completes even if every caller is cancelled. A rotated
/// refresh token is then not lost when the browser closes its connection.
pub(crate) struct SingleFlight<K, V> {
    /// A flight removes itself when it completes, so that no result is cached.
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

    /// Joins the flight for `key`, or starts one with `work`. Returns `None` if the work panicked
    /// or the runtime is shutting down.
    pub(crate) async fn run<F>(&self, key: K, work: impl FnOnce() -> F) -> Option<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        self.start(key, work).await
    }

    /// Like [`run`](Self::run), without waiting: the work runs even if the result is dropped.
    pub(crate) fn start<F>(&self, key: K, work: impl FnOnce() -> F) -> Flight<V>
    where
        F: Future<Output = V> + Send + 'static,
    {
        let (flight, landing) = self.join_or_register(key);
        if let Some(landing) = landing {
            // Outside the lock: a runtime that is shutting down drops the task at once, and
            // dropping the landing takes the lock.
            let work = work();
            tokio::spawn(async move { landing.land(work.await) });
        }
        flight
    }

    /// Returns the flight for `key`, and its landing if the caller has to start the work.
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

    /// Joins the flight for `key`. Returns `None` if there is none, or if the work panicked.
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

/// Removes the flight before its result is sent, or when the work panics or is dropped.
struct Landing<K: Eq + Hash, V> {
    key: K,
    flights: Arc<Mutex<HashMap<K, Flight<V>>>>,
    /// Dropped after `Drop::drop` has removed the flight, so callers wake up only then.
    result: Option<oneshot::Sender<V>>,
}

impl<K: Eq + Hash, V> Landing<K, V> {
    fn land(mut self, value: V) {
        let result = self.result.take();
        drop(self);
        if let Some(result) = result {
            // All callers may have been cancelled.
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
    async fn concurrent_calls_share_one_result() {
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
        assert_eq!(ask().await, Some(1), "results are not cached");
    }

    #[tokio::test]
    async fn keys_are_independent() {
        let flights = SingleFlight::new();
        let (one, two) = tokio::join!(flights.run(1, || async { "one" }), flights.run(2, || async { "two" }));
        assert_eq!((one, two), (Some("one"), Some("two")));
    }

    #[tokio::test]
    async fn the_work_completes_if_the_caller_is_cancelled() {
        let flights = SingleFlight::new();
        let done = Arc::new(Notify::new());
        let gate = Arc::new(Notify::new());
        {
            let (done, gate) = (Arc::clone(&done), Arc::clone(&gate));
            let caller = flights.run((), move || async move {
                gate.notified().await;
                done.notify_one();
            });
            assert!(
                caller.now_or_never().is_none(),
                "the caller is cancelled before the work is done"
            );
        }
        gate.notify_one();
        done.notified().await;
    }

    #[tokio::test]
    async fn a_panic_does_not_block_the_key() {
        let flights = SingleFlight::<_, u8>::new();
        assert_eq!(flights.run("key", || async { panic!("in a test") }).await, None);
        assert_eq!(flights.run("key", || async { 7 }).await, Some(7));
    }

    #[test]
    fn a_runtime_that_shuts_down_ends_the_flight_without_a_deadlock() {
        let (sender, receiver) = mpsc::channel();
        // In a separate thread, because a deadlock would block this one.
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let handle = runtime.handle().clone();
            drop(runtime);
            let _context = handle.enter();
            let flights = SingleFlight::<_, u8>::new();
            let result = flights.run("key", || async { 7 }).now_or_never();
            let left = flights.flights.lock().unwrap().len();
            sender.send((result, left)).unwrap();
        });
        assert_eq!(receiver.recv_timeout(Duration::from_secs(10)), Ok((Some(None), 0)));
    }
}
