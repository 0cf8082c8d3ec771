//! State shared by all refreshes of a process.

use std::sync::{Arc, OnceLock};

use super::{back_off_cache::BackOffCache, state::RefreshState, unfinished::Unfinished};
use crate::{
    client::LogtoClient,
    error::Diagnose as _,
    seal::Sealer,
    session::{
        DenyList, Session, SessionId, StoredSessions,
        generational_cache::GenerationalCache,
        lease::{LONGEST_KEPT, Leases},
        store::StoreError,
    },
};

/// How long the refresh state of a session stays in memory after its last use, in seconds, so that
/// a request with the previous cookie continues with the new tokens.
const IDLE: u64 = 60;

/// How long a state with tokens stays in memory that no response has saved, in seconds. The
/// provider may have rotated the refresh token, so losing it could end the sign-in.
const IDLE_UNSAVED: u64 = LONGEST_KEPT;

/// Maximum number of refresh states, about 20 MB. The most recently used half is never evicted
/// early.
const CAPACITY: usize = 10_000;

/// Called with each session whose grant has ended.
pub(super) type GrantEndObserver = Box<dyn Fn(&Arc<Session>) + Send + Sync>;

pub(super) struct RefreshContext {
    pub(super) client: LogtoClient,
    /// `None` for sessions in cookies.
    pub(super) stored: Option<StoredSessions>,
    /// Leases in the store that the processes share, if there is one.
    pub(super) leases: Option<Leases>,
    pub(super) back_offs: BackOffCache,
    pub(super) unfinished: Unfinished,
    pub(super) grant_end_observer: OnceLock<GrantEndObserver>,
    states: GenerationalCache<SessionId, Arc<RefreshState>>,
    /// The states with tokens that the next response has to save. Each of them is used again when
    /// it is no longer in `states`.
    unsaved: GenerationalCache<SessionId, Arc<RefreshState>>,
}

impl RefreshContext {
    /// For sessions in cookies.
    pub(super) fn new(client: LogtoClient) -> Self {
        Self::with(client, None, None)
    }

    /// For sessions in cookies, with leases in the store of their deny list.
    pub(super) fn with_deny_list(client: LogtoClient, sealer: Arc<Sealer>, deny_list: DenyList) -> Self {
        let leases = Leases::for_cookies(client.clone(), sealer, deny_list);
        Self::with(client, None, Some(leases))
    }

    /// For sessions in a store.
    pub(super) fn with_store(client: LogtoClient, stored: StoredSessions) -> Self {
        let leases = Leases::new(client.clone(), Arc::clone(stored.store()));
        Self::with(client, Some(stored), Some(leases))
    }

    fn with(client: LogtoClient, stored: Option<StoredSessions>, leases: Option<Leases>) -> Self {
        Self {
            client,
            stored,
            leases,
            back_offs: BackOffCache::default(),
            unfinished: Unfinished::default(),
            grant_end_observer: OnceLock::new(),
            states: GenerationalCache::new(IDLE, CAPACITY),
            unsaved: GenerationalCache::new(IDLE_UNSAVED, CAPACITY),
        }
    }

    pub(super) fn state_of(&self, id: SessionId) -> Arc<RefreshState> {
        self.state_or_else(id, Arc::default)
    }

    /// Keeps the state of a session for longer, until a response can save it.
    pub(super) fn keep_unsaved(&self, id: SessionId) {
        self.unsaved.insert(id, self.state_of(id), self.client.now());
    }

    /// How long other processes should find the result of a refresh, in seconds: as long as this one
    /// keeps it in memory.
    pub(super) fn keep_result_for(&self, id: SessionId) -> u64 {
        match self.unsaved.get(&id, self.client.now()) {
            Some(_) => IDLE_UNSAVED,
            None => IDLE,
        }
    }

    /// Keeps the result of the last refresh for longer, for other processes.
    pub(super) async fn keep_shared_result(&self, id: SessionId) {
        let Some(leases) = &self.leases else { return };
        let state = self.state_of(id);
        // A refresh in flight keeps its own result for that long.
        let _lock = state.lock.lock().await;
        if let Err(error) = leases.keep_result(&id, IDLE_UNSAVED).await {
            tracing::debug!(
                code = error.code(),
                "other instances find the result of a refresh for a minute only"
            );
        }
    }

    /// The refresh state of a session. If it was evicted, `state` takes its place in the cache.
    pub(super) fn state_or(&self, id: SessionId, state: &Arc<RefreshState>) -> Arc<RefreshState> {
        self.state_or_else(id, || Arc::clone(state))
    }

    fn state_or_else(&self, id: SessionId, make: impl FnOnce() -> Arc<RefreshState>) -> Arc<RefreshState> {
        let now = self.client.now();
        let find = || self.unsaved.get(&id, now).unwrap_or_else(make);
        self.states.get_or_insert(id, now, find)
    }

    /// The latest version of a session in this process. `None` if the session was signed out.
    pub(super) fn latest(&self, session: Arc<Session>) -> Option<Arc<Session>> {
        let (id, now) = (session.id(), self.client.now());
        let state = self.states.get(&id, now);
        match state.or_else(|| self.unsaved.get(&id, now)) {
            Some(state) => state.latest(session),
            None => Some(session),
        }
    }

    /// The current version of a session: from the store, or without one the latest version
    /// in this process. `None` if the session was signed out.
    pub(super) async fn current(
        &self,
        state: &RefreshState,
        session: &Arc<Session>,
    ) -> Result<Option<Arc<Session>>, StoreError> {
        let session = match &self.stored {
            Some(stored) => match stored.load(&session.id()).await? {
                Some(session) => session,
                None => return Ok(None),
            },
            None => Arc::clone(session),
        };
        Ok(state.latest(session))
    }
}
