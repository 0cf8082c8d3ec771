//! Sessions in the memory of this process.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    fmt,
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Saved, SessionStore, StoreFuture, StoreKind, StoredSession};
use crate::{clock::Timestamp, session::SessionId};

/// Keeps sessions in memory, for a single process. A restart signs all users out.
///
/// A full store evicts the sessions that expire first.
pub struct MemoryStore {
    capacity: usize,
    sessions: Mutex<Sessions>,
}

#[derive(Default)]
struct Sessions {
    stored: HashMap<SessionId, StoredSession>,
    by_expiry: BTreeSet<(Timestamp, SessionId)>,
    by_sub: HashMap<String, HashSet<SessionId>>,
    by_sid: HashMap<String, HashSet<SessionId>>,
}

impl MemoryStore {
    /// Creates a store for at most `capacity` sessions, of about 3 kB each.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            sessions: Mutex::default(),
        }
    }

    fn sessions(&self) -> MutexGuard<'_, Sessions> {
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 100,000 sessions, about 300 MB.
impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(100_000)
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}

impl SessionStore for MemoryStore {
    fn kind(&self) -> StoreKind {
        StoreKind::Memory
    }

    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        let found = self.sessions().load(id, now);
        Box::pin(ready(Ok(found)))
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        let sessions = self.sessions();
        let found = ids.iter().map(|id| sessions.load(id, now)).collect();
        Box::pin(ready(Ok(found)))
    }

    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved> {
        let saved = self.sessions().save(*id, expected, session, now, self.capacity);
        Box::pin(ready(Ok(saved)))
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        self.sessions().remove(id);
        Box::pin(ready(Ok(())))
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        let mut sessions = self.sessions();
        let ids = sessions.by_sid.get(sid).cloned().unwrap_or_default();
        let count = sessions.remove_all(&ids);
        Box::pin(ready(Ok(count)))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let mut sessions = self.sessions();
        let ids = sessions.by_sub.get(sub).cloned().unwrap_or_default();
        let count = sessions.remove_all(&ids);
        Box::pin(ready(Ok(count)))
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let mut sessions = self.sessions();
        let mut ids = sessions.by_sub.get(sub).cloned().unwrap_or_default();
        ids.retain(|id| sessions.stored.get(id).is_some_and(|session| session.sid.is_none()));
        let count = sessions.remove_all(&ids);
        Box::pin(ready(Ok(count)))
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreFuture<'_, u64> {
        let count = self.sessions().remove_expired(now, limit as usize);
        Box::pin(ready(Ok(count)))
    }
}

impl Sessions {
    fn load(&self, id: &SessionId, now: Timestamp) -> Option<StoredSession> {
        let session = self.stored.get(id);
        session.filter(|session| session.expires > now).cloned()
    }

    fn save(
        &mut self,
        id: SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
        capacity: usize,
    ) -> Saved {
        let stored = self.stored.get(&id).filter(|stored| stored.expires > now);
        if stored.map(|stored| stored.version) != expected {
            return Saved::Conflict;
        }
        self.remove(&id);
        if self.stored.len() >= capacity
            && self.remove_expired(now, capacity) == 0
            && let Some((_, first)) = self.by_expiry.first().copied()
        {
            self.remove(&first);
        }
        self.insert(id, session);
        Saved::Done
    }

    fn insert(&mut self, id: SessionId, session: StoredSession) {
        self.by_expiry.insert((session.expires, id));
        self.by_sub.entry(session.sub.clone()).or_default().insert(id);
        if let Some(sid) = &session.sid {
            self.by_sid.entry(sid.clone()).or_default().insert(id);
        }
        self.stored.insert(id, session);
    }

    fn remove(&mut self, id: &SessionId) -> bool {
        let Some(session) = self.stored.remove(id) else {
            return false;
        };
        self.by_expiry.remove(&(session.expires, *id));
        remove_from_index(&mut self.by_sub, &session.sub, id);
        if let Some(sid) = &session.sid {
            remove_from_index(&mut self.by_sid, sid, id);
        }
        true
    }

    fn remove_all(&mut self, ids: &HashSet<SessionId>) -> u64 {
        ids.iter().map(|id| u64::from(self.remove(id))).sum()
    }

    fn remove_expired(&mut self, now: Timestamp, limit: usize) -> u64 {
        let expired: HashSet<_> = self
            .by_expiry
            .iter()
            .take_while(|(expires, _)| *expires <= now)
            .take(limit)
            .map(|(_, id)| *id)
            .collect();
        self.remove_all(&expired)
    }
}

fn remove_from_index(index: &mut HashMap<String, HashSet<SessionId>>, name: &str, id: &SessionId) {
    if let Some(ids) = index.get_mut(name) {
        ids.remove(id);
        if ids.is_empty() {
            index.remove(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_secs(0);

    /// A session for tests. Its number selects one of three provider sessions, or none.
    fn session(number: u8, expires: u64) -> StoredSession {
        let sid = number % 4;
        StoredSession {
            version: 1,
            sealed: "x".into(),
            sub: format!("user {}", number % 2),
            sid: (sid < 3).then(|| format!("sid {sid}")),
            expires: Timestamp::from_secs(expires),
        }
    }

    async fn save(store: &MemoryStore, number: u8, expires: u64) {
        let saved = store.save(&id(number), None, session(number, expires), START).await;
        assert_eq!(saved, Ok(Saved::Done));
    }

    fn id(number: u8) -> SessionId {
        SessionId([number; 32])
    }

    #[tokio::test]
    async fn a_full_store_evicts_the_sessions_that_expire_first() {
        let store = MemoryStore::new(2);
        for (number, expires) in [(1, 300), (2, 100), (3, 200)] {
            save(&store, number, expires).await;
        }
        assert_eq!(store.load(&id(2), START).await, Ok(None));
        assert!(store.load(&id(1), START).await.unwrap().is_some());
        assert!(store.load(&id(3), START).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a_full_store_evicts_expired_sessions_and_no_other() {
        let store = MemoryStore::new(3);
        for (number, expires) in [(1, 10), (2, 20), (3, 300)] {
            save(&store, number, expires).await;
        }
        let now = Timestamp::from_secs(20);
        assert_eq!(store.save(&id(4), None, session(4, 400), now).await, Ok(Saved::Done));
        assert_eq!(store.sessions().stored.len(), 2);
        assert!(store.load(&id(3), now).await.unwrap().is_some());
        assert_eq!(store.delete_expired(now, 10).await, Ok(0));
    }

    #[test]
    fn debug_output_contains_no_session() {
        assert_eq!(format!("{:?}", MemoryStore::new(2)), "MemoryStore { capacity: 2, .. }");
    }

    #[tokio::test]
    async fn a_removed_session_leaves_no_entry_in_an_index() {
        let store = MemoryStore::new(20);
        for number in 0..20 {
            save(&store, number, 1 + u64::from(number)).await;
        }
        assert_eq!(store.delete_expired(Timestamp::from_secs(5), 100).await, Ok(5));
        assert_eq!(store.delete(&id(5)).await, Ok(()));
        for sid in 0..3 {
            assert!(
                store.delete_by_sid(&format!("sid {sid}")).await.unwrap() > 0,
                "sid {sid}"
            );
        }
        assert_eq!(store.delete_by_sub_without_sid("user 1").await, Ok(4));
        let sessions = store.sessions();
        assert!(sessions.stored.is_empty() && sessions.by_expiry.is_empty());
        assert!(sessions.by_sub.is_empty() && sessions.by_sid.is_empty());
    }
}
