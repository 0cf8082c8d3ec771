use std::{
    collections::HashMap,
    future::ready,
    sync::{Mutex, MutexGuard, PoisonError},
};

use logto_leptos::{
    SessionId, Timestamp,
    store::{Saved, SessionStore, StoreFuture, StoredSession},
};

/// A store of your own. This one keeps sessions in memory; yours calls a database.
#[derive(Debug, Default)]
pub struct OwnStore(Mutex<HashMap<SessionId, StoredSession>>);

impl OwnStore {
    fn sessions(&self) -> MutexGuard<'_, HashMap<SessionId, StoredSession>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Deletes the sessions that `matches` selects, and returns their number.
    fn delete_if(&self, matches: impl Fn(&StoredSession) -> bool) -> StoreFuture<'_, u64> {
        let deleted = self.sessions().extract_if(|_, session| matches(session)).count();
        Box::pin(ready(Ok(deleted as u64)))
    }
}

impl SessionStore for OwnStore {
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        let session = self.sessions().get(id).filter(|session| session.expires > now).cloned();
        Box::pin(ready(Ok(session)))
    }

    /// Saves only if nothing else has saved since: compare and swap.
    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved> {
        let mut sessions = self.sessions();
        let stored = sessions.get(id).filter(|stored| stored.expires > now);
        let saved = if stored.map(|stored| stored.version) == expected {
            sessions.insert(*id, session);
            Saved::Done
        } else {
            Saved::Conflict
        };
        Box::pin(ready(Ok(saved)))
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        self.sessions().remove(id);
        Box::pin(ready(Ok(())))
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        self.delete_if(|session| session.sid.as_deref() == Some(sid))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.delete_if(|session| session.sub == sub)
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        self.delete_if(|session| session.sub == sub && session.sid.is_none())
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreFuture<'_, u64> {
        let mut left = limit;
        let mut sessions = self.sessions();
        let before = sessions.len();
        sessions.retain(|_, session| {
            let expired = left > 0 && session.expires <= now;
            left -= u32::from(expired);
            !expired
        });
        let deleted = before - sessions.len();
        Box::pin(ready(Ok(deleted as u64)))
    }
}
