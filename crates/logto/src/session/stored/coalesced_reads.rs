//! Coalescing of concurrent reads.

use std::{
    collections::HashMap,
    future::Future,
    hash::Hash,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

/// Coalesces concurrent reads by key. Callers that arrive during a read share the next one.
///
/// Unlike with single-flight, a caller never gets a value that was read before it called, so it
/// sees everything that any process had written by then. A thousand concurrent requests of one
/// session need two or three reads. Nothing is cached.
pub(super) struct CoalescedReads<K: Clone + Eq + Hash, V> {
    slots: Mutex<HashMap<K, Joined<V>>>,
}

/// A slot and the number of its callers. The count is kept under the lock of the map, because the
/// reference count of the slot is too high while a caller leaves.
struct Joined<V> {
    slot: Arc<Slot<V>>,
    callers: usize,
}

/// The reads of one key.
struct Slot<V> {
    /// The number of reads that have begun.
    begun: AtomicU64,
    /// The number and the value of the last read. Locked during a read.
    last: tokio::sync::Mutex<Option<(u64, V)>>,
}

impl<K: Clone + Eq + Hash, V: Clone> CoalescedReads<K, V> {
    pub(super) fn new() -> Self {
        Self {
            slots: Mutex::default(),
        }
    }

    /// A value that was read after this call, by `read` or by another caller.
    pub(super) async fn read<F: Future<Output = V>>(&self, key: &K, read: impl FnOnce() -> F) -> V {
        let caller = self.join(key);
        let begun = caller.slot.begun.load(Ordering::SeqCst);
        let mut last = caller.slot.last.lock().await;
        if let Some((number, value)) = &*last
            && *number > begun
        {
            return value.clone();
        }
        let number = caller.slot.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let value = read().await;
        *last = Some((number, value.clone()));
        value
    }

    fn join(&self, key: &K) -> Caller<'_, K, V> {
        let new = || Joined {
            slot: Arc::new(Slot {
                begun: AtomicU64::new(0),
                last: tokio::sync::Mutex::new(None),
            }),
            callers: 0,
        };
        let mut slots = self.slots();
        let joined = slots.entry(key.clone()).or_insert_with(new);
        joined.callers += 1;
        Caller {
            slot: Arc::clone(&joined.slot),
            key: key.clone(),
            reads: self,
        }
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<K, Joined<V>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller of [`CoalescedReads::read`]. The last one to leave removes the slot.
struct Caller<'a, K: Clone + Eq + Hash, V: Clone> {
    slot: Arc<Slot<V>>,
    key: K,
    reads: &'a CoalescedReads<K, V>,
}

impl<K: Clone + Eq + Hash, V: Clone> Drop for Caller<'_, K, V> {
    fn drop(&mut self) {
        let mut slots = self.reads.slots();
        if let Some(joined) = slots.get_mut(&self.key) {
            joined.callers -= 1;
            if joined.callers == 0 {
                slots.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::{FutureExt as _, future::join_all};
    use tokio::sync::Semaphore;

    use super::*;

    /// Each read waits for a permit, and returns the number of reads so far.
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
    async fn callers_that_arrive_during_a_read_share_the_next_one() {
        let (reads, source) = (CoalescedReads::new(), source());
        let mut first = Box::pin(reads.read(&1, || source.read()));
        assert!(first.as_mut().now_or_never().is_none(), "in flight");
        let mut others = Box::pin(join_all((0..999).map(|_| reads.read(&1, || source.read()))));
        assert!(others.as_mut().now_or_never().is_none());
        source.permits.add_permits(2);
        let (first, others) = tokio::join!(first, others);
        assert_eq!(first, 1);
        assert!(others.iter().all(|number| *number == 2));
        assert_eq!(source.count.load(Ordering::SeqCst), 2);
    }

    #[tokio::test]
    async fn another_key_does_not_wait() {
        let (reads, source) = (CoalescedReads::new(), source());
        let mut first = Box::pin(reads.read(&1, || source.read()));
        assert!(first.as_mut().now_or_never().is_none());
        assert_eq!(reads.read(&2, || async { 7 }).await, 7);
    }

    #[tokio::test]
    async fn a_cancelled_read_passes_its_turn_to_the_next_caller() {
        let (reads, source) = (CoalescedReads::new(), source());
        let mut first = Box::pin(reads.read(&1, || source.read()));
        assert!(first.as_mut().now_or_never().is_none());
        let mut second = Box::pin(reads.read(&1, || source.read()));
        assert!(second.as_mut().now_or_never().is_none());
        drop(first);
        source.permits.add_permits(1);
        assert_eq!(second.await, 2);
    }

    #[tokio::test]
    async fn no_value_is_cached_without_callers() {
        let (reads, source) = (CoalescedReads::new(), source());
        source.permits.add_permits(2);
        assert_eq!(reads.read(&1, || source.read()).await, 1);
        assert_eq!(reads.read(&1, || source.read()).await, 2);
        assert!(reads.slots().is_empty());
    }

    #[tokio::test]
    async fn no_slot_is_left_when_two_callers_leave_together() {
        let reads = CoalescedReads::<_, u8>::new();
        let (one, other) = (reads.join(&1), reads.join(&1));
        // Simulates a caller that has left and drops its reference a moment later.
        let held = Arc::clone(&other.slot);
        drop(other);
        drop(one);
        assert!(reads.slots().is_empty());
        drop(held);
    }
}
