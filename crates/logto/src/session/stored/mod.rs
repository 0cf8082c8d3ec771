//! Sessions in a store, sealed with the cookie secrets.

mod coalesced_reads;
mod token_uses;
mod visits;

use std::{borrow::Cow, fmt, sync::Arc};

use self::{coalesced_reads::CoalescedReads, token_uses::TokenUses, visits::VisitsInFlight};
use super::{
    DenyList, Lifetimes, Session, SessionCodecError, SessionId, UnsealCache,
    deny_list::{Standing, entry::ENTRIES},
    generational_cache::GenerationalCache,
    store::{Saved, SessionStore, StoreError, StoredSession},
};
use crate::{
    client::LogtoClient,
    error::Diagnose as _,
    seal::{OpenError, Purpose, SealContext, Sealer},
    token::TokenTarget,
};

/// How long the ids of a session's deny-list entries stay in memory after their last use, in
/// seconds.
const IDLE: u64 = 600;

/// Maximum number of sessions whose entry ids stay in memory, about 3 MB.
const CAPACITY: usize = 10_000;

type Loaded = Result<Option<Arc<Session>>, StoreError>;

/// Loads and saves sessions in a [`SessionStore`], sealed with the cookie secrets.
///
/// A copy of the store is useless without the secrets, and a sealed session that was moved to
/// another id does not open.
///
/// A session is loaded together with its entries of the [`DenyList`] in the same store. A session
/// that has ended is not returned, even if it could not be deleted.
#[derive(Clone)]
pub struct StoredSessions {
    client: LogtoClient,
    sealer: Arc<Sealer>,
    store: Arc<dyn SessionStore>,
    lifetimes: Lifetimes,
    /// Includes the unsealing, which costs more than the read itself.
    reads: Arc<CoalescedReads<SessionId, Loaded>>,
    unseal_cache: UnsealCache,
    deny_list: DenyList,
    /// The ids of each session's deny-list entries, so that they are loaded in one round trip with
    /// it.
    entry_ids: Arc<GenerationalCache<SessionId, [SessionId; ENTRIES]>>,
    token_uses: Arc<TokenUses>,
    visits: Arc<VisitsInFlight>,
}

impl fmt::Debug for StoredSessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSessions").finish_non_exhaustive()
    }
}

impl StoredSessions {
    /// Creates access to the sessions of this client in this store.
    #[must_use]
    pub fn new(client: LogtoClient, sealer: Arc<Sealer>, store: Arc<dyn SessionStore>, lifetimes: Lifetimes) -> Self {
        Self {
            deny_list: DenyList::new(client.clone(), Arc::clone(&store), lifetimes),
            client,
            sealer,
            store,
            lifetimes,
            reads: Arc::new(CoalescedReads::new()),
            unseal_cache: UnsealCache::default(),
            entry_ids: Arc::new(GenerationalCache::new(IDLE, CAPACITY)),
            token_uses: Arc::new(TokenUses::new()),
            visits: Arc::default(),
        }
    }

    /// Sets whether sessions are checked for outdated claims, see [`DenyList::watching_claims`].
    #[must_use]
    pub fn watching_claims(mut self, watches_claims: bool) -> Self {
        self.deny_list = self.deny_list.watching_claims(watches_claims);
        self
    }

