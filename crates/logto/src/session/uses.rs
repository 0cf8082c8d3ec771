//! Last uses of tokens of sessions in a store, which are not written with every read.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use super::{Session, SessionId, data::COARSENESS, lately::Lately};
use crate::{clock::Timestamp, token::TokenTarget};

/// How long uses are remembered, in seconds: visits are saved every ten minutes, and uses with
/// them.
const REMEMBERED: u64 = 2 * COARSENESS;

/// Most sessions whose uses are remembered.
const MOST_REMEMBERED: usize = 10_000;

type Uses = BTreeMap<TokenTarget, Timestamp>;

/// When tokens were last used in this process, until the session is saved for another reason.
pub(super) struct TokenUses(Lately<SessionId, Arc<Mutex<Uses>>>);

impl TokenUses {
    pub(super) fn new() -> Self {
        Self(Lately::new(REMEMBERED, MOST_REMEMBERED))
    }

    /// Remembers a use, unless the one on record is recent enough.
    pub(super) fn note(&self, session: &Session, target: &TokenTarget, now: Timestamp) {
        let on_record = session.access_tokens.get(target).map(|cached| cached.used);
        if on_record.is_some_and(|used| now.seconds_since(used) >= COARSENESS) {
            let uses = self.0.get_or_insert(session.id(), now, Arc::default);
            let mut uses = uses.lock().unwrap_or_else(PoisonError::into_inner);
            uses.insert(target.clone(), now);
            // Those that the session has lost meanwhile.
            uses.retain(|target, _| session.access_tokens.contains_key(target));
        }
    }

    /// The session with the uses that are remembered; `None` if there are none.
    pub(super) fn put_on_record(&self, session: &Session, now: Timestamp) -> Option<Session> {
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
