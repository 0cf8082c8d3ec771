//! A limit for the requests that scripts of pages cause.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use logto::{Timestamp, session::SessionId};

/// The minimum time between two requests to the provider for the claims of a session, in seconds.
/// Any script of a page can ask, in a loop too.
const PAUSE: u64 = 5;

/// The sessions whose claims were requested in the last [`PAUSE`] seconds.
#[derive(Default)]
pub(crate) struct RefetchLimit(Mutex<HashMap<SessionId, Timestamp>>);

impl RefetchLimit {
    /// Whether the provider may be asked for the claims of this session now.
    pub(super) fn allows(&self, id: SessionId, now: Timestamp) -> bool {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|_, requested| now.seconds_since(*requested) < PAUSE);
        let is_first = !recent.contains_key(&id);
        recent.entry(id).or_insert(now);
        is_first
    }
}
