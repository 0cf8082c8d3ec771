//! A store and the seal of what goes into it.

use std::{borrow::Cow, sync::Arc};

use super::{Saved, SessionStore, StoreError, StoredSession, shared_reads::SharedReads};
use crate::{
    client::LogtoClient,
    error::Diagnose as _,
    seal::{OpenError, Purpose, SealContext, Sealer},
    session::{
        DenyList, Lifetimes, Session, SessionCodecError, SessionId, UnsealCache, lately::Lately, uses::TokenUses,
    },
    token::TokenTarget,
};

/// How long it is remembered where notes on a session are kept, in seconds.
const REMEMBERED: u64 = 600;

/// Most sessions of which that is remembered: some 3 MB.
const MOST_REMEMBERED: usize = 10_000;

type Loaded = Result<Option<Arc<Session>>, StoreError>;

/// Sessions in a store, sealed with the cookie secrets: a copy of the store is worth nothing
/// without them, and a value moved from one id to another does not open.
///
/// The notes of a [`DenyList`] in the same store are read with a session: one that has ended there
/// is none, even if it could not be deleted.
#[derive(Clone)]
pub struct StoredSessions {
    client: LogtoClient,
    sealer: Arc<Sealer>,
    store: Arc<dyn SessionStore>,
    lifetimes: Lifetimes,
    /// Opening what was read costs more than reading it: that is shared too.
    reads: Arc<SharedReads<SessionId, Loaded>>,
    opened: UnsealCache,
    deny_list: DenyList,
    /// Where notes on a session are kept, so that they are read in one go with it.
    note_ids: Arc<Lately<SessionId, [SessionId; 3]>>,
    uses: Arc<TokenUses>,
}

impl StoredSessions {
    /// Sessions of this client in this store.
    #[must_use]
    pub fn new(client: LogtoClient, sealer: Arc<Sealer>, store: Arc<dyn SessionStore>, lifetimes: Lifetimes) -> Self {
        Self {
            deny_list: DenyList::new(client.clone(), Arc::clone(&store), lifetimes),
            client,
            sealer,
            store,
            lifetimes,
            reads: Arc::new(SharedReads::new()),
            opened: UnsealCache::default(),
            note_ids: Arc::new(Lately::new(REMEMBERED, MOST_REMEMBERED)),
            uses: Arc::new(TokenUses::new()),
        }
    }

    /// The store itself.
    #[must_use]
    pub fn store(&self) -> &Arc<dyn SessionStore> {
        &self.store
    }

    /// What has ended, kept in the same store.
    #[must_use]
    pub fn deny_list(&self) -> &DenyList {
        &self.deny_list
    }

    /// The session with this id; none if a note of the deny list says that it has ended. Callers
    /// that arrive during a read share the next one.
    ///
    /// # Errors
    ///
    /// When the store does not know; [`StoreError::UnknownKey`] for a session sealed with a secret
    /// that this process does not have.
    pub async fn load(&self, id: &SessionId) -> Result<Option<Arc<Session>>, StoreError> {
        self.reads.read(id, || self.load_alone(id)).await
    }

    async fn load_alone(&self, id: &SessionId) -> Loaded {
        let Some((session, has_ended)) = self.load_judged(id).await? else {
            return Ok(None);
        };
        if !has_ended {
            return Ok(Some(session));
        }
        // An earlier delete failed.
        if let Err(error) = self.store.delete(id).await {
            tracing::debug!(
                code = error.code(),
                "a session that has ended could not be deleted; it is not handed out"
            );
        }
        Ok(None)
    }

    /// The session, and whether it has ended by a note.
    async fn load_judged(&self, id: &SessionId) -> Result<Option<(Arc<Session>, bool)>, StoreError> {
        let now = self.client.now();
        let Some(known) = self.note_ids.get(id, now) else {
            let stored = self.store.load(id, now).await?;
            return self.judge_anew(self.open(id, stored.as_ref())?).await;
        };
        let owed = self.deny_list.owed(&known);
        let [one, other, third] = known;
        let found = self.store.load_all(&[*id, one, other, third], now).await?;
        let [stored, notes @ ..] = found.as_slice() else {
            return Err(StoreError::Unexpected("load_all"));
        };
        if notes.len() != known.len() {
            return Err(StoreError::Unexpected("load_all"));
        }
        let session = self.open(id, stored.as_ref())?;
        match session {
            Some(session) if *session.note_ids() == known => {
                let has_ended = self.deny_list.judge(&session, owed, notes)?;
                Ok(Some((session, has_ended)))
            }
            session => self.judge_anew(session).await,
        }
    }

    /// For a session of which it was not known where its notes are.
    async fn judge_anew(&self, session: Option<Arc<Session>>) -> Result<Option<(Arc<Session>, bool)>, StoreError> {
        let Some(session) = session else { return Ok(None) };
        let has_ended = self.deny_list.denies(&session).await?;
        self.remember_notes_of(&session);
        Ok(Some((session, has_ended)))
    }

    fn open(&self, id: &SessionId, stored: Option<&StoredSession>) -> Loaded {
        let Some(stored) = stored else { return Ok(None) };
        let (name, now) = (id.to_text(), self.client.now());
        let opened = self.opened.open(&self.sealer, self.context(&name), &stored.sealed, now);
        if matches!(opened, Err(OpenError::UnknownKey)) {
            return Err(StoreError::UnknownKey);
        }
        // The lifetimes may have been made shorter since it was sealed.
        let lives = |session: &Session| self.lifetimes.end_of(session) > now;
        Ok(opened.ok().filter(|session| session.id() == *id && lives(session)))
    }

    fn remember_notes_of(&self, session: &Session) {
        let now = self.client.now();
        self.note_ids.insert(session.id(), *session.note_ids(), now);
    }

    /// Saves `session` if the store has the version before it, with the uses of its tokens that
    /// this process knows of. Access tokens that make it too large to be loaded are left out, the
    /// least recently used first.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached, or there is no randomness for the seal;
    /// [`StoreError::SessionTooLarge`] when the session is too large even without access tokens.
    pub async fn save(&self, session: &Session, expected: Option<u64>) -> Result<Saved, StoreError> {
        let (now, expires) = (self.client.now(), self.lifetimes.end_of(session));
        let session = match self.uses.put_on_record(session, now) {
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
            self.remember_notes_of(&session);
        }
        Ok(saved)
    }

    /// Remembers that a token was used, until the session is saved for another reason.
    pub fn note_use(&self, session: &Session, target: &TokenTarget) {
        self.uses.note(session, target, self.client.now());
    }

    fn context<'a>(&'a self, name: &'a str) -> SealContext<'a> {
        SealContext {
            purpose: Purpose::StoredSession,
            name,
            app_id: self.client.config().app_id(),
        }
    }
}
