//! A bounded cache with idle expiry.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    mem,
    sync::{PoisonError, RwLock},
};

use crate::clock::Timestamp;

/// Two-generation cache with idle expiry.
///
/// A read or write moves an entry to the young generation. Every `idle` seconds, and when the young
/// generation is half of the capacity, the old generation is dropped and the young one becomes the
/// old one. An entry therefore expires between `idle` and twice `idle` seconds after its last use,
/// and the most recently used half of the capacity is never evicted early.
///
/// The time is a parameter, and no background task is needed.
pub(crate) struct GenerationalCache<K, V> {
    generations: RwLock<Generations<K, V>>,
}

struct Generations<K, V> {
    /// In seconds.
    idle: u64,
    capacity: usize,
    /// When the young generation began.
    began: Timestamp,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    /// Old generations to drop after the lock is released.
    expired: Vec<HashMap<K, V>>,
}

impl<K: Eq + Hash, V: Clone> GenerationalCache<K, V> {
    /// Creates a cache for at most `capacity` entries that expire after `idle` seconds without use.
    pub(crate) fn new(idle: u64, capacity: usize) -> Self {
        Self {
            generations: RwLock::new(Generations {
                idle,
                capacity,
                began: Timestamp::default(),
                young: HashMap::new(),
                old: HashMap::new(),
                expired: Vec::new(),
            }),
        }
    }

    pub(crate) fn get<Q>(&self, key: &Q, now: Timestamp) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        // Most lookups find a young entry or none: a read lock is enough for these.
        let generations = self.generations.read().unwrap_or_else(PoisonError::into_inner);
        if generations.is_current(now) {
            let young = generations.young.get(key);
            if young.is_some() || !generations.old.contains_key(key) {
                return young.cloned();
            }
        }
        drop(generations);
        self.update(now, |generations| generations.touch(key, now))
    }

    pub(crate) fn insert(&self, key: K, value: V, now: Timestamp) {
        self.update(now, |generations| generations.insert(key, value, now));
    }

    /// The value for `key`. `make` creates a missing value, once for all concurrent callers.
    pub(crate) fn get_or_insert(&self, key: K, now: Timestamp, make: impl FnOnce() -> V) -> V {
        self.update(now, |generations| {
            generations.touch(&key, now).unwrap_or_else(|| {
                let value = make();
                generations.insert(key, value.clone(), now);
                value
            })
        })
    }

    /// Removes the entries whose key does not meet the condition.
    pub(crate) fn retain(&self, now: Timestamp, condition: impl Fn(&K) -> bool) {
        self.update(now, |generations| {
            generations.young.retain(|key, _| condition(key));
            generations.old.retain(|key, _| condition(key));
        });
    }

    fn update<T>(&self, now: Timestamp, action: impl FnOnce(&mut Generations<K, V>) -> T) -> T {
        let mut generations = self.generations.write().unwrap_or_else(PoisonError::into_inner);
        generations.expire(now);
        let result = action(&mut generations);
        let expired = mem::take(&mut generations.expired);
        drop(generations);
        drop(expired);
        result
    }
}

impl<K: Eq + Hash, V: Clone> Generations<K, V> {
    fn is_current(&self, now: Timestamp) -> bool {
        self.began <= now && now < self.began.plus(self.idle)
    }

    fn expire(&mut self, now: Timestamp) {
        let end = self.began.plus(self.idle);
        if now >= end.plus(self.idle) {
            self.rotate(now);
            self.rotate(now);
        } else if now >= end {
            self.rotate(end);
        } else if now < self.began {
            // The clock was set back.
            self.began = now;
        }
    }

    fn rotate(&mut self, began: Timestamp) {
        let old = mem::replace(&mut self.old, mem::take(&mut self.young));
        self.expired.push(old);
        self.began = began;
    }

