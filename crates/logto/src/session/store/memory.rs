//! Sessions in the memory of this process: bounded, gone with a restart.

use std::{
    collections::{BTreeSet, HashMap, HashSet},
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{Saved, SessionStore, StoreError, StoreFuture, StoredSession};
use crate::{clock::Timestamp, session::SessionId};

/// Keeps sessions in memory. For one process; a restart signs everybody out. When it is full, the
/// sessions that end first go.
#[derive(Debug)]
pub struct MemoryStore {
    most: usize,
    kept: Mutex<Kept>,
}

#[derive(Debug, Default)]
struct Kept {
    sessions: HashMap<SessionId, StoredSession>,
    /// In the order they end.
    by_end: BTreeSet<(Timestamp, SessionId)>,
    by_sub: HashMap<String, HashSet<SessionId>>,
    by_sid: HashMap<String, HashSet<SessionId>>,
}

impl MemoryStore {
    /// A store for at most this many sessions; one takes some 3 kB.
    #[must_use]
    pub fn new(most: usize) -> Self {
        Self {
            most: most.max(1),
            kept: Mutex::default(),
        }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// 100,000 sessions: some 300 MB.
impl Default for MemoryStore {
    fn default() -> Self {
        Self::new(100_000)
    }
}

impl SessionStore for MemoryStore {
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        let found = self.kept().load(id, now);
        Box::pin(ready(Ok(found)))
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        let kept = self.kept();
        let found = ids.iter().map(|id| kept.load(id, now)).collect();
        Box::pin(ready(Ok(found)))
    }

    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved> {
        let saved = self.kept().save(*id, expected, session, now, self.most);
        Box::pin(async move { Ok(saved) })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        self.kept().remove(id);
        Box::pin(async { Ok(()) })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        let mut kept = self.kept();
        let ids = kept.by_sid.get(sid).cloned().unwrap_or_default();
        let count = kept.remove_all(&ids);
        Box::pin(async move { Ok(count) })
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let mut kept = self.kept();
        let ids = kept.by_sub.get(sub).cloned().unwrap_or_default();
        let count = kept.remove_all(&ids);
        Box::pin(async move { Ok(count) })
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let mut kept = self.kept();
        let mut ids = kept.by_sub.get(sub).cloned().unwrap_or_default();
        ids.retain(|id| kept.sessions.get(id).is_some_and(|session| session.sid.is_none()));
        let count = kept.remove_all(&ids);
        Box::pin(async move { Ok(count) })
    }

    fn delete_expired(&self, now: Timestamp, most: u32) -> StoreFuture<'_, u64> {
        let count = self.kept().remove_ended(now, most as usize);
        Box::pin(async move { Ok::<u64, StoreError>(count) })
    }
}

impl Kept {
    fn load(&self, id: &SessionId, now: Timestamp) -> Option<StoredSession> {
        let kept = self.sessions.get(id);
        kept.filter(|session| session.expires > now).cloned()
    }

    fn save(
        &mut self,
        id: SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
        most: usize,
    ) -> Saved {
        let version = self
            .sessions
            .get(&id)
            .filter(|kept| kept.expires > now)
            .map(|kept| kept.version);
        if version != expected {
            return Saved::Conflict;
        }
        self.remove(&id);
        if self.sessions.len() >= most
            && self.remove_ended(now, most) == 0
            && let Some((_, first)) = self.by_end.first().copied()
        {
            self.remove(&first);
        }
        self.by_end.insert((session.expires, id));
        self.by_sub.entry(session.sub.clone()).or_default().insert(id);
        if let Some(sid) = &session.sid {
            self.by_sid.entry(sid.clone()).or_default().insert(id);
        }
        self.sessions.insert(id, session);
        Saved::Done
    }

    fn remove(&mut self, id: &SessionId) -> bool {
        let Some(session) = self.sessions.remove(id) else {
            return false;
        };
        self.by_end.remove(&(session.expires, *id));
        forget(&mut self.by_sub, &session.sub, id);
        if let Some(sid) = &session.sid {
            forget(&mut self.by_sid, sid, id);
        }
        true
    }

    fn remove_all(&mut self, ids: &HashSet<SessionId>) -> u64 {
        ids.iter().map(|id| u64::from(self.remove(id))).sum()
    }

    fn remove_ended(&mut self, now: Timestamp, most: usize) -> u64 {
        let ended: HashSet<_> = self
            .by_end
            .iter()
            .take_while(|(end, _)| *end <= now)
            .take(most)
            .map(|(_, id)| *id)
            .collect();
        self.remove_all(&ended)
    }
}

fn forget(index: &mut HashMap<String, HashSet<SessionId>>, name: &str, id: &SessionId) {
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

    fn session(expires: u64) -> StoredSession {
        StoredSession {
            version: 1,
            sealed: "x".into(),
            sub: "u".into(),
            sid: None,
            expires: Timestamp::from_secs(expires),
        }
    }

    #[tokio::test]
    async fn a_full_store_gives_up_the_sessions_that_end_first() {
        let (store, now) = (MemoryStore::new(2), Timestamp::from_secs(0));
        for (id, expires) in [(1, 300), (2, 100), (3, 200)] {
            assert_eq!(
                store.save(&SessionId([id; 32]), None, session(expires), now).await,
                Ok(Saved::Done)
            );
        }
        assert_eq!(store.load(&SessionId([2; 32]), now).await, Ok(None));
        assert!(store.load(&SessionId([1; 32]), now).await.unwrap().is_some());
        assert!(store.load(&SessionId([3; 32]), now).await.unwrap().is_some());
    }

    #[tokio::test]
    async fn the_indexes_shrink_with_the_sessions() {
        let (store, now) = (MemoryStore::new(10), Timestamp::from_secs(0));
        for id in 0..10 {
            let _ = store
                .save(&SessionId([id; 32]), None, session(u64::from(id)), now)
                .await;
        }
        store.delete_expired(Timestamp::from_secs(100), 100).await.unwrap();
        let kept = store.kept();
        assert!(kept.sessions.is_empty() && kept.by_end.is_empty() && kept.by_sub.is_empty());
    }
}
