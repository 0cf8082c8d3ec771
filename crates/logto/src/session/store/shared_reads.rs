//! Many ask the same at once: they share a read that begins after they asked.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Reads under way, by key. A thousand requests of one session need two or three reads, and none
/// gets an answer from before it asked: what was saved or deleted by then, in whatever process,
/// shows.
pub(super) struct SharedReads<K: Clone + Eq + Hash, V> {
    places: Mutex<HashMap<K, Taken<V>>>,
}

/// A place, and how many callers have a seat there. They are counted under the lock of the map:
/// references to the place are not, because a caller that leaves still has one for a moment.
struct Taken<V> {
    place: Arc<Place<V>>,
    seats: usize,
}

/// Where those who ask for one key meet.
struct Place<V> {
    /// How many reads have begun.
    begun: AtomicU64,
    /// The last read's number and what it brought; held during a read.
    last: tokio::sync::Mutex<Option<(u64, V)>>,
}

impl<K: Clone + Eq + Hash, V: Clone> SharedReads<K, V> {
    pub(super) fn new() -> Self {
        Self {
            places: Mutex::default(),
        }
    }

    pub(super) async fn read<F: Future<Output = V>>(&self, key: &K, read: impl FnOnce() -> F) -> V {
        let seat = self.seat(key);
        let begun = seat.place.begun.load(Ordering::SeqCst);
        let mut last = seat.place.last.lock().await;
        if let Some((number, value)) = &*last
            && *number > begun
        {
            return value.clone();
        }
        let number = seat.place.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let value = read().await;
        *last = Some((number, value.clone()));
        value
    }

    fn seat(&self, key: &K) -> Seat<'_, K, V> {
        let new = || Taken {
            place: Arc::new(Place {
                begun: AtomicU64::new(0),
                last: tokio::sync::Mutex::new(None),
            }),
            seats: 0,
        };
        let mut places = self.places();
        let taken = places.entry(key.clone()).or_insert_with(new);
        taken.seats += 1;
        Seat {
            place: Arc::clone(&taken.place),
            key: key.clone(),
            reads: self,
        }
    }

    fn places(&self) -> MutexGuard<'_, HashMap<K, Taken<V>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller. The last one to leave removes the place: nothing is cached.
struct Seat<'a, K: Clone + Eq + Hash, V: Clone> {
    place: Arc<Place<V>>,
    key: K,
    reads: &'a SharedReads<K, V>,
}

impl<K: Clone + Eq + Hash, V: Clone> Drop for Seat<'_, K, V> {
    fn drop(&mut self) {
        let mut places = self.reads.places();
        if let Some(taken) = places.get_mut(&self.key) {
            taken.seats -= 1;
            if taken.seats == 0 {
                places.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, future::join_all};
    use tokio::sync::Semaphore;

    use super::*;

    /// What is read: the number of reads so far. A read waits for a permit.
    struct Source {
        count: AtomicU64,
        permits: Semaphore,
    }

    impl Source {
        async fn read(&self) -> u64 {
            let number = self.count.fetch_add(1, Ordering::SeqCst) + 1;
            self.permits.acquire().await.unwrap().forget();
            number
        }
    }

    fn source() -> Source {
        Source {
            count: AtomicU64::new(0),
            permits: Semaphore::new(0),
        }
    }

    #[tokio::test]
    async fn who_asks_during_a_read_shares_the_next_one_and_never_the_one_under_way() {
        let (reads, source) = (SharedReads::new(), source());
        let mut first = Box::pin(reads.read(&1, || source.read()));
        assert!(first.as_mut().now_or_never().is_none(), "under way");
        let mut others = Box::pin(join_all((0..999).map(|_| reads.read(&1, || source.read()))));
        assert!(others.as_mut().now_or_never().is_none());
        source.permits.add_permits(2);
        let (first, others) = tokio::join!(first, others);
        assert_eq!(first, 1);
        assert!(others.iter().all(|number| *number == 2));
        assert_eq!(source.count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn another_key_waits_for_nobody() {
        let (reads, source) = (SharedReads::new(), source());
        let mut first = Box::pin(reads.read(&1, || source.read()));
        assert!(first.as_mut().now_or_never().is_none());
        assert_eq!(reads.read(&2, || async { 7 }).await, 7);
    }

    #[tokio::test]
    async fn who_hangs_up_during_a_read_leaves_his_turn_to_the_next() {
        let (reads, source) = (SharedReads::new(), source());
        let mut first = Box::pin(reads.read(&1, || source.read()));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(reads.read(&1, || source.read()));
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        source.permits.add_permits(1);
        assert_eq!(second.await, 2);
    }

    #[tokio::test]
    async fn nothing_is_kept_when_nobody_asks() {
        let (reads, source) = (SharedReads::new(), source());
        source.permits.add_permits(2);
        assert_eq!(reads.read(&1, || source.read()).await, 1);
        assert_eq!(reads.read(&1, || source.read()).await, 2);
        assert!(reads.places().is_empty());
    }

    #[tokio::test]
    async fn nothing_is_kept_when_two_callers_leave_together() {
        let reads = SharedReads::<_, u8>::new();
        let (one, other) = (reads.seat(&1), reads.seat(&1));
        // As if the other had left already, and its reference were dropped a moment later.
        let held = Arc::clone(&other.place);
        drop(other);
        drop(one);
        assert!(reads.places().is_empty());
        drop(held);
    }
}
