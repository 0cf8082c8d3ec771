//! Deny-list entries that wait in memory because the store is unavailable.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use crate::session::SessionId;

/// Maximum number of pending entries, about 10 MB. Only the provider and users who sign out can add
/// entries.
const CAPACITY: usize = 100_000;

/// Entries that still have to be written to the store, each with its logout number.
#[derive(Debug)]
pub(super) struct PendingEntries {
    capacity: usize,
    /// The number of entries. It is almost always zero, and then loading a session takes no lock.
    count: AtomicUsize,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    entries: BTreeMap<SessionId, u64>,
    /// Alive while a task writes the entries.
    writer: Weak<()>,
}

impl Default for PendingEntries {
    fn default() -> Self {
        Self {
            capacity: CAPACITY,
            count: AtomicUsize::new(0),
            state: Mutex::default(),
        }
    }
}

impl PendingEntries {
    /// Adds entries, or raises their numbers. `false` if there is no room: none is added then.
    pub(super) fn add(&self, ids: &[SessionId], number: u64) -> bool {
        let mut state = self.state();
        let new = ids.iter().filter(|id| !state.entries.contains_key(id)).count();
        if state.entries.len() + new > self.capacity {
            return false;
        }
        for id in ids {
            let known = state.entries.entry(*id).or_default();
            *known = number.max(*known);
        }
        self.update_count(&state);
        true
    }

    /// The numbers of the entries with these ids that are pending.
    pub(super) fn find<const N: usize>(&self, ids: &[SessionId; N]) -> [Option<u64>; N] {
        if self.count.load(Ordering::Acquire) == 0 {
            return [None; N];
        }
        let state = self.state();
        ids.map(|id| state.entries.get(&id).copied())
    }

    /// A token to hold while a task writes the entries. `None` while another task holds one.
    pub(super) fn begin_writing(&self) -> Option<Arc<()>> {
        let mut state = self.state();
        if state.writer.strong_count() > 0 {
            return None;
        }
        let writer = Arc::new(());
        state.writer = Arc::downgrade(&writer);
        Some(writer)
    }

    /// The next entry to write. After `None` the writing task ends, and the next entry starts
    /// another one.
    pub(super) fn next(&self) -> Option<(SessionId, u64)> {
        let mut state = self.state();
        let next = state.entries.first_key_value().map(|(id, number)| (*id, *number));
        if next.is_none() {
            state.writer = Weak::new();
        }
        next
    }

    /// Removes an entry that was written, unless its number has been raised since.
    pub(super) fn written(&self, id: &SessionId, number: u64) {
        let mut state = self.state();
        if state.entries.get(id).is_some_and(|known| *known <= number) {
            state.entries.remove(id);
            self.update_count(&state);
        }
    }

    /// Removes the entries with a lower number.
    pub(super) fn discard_below(&self, number: u64) {
        let mut state = self.state();
        state.entries.retain(|_, known| *known >= number);
        self.update_count(&state);
    }

    fn update_count(&self, state: &State) {
        self.count.store(state.entries.len(), Ordering::Release);
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;

    const IDS: [SessionId; 3] = [SessionId([1; 32]), SessionId([2; 32]), SessionId([3; 32])];

    #[test]
    fn the_number_of_entries_is_bounded() {
        let pending = PendingEntries {
            capacity: 2,
            ..PendingEntries::default()
        };
        assert!(pending.add(&IDS[..2], 5));
        assert!(!pending.add(&IDS[1..], 6), "all or none are added");
        assert_eq!(pending.find(&IDS), [Some(5), Some(5), None]);
        assert!(pending.add(&IDS[..2], 7), "known entries take no room");
        pending.discard_below(8);
        assert!(pending.add(&IDS[1..], 8));
    }

    #[test]
    fn sessions_do_not_wait_for_the_lock_while_no_entry_is_pending() {
        let pending = PendingEntries::default();
        assert!(pending.add(&IDS[..2], 5));
        pending.written(&IDS[0], 5);
        assert_eq!(pending.find(&IDS), [None, Some(5), None]);
        pending.discard_below(6);
        let (found, finds) = mpsc::channel();
        thread::scope(|scope| {
            let held = pending.state();
            scope.spawn(|| found.send(pending.find(&IDS)));
            let answer = finds.recv_timeout(Duration::from_secs(10));
            drop(held);
            assert_eq!(answer, Ok([None; 3]), "find() waits for the lock");
        });
    }

    #[test]
    fn an_entry_that_changes_while_it_is_written_is_written_again() {
        let pending = PendingEntries::default();
        assert!(pending.add(&IDS[..1], 5));
        let (id, number) = pending.next().unwrap();
        assert!(pending.add(&IDS[..1], 6));
        pending.written(&id, number);
        assert_eq!(pending.next(), Some((IDS[0], 6)));
        pending.written(&id, 6);
        assert_eq!(pending.next(), None);
    }

    #[test]
    fn one_task_at_a_time_writes_and_the_next_begins_when_it_has_ended() {
        let pending = PendingEntries::default();
        assert!(pending.add(&IDS[..1], 5));
        let writer = pending.begin_writing();
        assert!(writer.is_some() && pending.begin_writing().is_none());
        drop(writer);
        let writer = pending.begin_writing();
        assert!(writer.is_some(), "the first writer has given up");
        pending.written(&IDS[0], 5);
        assert_eq!(pending.next(), None);
        assert!(pending.begin_writing().is_some(), "the writer has written everything");
    }
}
