//! What was used lately.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    mem,
    sync::{PoisonError, RwLock, RwLockWriteGuard},
};

use crate::clock::Timestamp;

/// A map that forgets: what is in it stays for a time after its last use, and is gone after twice that time. When it is full, what was used
/// longest ago goes sooner.
pub(super) struct Lately<K, V> {
    /// In seconds.
    time: u64,
    most: usize,
    kept: RwLock<Kept<K, V>>,
}

/// What was used since some moment, and what was used in the time before it.
struct Kept<K, V> {
    since: Timestamp,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K: Eq + Hash, V: Clone> Lately<K, V> {
    /// Keeps what was used in the last `time` seconds, and at most so many.
    pub(super) fn new(time: u64, most: usize) -> Self {
        Self {
            time,
            most,
            kept: RwLock::new(Kept {
                since: Timestamp::default(),
                young: HashMap::new(),
                old: HashMap::new(),
            }),
        }
    }

    pub(super) fn get<Q>(&self, key: &Q, now: Timestamp) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        // Most are young or not there at all: many may look at once.
        let kept = self.kept.read().unwrap_or_else(PoisonError::into_inner);
        if now < kept.since.plus(self.time) {
            let young = kept.young.get(key);
            if young.is_some() || !kept.old.contains_key(key) {
                return young.cloned();
            }
        }
        drop(kept);
        self.write(now).used(key, self.most)
    }

    pub(super) fn insert(&self, key: K, value: V, now: Timestamp) {
        self.write(now).put(key, value, self.most);
    }

    /// What is there, or else what `make` makes, once.
    pub(super) fn get_or_insert(&self, key: K, now: Timestamp, make: impl FnOnce() -> V) -> V {
        let mut kept = self.write(now);
        kept.used(&key, self.most).unwrap_or_else(|| {
            let value = make();
            kept.put(key, value.clone(), self.most);
            value
        })
    }

    fn write(&self, now: Timestamp) -> RwLockWriteGuard<'_, Kept<K, V>> {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.grow_old(now, self.time);
        kept
    }
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    fn grow_old(&mut self, now: Timestamp, time: u64) {
        let end = self.since.plus(time);
        if now >= end.plus(time) {
            (self.young, self.old) = Default::default();
            self.since = now;
        } else if now >= end {
            self.old = mem::take(&mut self.young);
            self.since = end;
        }
    }

    fn used<Q>(&mut self, key: &Q, most: usize) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.put(key, value, most);
        }
        self.young.get(key).cloned()
    }

    fn put(&mut self, key: K, value: V, most: usize) {
        self.old.remove(&key);
        if self.young.len() >= most / 2 && !self.young.contains_key(&key) {
            self.old = mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: u64 = 60;

    fn at(seconds: u64) -> Timestamp {
        Timestamp::from_secs(1_000_000 + seconds)
    }

    #[test]
    fn what_is_used_stays_for_a_time_after_its_last_use_and_no_longer_than_twice() {
        for used in 0..2 * TIME {
            for later in [1, TIME / 2, TIME, 2 * TIME, 10 * TIME] {
                let lately = Lately::new(TIME, 100);
                lately.insert("first", 1, at(0));
                lately.insert("a", 2, at(used));
                let found = lately.get("a", at(used + later));
                assert!(found.is_some() || later > TIME, "{later} s after {used}");
                assert!(found.is_none() || later < 2 * TIME, "{later} s after {used}");
            }
        }
    }

    #[test]
    fn what_is_asked_for_again_and_again_stays() {
        let lately = Lately::new(TIME, 100);
        lately.insert("a", 1, at(0));
        for seconds in (0..100 * TIME).step_by(59) {
            assert_eq!(lately.get("a", at(seconds)), Some(1), "{seconds}");
        }
        assert_eq!(lately.get("b", at(0)), None);
    }

    #[test]
    fn a_full_one_gives_up_what_was_used_longest_ago() {
        let lately = Lately::new(TIME, 100);
        for number in 0..1000_u32 {
            lately.insert(number, number, at(0));
            assert_eq!(lately.get(&0, at(0)), Some(0), "used all the time");
            for recent in number.saturating_sub(48)..=number {
                assert_eq!(lately.get(&recent, at(0)), Some(recent));
            }
            let kept = lately.kept.read().unwrap();
            assert!(kept.young.len() + kept.old.len() <= 100);
        }
        assert_eq!(lately.get(&500, at(0)), None);
    }

    #[test]
    fn what_is_replaced_is_there_once() {
        let lately = Lately::new(TIME, 100);
        lately.insert("a", 1, at(0));
        lately.insert("a", 2, at(TIME + 1));
        assert_eq!(lately.get("a", at(TIME + 1)), Some(2));
        assert_eq!(lately.kept.read().unwrap().old.len(), 0);
    }

    #[test]
    fn one_is_made_for_all_who_ask() {
        let lately = Lately::new(TIME, 100);
        for (seconds, expected) in [(0, 1), (59, 1), (61, 1), (300, 2)] {
            assert_eq!(lately.get_or_insert("a", at(seconds), || expected), expected);
        }
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nothing_forgotten() {
        let lately = Lately::new(TIME, 100);
        lately.insert("a", 1, at(1000));
        assert_eq!(lately.get("a", at(0)), Some(1));
    }
}