    /// Moves the entry to the young generation and returns its value.
    fn touch<Q>(&mut self, key: &Q, now: Timestamp) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.insert(key, value, now);
        }
        self.young.get(key).cloned()
    }

    fn insert(&mut self, key: K, value: V, now: Timestamp) {
        self.old.remove(&key);
        if self.young.len() >= self.capacity / 2 && !self.young.contains_key(&key) {
            self.rotate(now);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Barrier,
            atomic::{AtomicU32, Ordering},
        },
        thread,
    };

    use super::*;

    const IDLE: u64 = 60;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(1_000_000 + seconds)
    }

    #[test]
    fn an_entry_expires_between_one_and_two_idle_times_after_its_last_use() {
        for used in 0..2 * IDLE {
            for later in [1, IDLE / 2, IDLE, 2 * IDLE, 10 * IDLE] {
                let cache = GenerationalCache::new(IDLE, 100);
                cache.insert("first", 1, at(0));
                cache.insert("a", 2, at(used));
                let found = cache.get("a", at(used + later));
                assert!(found.is_some() || later > IDLE, "{later} s after {used}");
                assert!(found.is_none() || later < 2 * IDLE, "{later} s after {used}");
            }
        }
    }

    #[test]
    fn an_entry_that_is_read_repeatedly_stays() {
        let cache = GenerationalCache::new(IDLE, 100);
        cache.insert("a", 1, at(0));
        for seconds in (0..100 * IDLE).step_by(59) {
            assert_eq!(cache.get("a", at(seconds)), Some(1), "{seconds}");
        }
        assert_eq!(cache.get("b", at(0)), None);
    }

    #[test]
    fn a_full_cache_evicts_the_least_recently_used_entries() {
        let cache = GenerationalCache::new(IDLE, 100);
        for number in 0..1000_u32 {
            cache.insert(number, number, at(0));
            assert_eq!(cache.get(&0, at(0)), Some(0), "used all the time");
            for recent in number.saturating_sub(48)..=number {
                assert_eq!(cache.get(&recent, at(0)), Some(recent));
            }
            let generations = cache.generations.read().unwrap();
            assert!(generations.young.len() + generations.old.len() <= 100);
        }
        assert_eq!(cache.get(&500, at(0)), None);
    }

    #[test]
    fn a_replaced_entry_is_in_one_generation_only() {
        let cache = GenerationalCache::new(IDLE, 100);
        cache.insert("a", 1, at(0));
        cache.insert("a", 2, at(IDLE + 1));
        assert_eq!(cache.get("a", at(IDLE + 1)), Some(2));
        assert_eq!(cache.generations.read().unwrap().old.len(), 0);
    }

    #[test]
    fn removed_entries_are_in_neither_generation() {
        let cache = GenerationalCache::new(IDLE, 100);
        cache.insert("a", 1, at(0));
        cache.insert("b", 2, at(IDLE + 1));
        cache.insert("c", 3, at(IDLE + 1));
        cache.retain(at(IDLE + 1), |key| *key == "c");
        assert_eq!(
            ["a", "b", "c"].map(|key| cache.get(key, at(IDLE + 1))),
            [None, None, Some(3)]
        );
    }

    #[test]
    fn a_cached_value_is_not_made_again() {
        let cache = GenerationalCache::new(IDLE, 100);
        for (seconds, made) in [(0, 0), (59, 0), (61, 0), (300, 300)] {
            assert_eq!(cache.get_or_insert("a", at(seconds), || seconds), made);
        }
    }

    #[test]
    fn concurrent_callers_share_one_value() {
        let (cache, made, begin) = (GenerationalCache::new(IDLE, 100), AtomicU32::new(0), Barrier::new(8));
        let request = || {
            begin.wait();
            cache.get_or_insert("a", at(0), || made.fetch_add(1, Ordering::SeqCst))
        };
        thread::scope(|scope| {
            let callers: Vec<_> = (0..8).map(|_| scope.spawn(request)).collect();
            for caller in callers {
                assert_eq!(caller.join().unwrap(), 0);
            }
        });
        assert_eq!(made.into_inner(), 1);
    }

    #[test]
    fn a_full_cache_keeps_the_most_recently_used_half() {
        let cache = GenerationalCache::new(IDLE, 100);
        cache.insert(1000, 0, at(0));
        for number in 0..49 {
            cache.insert(number, number, at(59));
        }
        cache.insert(49, 49, at(59));
        for number in 0..50 {
            assert_eq!(cache.get(&number, at(61)), Some(number));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_neither_drops_entries_nor_keeps_them_for_ever() {
        let cache = GenerationalCache::new(IDLE, 100);
        cache.insert("a", 1, at(100_000));
        assert_eq!(cache.get("a", at(0)), Some(1));
        assert_eq!(cache.get("a", at(2 * IDLE)), None);
    }
}
