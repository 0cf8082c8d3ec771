//! What has ended although it cannot be deleted, sessions that are in browsers' cookies; and what was used and must not be again.

use std::sync::{Arc, OnceLock};

use sha2::{Digest as _, Sha256};

use super::{
    Lifetimes, Session, SessionId, SessionStore,
    store::{Saved, StoreError, StoredSession},
};
use crate::{
    client::LogtoClient,
    clock::Timestamp,
    logout_token::{LogoutTarget, VerifiedLogoutToken},
    secret::ExposeSecret as _,
    sign_in::SignInTransaction,
};

/// Remembers which sessions have ended, until they would have ended by themselves, and which logout tokens and sign-ins were used.
///
/// What it remembers are short notes in a [`SessionStore`], each under a hash of what it is about: one in memory serves one process,
/// one that all processes reach serves them all. A note has no session in it, and opens as none.
#[derive(Clone, Debug)]
pub struct DenyList {
    client: LogtoClient,
    store: Arc<dyn SessionStore>,
    lifetimes: Lifetimes,
}

/// What a note is about.
#[derive(Clone, Copy)]
enum About<'a> {
    /// One session of this app.
    Id(SessionId),
    /// The sessions of one session at the provider.
    Sid(&'a str),
    /// The sessions of a user that began before the note was made.
    Sub(&'a str),
    /// The same, if they belong to no known session at the provider.
    SubWithoutSid(&'a str),
    /// A logout token that was used.
    Jti(&'a str),
    /// A sign-in whose callback came.
    State(&'a str),
}

impl About<'_> {
    /// Where the note is kept.
    fn id(self) -> SessionId {
        let (kind, name) = match self {
            Self::Id(ref id) => ("id", id.0.as_slice()),
            Self::Sid(name) => ("sid", name.as_bytes()),
            Self::Sub(name) => ("sub", name.as_bytes()),
            Self::SubWithoutSid(name) => ("sub without sid", name.as_bytes()),
            Self::Jti(name) => ("jti", name.as_bytes()),
            Self::State(name) => ("state", name.as_bytes()),
        };
        let hash = Sha256::new_with_prefix("logto deny list v1 ");
        SessionId(
            hash.chain_update(kind)
                .chain_update(" ")
                .chain_update(name)
                .finalize()
                .into(),
        )
    }
}

/// Where notes on a session are kept, found when somebody first asks. A copy of the session, which may get another ID token, finds its own.
#[derive(Debug, Default)]
pub(super) struct NoteIds(OnceLock<[SessionId; 3]>);

impl Clone for NoteIds {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Session {
    /// Where it is noted that this session has ended, or the one at the provider, or all of the user.
    fn note_ids(&self) -> &[SessionId; 3] {
        self.notes.0.get_or_init(|| {
            let claims = self.id_token().claims();
            let at_provider = match &claims.sid {
                Some(sid) => About::Sid(sid),
                None => About::SubWithoutSid(&claims.sub),
            };
            [About::Id(self.id()), at_provider, About::Sub(&claims.sub)].map(About::id)
        })
    }
}

impl DenyList {
    /// A list for sessions of this client, kept in this store.
    #[must_use]
    pub fn new(client: LogtoClient, store: Arc<dyn SessionStore>, lifetimes: Lifetimes) -> Self {
        Self {
            client,
            store,
            lifetimes,
        }
    }

    /// Whether the session has ended.
    ///
    /// # Errors
    ///
    /// When the store does not know: then nobody does, and the session must not be taken for a live one.
    pub async fn denies(&self, session: &Session) -> Result<bool, StoreError> {
        let notes = self.store.load_all(session.note_ids(), self.client.now()).await?;
        let [id, at_provider, sub] = notes.as_slice() else {
            return Err(StoreError::Unexpected("deny list"));
        };
        // Who signs in after the logout is welcome. In the very second of it nobody knows which came first.
        let has_sid = || session.id_token().claims().sid.is_some();
        let began_before = |note: &StoredSession| session.started() <= made(note);
        let ended_at_provider = at_provider.as_ref().is_some_and(|note| has_sid() || began_before(note));
        Ok(id.is_some() || ended_at_provider || sub.as_ref().is_some_and(began_before))
    }

    /// Ends one session of this app.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn deny_session(&self, id: SessionId) -> Result<(), StoreError> {
        self.note(About::Id(id)).await
    }

    /// Ends the sessions that a logout token names. Those that begin from now on are others.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn deny(&self, target: &LogoutTarget) -> Result<(), StoreError> {
        match target {
            LogoutTarget::Session { sid, sub } => {
                self.note(About::Sid(sid)).await?;
                match sub {
                    Some(sub) => self.note(About::SubWithoutSid(sub)).await,
                    None => Ok(()),
                }
            }
            LogoutTarget::User(sub) => self.note(About::Sub(sub)).await,
        }
    }

    /// Whether the token was used before.
    ///
    /// # Errors
    ///
    /// When the store does not know.
    pub async fn has_seen(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        Ok(self.noted(&About::Jti(token.jti()).id()).await?.is_some())
    }

    /// Remembers the token until it is refused for its age. `false` if it was used before, by another request just now perhaps.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn use_up(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        let until = token.expires().plus(self.client.config().clock_tolerance());
        self.first(About::Jti(token.jti()), until).await
    }

    /// Remembers that the callback of a sign-in came, for as long as the transaction lives. `false` if it came before.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn use_up_transaction(&self, transaction: &SignInTransaction) -> Result<bool, StoreError> {
        let about = About::State(transaction.state().expose_secret());
        // By the slowest clock of the instances that may be asked next.
        let until = transaction.expires().plus(self.client.config().clock_tolerance());
        self.first(about, until).await
    }

    /// Makes a note that is made once. `false` if there is one.
    async fn first(&self, about: About<'_>, until: Timestamp) -> Result<bool, StoreError> {
        let now = self.client.now();
        // Of two in one second nobody's must look like a repetition of the other's, which a store may take for done.
        let own = SessionId::random(self.client.random()).map_err(|_| StoreError::Unavailable("randomness"))?;
        let id = about.id();
        let note = StoredSession {
            sealed: own.to_text(),
            ..note(&id, now, until)
        };
        Ok(self.store.save(&id, None, note, now).await? == Saved::Done)
    }

    /// When the note was made, if there is one.
    async fn noted(&self, id: &SessionId) -> Result<Option<Timestamp>, StoreError> {
        let note = self.store.load(id, self.client.now()).await?;
        Ok(note.as_ref().map(made))
    }

    async fn note(&self, about: About<'_>) -> Result<(), StoreError> {
        let now = self.client.now();
        // No session that has begun by now lives longer.
        let until = now.plus(self.lifetimes.absolute);
        let id = about.id();
        loop {
            let known = self.noted(&id).await?.map(Timestamp::as_secs);
            if known.is_some_and(|known| known >= now.as_secs()) {
                return Ok(());
            }
            // After a conflict somebody else has just made the same note: it may be an older one.
            if self.store.save(&id, known, note(&id, now, until), now).await? == Saved::Done {
                return Ok(());
            }
        }
    }
}

/// When a note was made.
fn made(note: &StoredSession) -> Timestamp {
    Timestamp::from_secs(note.version)
}

/// A record that is no session: its version is the time it was made, and it belongs to no user.
fn note(id: &SessionId, now: Timestamp, until: Timestamp) -> StoredSession {
    StoredSession {
        version: now.as_secs(),
        sealed: String::new(),
        sub: id.to_text(),
        sid: None,
        expires: until,
    }
}