    /// The underlying store.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn SessionStore> {
        &self.store
    }

    /// The deny list in the same store.
    #[must_use]
    pub fn deny_list(&self) -> &DenyList {
        &self.deny_list
    }

    /// Loads a session. `None` if there is none, or if it has ended according to the deny list.
    ///
    /// Concurrent calls for one session are coalesced.
    ///
    /// # Errors
    ///
    /// If the store fails. [`StoreError::UnknownKey`] if the session is sealed with a secret that
    /// this process does not have.
    pub async fn load(&self, id: &SessionId) -> Result<Option<Arc<Session>>, StoreError> {
        self.reads.read(id, || self.load_uncoalesced(id)).await
    }

    async fn load_uncoalesced(&self, id: &SessionId) -> Loaded {
        let Some((session, standing)) = self.load_with_entries(id).await? else {
            return Ok(None);
        };
        if let Some(session) = standing.apply_to(session) {
            return Ok(Some(session));
        }
        // An earlier deletion failed.
        if let Err(error) = self.store.delete(id).await {
            tracing::debug!(
                code = error.code(),
                "a session that has ended could not be deleted; it is not handed out"
            );
        }
        Ok(None)
    }

    /// The session, and the effect of its deny-list entries.
    async fn load_with_entries(&self, id: &SessionId) -> Result<Option<(Arc<Session>, Standing)>, StoreError> {
        let now = self.client.now();
        let Some(entry_ids) = self.entry_ids.get(id, now) else {
            let stored = self.store.load(id, now).await?;
            return self.check_entries(self.open(id, stored.as_ref())?).await;
        };
        let pending = self.deny_list.pending(&entry_ids);
        let watched = self.deny_list.watched(&entry_ids);
        let mut ids = [*id; 1 + ENTRIES];
        ids[1..=watched.len()].copy_from_slice(watched);
        let loaded = self.store.load_all(&ids[..=watched.len()], now).await?;
        let [stored, entries @ ..] = loaded.as_slice() else {
            return Err(StoreError::Unexpected("load_all"));
        };
        if entries.len() != watched.len() {
            return Err(StoreError::Unexpected("load_all"));
        }
        let session = self.open(id, stored.as_ref())?;
        match session {
            Some(session) if *session.entry_ids() == entry_ids => {
                let standing = self.deny_list.standing_by(&session, pending, entries)?;
                Ok(Some((session, standing)))
            }
            session => self.check_entries(session).await,
        }
    }

    /// Loads the entries of a session whose entry ids were not cached.
    async fn check_entries(
        &self,
        session: Option<Arc<Session>>,
    ) -> Result<Option<(Arc<Session>, Standing)>, StoreError> {
        let Some(session) = session else { return Ok(None) };
        let standing = self.deny_list.standing(&session).await?;
        self.cache_entry_ids(&session);
        Ok(Some((session, standing)))
    }

    fn open(&self, id: &SessionId, stored: Option<&StoredSession>) -> Loaded {
        let Some(stored) = stored else { return Ok(None) };
        let (name, now) = (id.to_text(), self.client.now());
        let context = self.context(&name);
        let opened = self.unseal_cache.open(&self.sealer, context, &stored.sealed, now);
        if matches!(opened, Err(OpenError::UnknownKey)) {
            return Err(StoreError::UnknownKey);
        }
        // The lifetimes may have been shortened since the session was sealed.
        let is_valid = |session: &Session| self.lifetimes.end_of(session) > now;
        Ok(opened.ok().filter(|session| session.id() == *id && is_valid(session)))
    }

    fn cache_entry_ids(&self, session: &Session) {
        let now = self.client.now();
        self.entry_ids.insert(session.id(), *session.entry_ids(), now);
    }

    /// Saves `session` if the stored version is `expected`. With `None`, no session may be stored
    /// yet.
    ///
    /// Token uses that this process has recorded are saved with it. Access tokens that make the
    /// session too large are left out, the least recently used first.
    ///
    /// # Errors
    ///
    /// If the store fails, or the random source fails;
    /// [`StoreError::SessionTooLarge`] when the session is too large even without access tokens.
    pub async fn save(&self, session: &Session, expected: Option<u64>) -> Result<Saved, StoreError> {
        let (now, expires) = (self.client.now(), self.lifetimes.end_of(session));
        let session = match self.token_uses.apply_to(session, now) {
            Some(session) => Cow::Owned(session),
            None => Cow::Borrowed(session),
        };
        let name = session.id().to_text();
        let bytes = session.to_bytes().map_err(|error| match error {
            SessionCodecError::TooLarge => StoreError::SessionTooLarge,
            SessionCodecError::NoSession => StoreError::Unexpected("codec"),
        })?;
        let sealed = self
            .sealer
            .seal(self.context(&name), &bytes, now, expires, self.client.random())
            .map_err(|_| StoreError::Unavailable("randomness"))?;
        let claims = session.id_token().claims();
        let record = StoredSession {
            version: session.version(),
            sealed,
            sub: claims.sub.clone(),
            sid: claims.sid.clone(),
            expires,
        };
        let saved = self.store.save(&session.id(), expected, record, now).await?;
        if saved == Saved::Done {
            self.cache_entry_ids(&session);
        }
        Ok(saved)
    }

    /// Saves the time of this visit, and returns the session with it.
    ///
    /// `None` if nothing was saved: the last recorded visit is recent (see [`Lifetimes::visited`]),
    /// a concurrent request records the visit, another change won the race, or the session is at
    /// the size limit.
    ///
    /// # Errors
    ///
    /// If the store fails, or the random source fails.
    pub async fn save_visit(&self, session: &Session) -> Result<Option<Session>, StoreError> {
        let Some(visited) = self.lifetimes.visited(session, self.client.now()) else {
            return Ok(None);
        };
        let Some(_guard) = self.visits.begin(session.id()) else {
            return Ok(None);
        };
        let visited = visited.next_version();
        match self.save(&visited, Some(session.version())).await {
            Ok(Saved::Done) => Ok(Some(visited)),
            // A session at the size limit no longer fits if its version gets another digit.
            Ok(Saved::Conflict) | Err(StoreError::SessionTooLarge) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Records the use of a token in memory, until the session is saved for another reason.
    pub(super) fn note_use(&self, session: &Session, target: &TokenTarget) {
        self.token_uses.record(session, target, self.client.now());
    }

    fn context<'a>(&'a self, name: &'a str) -> SealContext<'a> {
        SealContext {
            purpose: Purpose::StoredSession,
            name,
            app_id: self.client.config().seal_id(),
        }
    }
}
