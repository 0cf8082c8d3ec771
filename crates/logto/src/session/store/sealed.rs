//! A store and the seal of what goes into it.

use std::sync::Arc;

use super::{Saved, SessionStore, StoreError, StoredSession, shared_reads::SharedReads};
use crate::{
    client::LogtoClient,
    seal::{OpenError, Purpose, SealContext, Sealer},
    session::{Lifetimes, OpenedSessions, Session, SessionId},
};

type Loaded = Result<Option<Arc<Session>>, StoreError>;

/// Sessions in a store, sealed with the cookie secrets: a copy of the store is worth nothing without them, and a value moved from one
/// id to another does not open.
#[derive(Clone)]
pub struct StoredSessions {
    client: LogtoClient,
    sealer: Arc<Sealer>,
    store: Arc<dyn SessionStore>,
    lifetimes: Lifetimes,
    /// Opening what was read costs more than reading it: that is shared too.
    reads: Arc<SharedReads<SessionId, Loaded>>,
    opened: OpenedSessions,
}

impl StoredSessions {
    /// Sessions of this client in this store.
    #[must_use]
    pub fn new(client: LogtoClient, sealer: Arc<Sealer>, store: Arc<dyn SessionStore>, lifetimes: Lifetimes) -> Self {
        Self {
            client,
            sealer,
            store,
            lifetimes,
            reads: Arc::new(SharedReads::new()),
            opened: OpenedSessions::default(),
        }
    }

    /// The store itself.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn SessionStore> {
        &self.store
    }

    /// The session with this id. Callers that arrive during a read share the next one.
    ///
    /// # Errors
    ///
    /// When the store does not know; [`StoreError::UnknownKey`] for a session sealed with a secret that this process does not have.
    pub async fn load(&self, id: &SessionId) -> Result<Option<Arc<Session>>, StoreError> {
        self.reads.read(id, || self.load_alone(id)).await
    }

    async fn load_alone(&self, id: &SessionId) -> Loaded {
        let Some(stored) = self.store.load(id, self.client.now()).await? else {
            return Ok(None);
        };
        let name = id.to_text();
        let opened = self
            .opened
            .open(&self.sealer, self.context(&name), &stored.sealed, self.client.now());
        if matches!(opened, Err(OpenError::UnknownKey)) {
            return Err(StoreError::UnknownKey);
        }
        // The lifetimes may have been made shorter since it was sealed.
        let lives = |session: &Session| self.lifetimes.end_of(session) > self.client.now();
        Ok(opened.ok().filter(|session| session.id() == *id && lives(session)))
    }

    /// Saves `session` if the store has the version before it.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached, or there is no randomness for the seal.
    pub async fn save(&self, session: &Session, expected: Option<u64>) -> Result<Saved, StoreError> {
        let (now, expires) = (self.client.now(), self.lifetimes.end_of(session));
        let name = session.id().to_text();
        let bytes = session.to_bytes().map_err(|_| StoreError::Unexpected("codec"))?;
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
        self.store.save(&session.id(), expected, record, now).await
    }

    fn context<'a>(&'a self, name: &'a str) -> SealContext<'a> {
        SealContext {
            purpose: Purpose::StoredSession,
            name,
            app_id: self.client.config().app_id(),
        }
    }
}
