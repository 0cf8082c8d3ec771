//! What was used lately.

use std::{
    borrow::Borrow,
    collections::HashMap,
    hash::Hash,
    mem,
    sync::{PoisonError, RwLock},
};

use crate::clock::Timestamp;

/// A map that forgets: what is in it stays for a time after its last use, and is gone after twice
/// that time. When it is full, what was used longest ago goes sooner; the half of it that was used
/// last stays.
pub(super) struct Lately<K, V> {
    kept: RwLock<Kept<K, V>>,
}

/// What was used since some moment, and what was used in the time before it.
struct Kept<K, V> {
    /// In seconds.
    time: u64,
    most: usize,
    since: Timestamp,
    young: HashMap<K, V>,
    old: HashMap<K, V>,
    /// Freed when nobody waits for it.
    forgotten: Vec<HashMap<K, V>>,
}

impl<K: Eq + Hash, V: Clone> Lately<K, V> {
    /// Keeps what was used in the last `time` seconds, and at most so many.
    pub(super) fn new(time: u64, most: usize) -> Self {
        Self {
            kept: RwLock::new(Kept {
                time,
                most,
                since: Timestamp::default(),
                young: HashMap::new(),
                old: HashMap::new(),
                forgotten: Vec::new(),
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
        if kept.is_current(now) {
            let young = kept.young.get(key);
            if young.is_some() || !kept.old.contains_key(key) {
                return young.cloned();
            }
        }
        drop(kept);
        self.change(now, |kept| kept.used(key, now))
    }

    pub(super) fn insert(&self, key: K, value: V, now: Timestamp) {
        self.change(now, |kept| kept.put(key, value, now));
    }

    /// What is there, or else what `make` makes, once.
    pub(super) fn get_or_insert(&self, key: K, now: Timestamp, make: impl FnOnce() -> V) -> V {
        self.change(now, |kept| {
            kept.used(&key, now).unwrap_or_else(|| {
                let value = make();
                kept.put(key, value.clone(), now);
                value
            })
        })
    }

    fn change<T>(&self, now: Timestamp, act: impl FnOnce(&mut Kept<K, V>) -> T) -> T {
        let mut kept = self.kept.write().unwrap_or_else(PoisonError::into_inner);
        kept.grow_old(now);
        let result = act(&mut kept);
        let forgotten = mem::take(&mut kept.forgotten);
        drop(kept);
        drop(forgotten);
        result
    }
}

impl<K: Eq + Hash, V: Clone> Kept<K, V> {
    fn is_current(&self, now: Timestamp) -> bool {
        self.since <= now && now < self.since.plus(self.time)
    }

    fn grow_old(&mut self, now: Timestamp) {
        let end = self.since.plus(self.time);
        if now >= end.plus(self.time) {
            self.turn(now);
            self.turn(now);
        } else if now >= end {
            self.turn(end);
        } else if now < self.since {
            // The clock was set back.
            self.since = now;
        }
    }

    fn turn(&mut self, since: Timestamp) {
        let old = mem::replace(&mut self.old, mem::take(&mut self.young));
        self.forgotten.push(old);
        self.since = since;
    }

    fn used<Q>(&mut self, key: &Q, now: Timestamp) -> Option<V>
    where
        K: Borrow<Q>,
        Q: Eq + Hash + ?Sized,
    {
        if let Some((key, value)) = self.old.remove_entry(key) {
            self.put(key, value, now);
        }
        self.young.get(key).cloned()
    }

    fn put(&mut self, key: K, value: V, now: Timestamp) {
        self.old.remove(&key);
        if self.young.len() >= self.most / 2 && !self.young.contains_key(&key) {
            self.turn(now);
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
    fn what_is_there_is_not_made_again() {
        let lately = Lately::new(TIME, 100);
        for (seconds, made) in [(0, 0), (59, 0), (61, 0), (300, 300)] {
            assert_eq!(lately.get_or_insert("a", at(seconds), || seconds), made);
        }
    }

    #[test]
    fn one_is_made_for_all_who_ask_at_once() {
        let (lately, made, begin) = (Lately::new(TIME, 100), AtomicU32::new(0), Barrier::new(8));
        let ask = || {
            begin.wait();
            lately.get_or_insert("a", at(0), || made.fetch_add(1, Ordering::SeqCst))
        };
        thread::scope(|scope| {
            let asking: Vec<_> = (0..8).map(|_| scope.spawn(ask)).collect();
            for answer in asking {
                assert_eq!(answer.join().unwrap(), 0);
            }
        });
        assert_eq!(made.into_inner(), 1);
    }

    #[test]
    fn a_full_one_keeps_the_half_that_was_used_last_for_its_time() {
        let lately = Lately::new(TIME, 100);
        lately.insert(1000, 0, at(0));
        for number in 0..49 {
            lately.insert(number, number, at(59));
        }
        lately.insert(49, 49, at(59));
        for number in 0..50 {
            assert_eq!(lately.get(&number, at(61)), Some(number));
        }
    }

    #[test]
    fn a_clock_that_is_set_back_makes_nothing_forgotten_and_nothing_kept_for_ever() {
        let lately = Lately::new(TIME, 100);
        lately.insert("a", 1, at(100_000));
        assert_eq!(lately.get("a", at(0)), Some(1));
        assert_eq!(lately.get("a", at(2 * TIME)), None);
    }
}
