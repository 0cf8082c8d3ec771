//! A store that an app could have written, with counters and fault switches.

use std::{
    collections::HashMap,
    fmt,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use logto::{
    Timestamp,
    session::{
        SessionId,
        store::{Saved, SessionStore, StoreError, StoreFuture, StoredSession},
    },
};

/// Whether the store refuses to save this entry.
type Refuses = fn(&SessionId, &StoredSession) -> bool;

/// Sessions in a map. It knows nothing of leases.
pub(crate) struct MapStore {
    pub(crate) entries: Mutex<HashMap<SessionId, StoredSession>>,
    /// Saves that fail as if the store were down.
    pub(crate) refuses: Mutex<Refuses>,
    /// Whether the answer to the next write of a lease that exists gets lost.
    pub(crate) loses_a_renewal: AtomicBool,
    /// The number of reads and writes.
    pub(crate) round_trips: AtomicUsize,
}

impl Default for MapStore {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
            refuses: Mutex::new(|_, _| false),
            loses_a_renewal: AtomicBool::new(false),
            round_trips: AtomicUsize::new(0),
        }
    }
}

impl fmt::Debug for MapStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MapStore")
    }
}

/// Whether an entry is a lease. It belongs to no user: its `sub` is its own id.
pub(crate) fn is_lease(id: &SessionId, entry: &StoredSession) -> bool {
    entry.sub == id.to_text()
}

/// Whether an entry is a lease that was released.
pub(crate) fn is_released(id: &SessionId, entry: &StoredSession) -> bool {
    is_lease(id, entry) && entry.sealed.starts_with("0 ")
}

impl MapStore {
    pub(crate) fn set_refuses(&self, refuses: Refuses) {
        *self.refuses.lock().unwrap() = refuses;
    }

    pub(crate) fn take_round_trips(&self) -> usize {
        self.round_trips.swap(0, Ordering::SeqCst)
    }

    /// The number of the lease, if there is one.
    pub(crate) fn lease(&self) -> Option<u64> {
        let entries = self.entries.lock().unwrap();
        let lease = entries.iter().find(|(id, entry)| is_lease(id, entry));
        lease.map(|(_, entry)| entry.version)
    }

    pub(crate) fn leases(&self) -> usize {
        let entries = self.entries.lock().unwrap();
        entries.iter().filter(|(id, entry)| is_lease(id, entry)).count()
    }

    fn delete_where(&self, condition: impl Fn(&StoredSession) -> bool) -> StoreFuture<'_, u64> {
        let mut entries = self.entries.lock().unwrap();
        let before = entries.len();
        entries.retain(|_, entry| !condition(entry));
        let deleted = (before - entries.len()) as u64;
        Box::pin(async move { Ok(deleted) })
    }
}

impl SessionStore for MapStore {
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        self.round_trips.fetch_add(1, Ordering::SeqCst);
        let found = self.entries.lock().unwrap().get(id).cloned();
        Box::pin(async move { Ok(found.filter(|entry| entry.expires > now)) })
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        self.round_trips.fetch_add(1, Ordering::SeqCst);
        let entries = self.entries.lock().unwrap();
        let live = |id| entries.get(id).filter(|entry| entry.expires > now).cloned();
        let found = ids.iter().map(live).collect();
        Box::pin(async move { Ok(found) })
    }

    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved> {
        self.round_trips.fetch_add(1, Ordering::SeqCst);
        assert!(session.expires > now, "a time to live is never zero");
        if self.refuses.lock().unwrap()(id, &session) {
            return Box::pin(async { Err(StoreError::Unavailable("test")) });
        }
        let mut entries = self.entries.lock().unwrap();
        let live = entries.get(id).filter(|entry| entry.expires > now);
        if live.map(|entry| entry.version) != expected {
            return Box::pin(async { Ok(Saved::Conflict) });
        }
        let is_renewal = expected.is_some() && is_lease(id, &session);
        entries.insert(*id, session);
        if is_renewal && self.loses_a_renewal.swap(false, Ordering::SeqCst) {
            return Box::pin(async { Err(StoreError::Unavailable("test")) });
        }
        Box::pin(async { Ok(Saved::Done) })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        self.entries.lock().unwrap().remove(id);
        Box::pin(async { Ok(()) })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        self.delete_where(|entry| entry.sid.as_deref() == Some(sid))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.delete_where(|entry| entry.sub == sub)
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.delete_where(|entry| entry.sub == sub && entry.sid.is_none())
    }

    fn delete_expired(&self, now: Timestamp, _: u32) -> StoreFuture<'_, u64> {
        self.delete_where(|entry| entry.expires <= now)
    }
}
