//! The last uses of access tokens of stored sessions, which are not written with every use.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{
    clock::Timestamp,
    session::{Session, SessionId, data::RECORD_INTERVAL, generational_cache::GenerationalCache},
    token::TokenTarget,
};

/// How long uses stay in memory, in seconds. A visit is saved every ten minutes, and the uses with
/// it.
const IDLE: u64 = 2 * RECORD_INTERVAL;

/// Maximum number of sessions whose uses stay in memory.
const CAPACITY: usize = 10_000;

type LastUses = BTreeMap<TokenTarget, Timestamp>;

/// The times at which this process last used access tokens. The next save of a session, for any
/// reason, records them.
pub(super) struct TokenUses(GenerationalCache<SessionId, Arc<Mutex<LastUses>>>);

impl TokenUses {
    pub(super) fn new() -> Self {
        Self(GenerationalCache::new(IDLE, CAPACITY))
    }

    /// Records a use, unless the use recorded in the session is less than ten minutes old.
    pub(super) fn record(&self, session: &Session, target: &TokenTarget, now: Timestamp) {
        let recorded = session.access_tokens.get(target).map(|cached| cached.used);
        if recorded.is_some_and(|used| now.seconds_since(used) >= RECORD_INTERVAL) {
            let uses = self.0.get_or_insert(session.id(), now, Arc::default);
            let mut uses = uses.lock().unwrap_or_else(PoisonError::into_inner);
            uses.insert(target.clone(), now);
            // Drop the uses of tokens that the session no longer has.
            uses.retain(|target, _| session.access_tokens.contains_key(target));
        }
    }

    /// The session with the uses from memory. `None` if there are none.
    pub(super) fn apply_to(&self, session: &Session, now: Timestamp) -> Option<Session> {
        let uses = self.0.get(&session.id(), now)?;
        let uses = uses.lock().unwrap_or_else(PoisonError::into_inner);
        let mut session = session.clone();
        for (target, used) in &*uses {
            if let Some(cached) = session.access_tokens.get_mut(target) {
                cached.used = cached.used.max(*used);
            }
        }
        Some(session)
    }
}
