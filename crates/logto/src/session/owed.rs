//! Logouts that could not be written down because the store did not answer.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicUsize, Ordering},
    },
};

use super::SessionId;

/// Most notes that are kept: some 10 MB. Only the provider and users who sign out can add any.
const MOST: usize = 100_000;

/// Notes of a deny list that are still to be written to its store, each with its number.
#[derive(Debug)]
pub(super) struct Owed {
    most: usize,
    /// How many notes there are: nearly always none, and then no session that is read has to wait
    /// for the lock.
    count: AtomicUsize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    notes: BTreeMap<SessionId, u64>,
    /// Alive while a task is trying to write them.
    writer: Weak<()>,
}

impl Default for Owed {
    fn default() -> Self {
        Self {
            most: MOST,
            count: AtomicUsize::new(0),
            kept: Mutex::default(),
        }
    }
}

impl Owed {
    /// Keeps notes; `false` when there is no room for them.
    pub(super) fn add(&self, ids: &[SessionId], number: u64) -> bool {
        let mut kept = self.kept();
        let new = ids.iter().filter(|id| !kept.notes.contains_key(id)).count();
        if kept.notes.len() + new > self.most {
            return false;
        }
        for id in ids {
            let known = kept.notes.entry(*id).or_default();
            *known = number.max(*known);
        }
        self.note_count(&kept);
        true
    }

    /// The numbers of those notes that are here.
    pub(super) fn find<const N: usize>(&self, ids: &[SessionId; N]) -> [Option<u64>; N] {
        if self.count.load(Ordering::Acquire) == 0 {
            return [None; N];
        }
        let kept = self.kept();
        ids.map(|id| kept.notes.get(&id).copied())
    }

    /// A token for the task that writes the notes; `None` while there is one.
    pub(super) fn begin_writing(&self) -> Option<Arc<()>> {
        let mut kept = self.kept();
        if kept.writer.strong_count() > 0 {
            return None;
        }
        let writer = Arc::new(());
        kept.writer = Arc::downgrade(&writer);
        Some(writer)
    }

    /// One of the notes. When there is none the task that writes them ends: a note that comes from
    /// now on needs another.
    pub(super) fn next(&self) -> Option<(SessionId, u64)> {
        let mut kept = self.kept();
        let next = kept.notes.first_key_value().map(|(id, number)| (*id, *number));
        if next.is_none() {
            kept.writer = Weak::new();
        }
        next
    }

    /// Forgets a note that has been written, unless it has got a higher number meanwhile.
    pub(super) fn written(&self, id: &SessionId, number: u64) {
        let mut kept = self.kept();
        if kept.notes.get(id).is_some_and(|known| *known <= number) {
            kept.notes.remove(id);
            self.note_count(&kept);
        }
    }

    /// Forgets the notes with a lower number.
    pub(super) fn forget_below(&self, number: u64) {
        let mut kept = self.kept();
        kept.notes.retain(|_, known| *known >= number);
        self.note_count(&kept);
    }

    fn note_count(&self, kept: &Kept) {
        self.count.store(kept.notes.len(), Ordering::Release);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, thread, time::Duration};

    use super::*;

    const IDS: [SessionId; 3] = [SessionId([1; 32]), SessionId([2; 32]), SessionId([3; 32])];

    #[test]
    fn no_more_notes_are_kept_than_there_is_room_for() {
        let owed = Owed {
            most: 2,
            ..Owed::default()
        };
        assert!(owed.add(&IDS[..2], 5));
        assert!(!owed.add(&IDS[1..], 6), "all of them or none");
        assert_eq!(owed.find(&IDS), [Some(5), Some(5), None]);
        assert!(owed.add(&IDS[..2], 7), "those that are here already take no room");
        owed.forget_below(8);
        assert!(owed.add(&IDS[1..], 8));
    }

    #[test]
    fn sessions_do_not_wait_for_the_lock_while_there_is_no_note() {
        let owed = Owed::default();
        assert!(owed.add(&IDS[..2], 5));
        owed.written(&IDS[0], 5);
        assert_eq!(owed.find(&IDS), [None, Some(5), None]);
        owed.forget_below(6);
        let (found, finds) = mpsc::channel();
        thread::scope(|scope| {
            let held = owed.kept();
            scope.spawn(|| found.send(owed.find(&IDS)));
            let answer = finds.recv_timeout(Duration::from_secs(10));
            drop(held);
            assert_eq!(answer, Ok([None; 3]), "it waits for the lock");
        });
    }

    #[test]
    fn a_note_that_comes_while_it_is_written_is_written_again() {
        let owed = Owed::default();
        assert!(owed.add(&IDS[..1], 5));
        let (id, number) = owed.next().unwrap();
        assert!(owed.add(&IDS[..1], 6));
        owed.written(&id, number);
        assert_eq!(owed.next(), Some((IDS[0], 6)));
        owed.written(&id, 6);
        assert_eq!(owed.next(), None);
    }

    #[test]
    fn one_task_at_a_time_writes_the_notes_and_the_next_begins_when_it_has_ended() {
        let owed = Owed::default();
        assert!(owed.add(&IDS[..1], 5));
        let writer = owed.begin_writing();
        assert!(writer.is_some() && owed.begin_writing().is_none());
        drop(writer);
        let writer = owed.begin_writing();
        assert!(writer.is_some(), "it had given up");
        owed.written(&IDS[0], 5);
        assert_eq!(owed.next(), None);
        assert!(owed.begin_writing().is_some(), "it has nothing left to write and ends");
    }
}
