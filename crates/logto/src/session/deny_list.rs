//! What has ended although it cannot be deleted: sessions that are in browsers' cookies.

use std::sync::Arc;

use futures_util::future::try_join3;
use sha2::{Digest as _, Sha256};

use super::{
    Lifetimes, Session, SessionId, SessionStore,
    store::{Saved, StoreError, StoredSession},
};
use crate::{
    client::LogtoClient,
    clock::Timestamp,
    logout_token::{LogoutTarget, VerifiedLogoutToken},
};

/// Remembers which sessions have ended, until they would have ended by themselves.
///
/// What it remembers are short notes in a [`SessionStore`], each under a hash of what it is about: one in memory serves one process,
/// one that all processes reach serves them all. A note has no session in it, and opens as none.
#[derive(Clone)]
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
    /// A logout token that was used.
    Jti(&'a str),
}

impl About<'_> {
    /// Where the note is kept.
    fn id(self) -> SessionId {
        let (kind, name) = match self {
            Self::Id(ref id) => ("id", id.0.as_slice()),
            Self::Sid(name) => ("sid", name.as_bytes()),
            Self::Sub(name) => ("sub", name.as_bytes()),
            Self::Jti(name) => ("jti", name.as_bytes()),
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
        let claims = session.id_token().claims();
        let sid = async {
            match &claims.sid {
                Some(sid) => self.noted(About::Sid(sid)).await,
                None => Ok(None),
            }
        };
        let (id, sid, sub) = try_join3(
            self.noted(About::Id(session.id())),
            sid,
            self.noted(About::Sub(&claims.sub)),
        )
        .await?;
        // Who signs in after the logout is welcome. In the very second of it nobody knows which came first.
        let began_before = |noted: Timestamp| session.started() <= noted;
        Ok(id.is_some() || sid.is_some() || sub.is_some_and(began_before))
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
            LogoutTarget::Session(sid) => self.note(About::Sid(sid)).await,
            LogoutTarget::User(sub) => self.note(About::Sub(sub)).await,
        }
    }

    /// Whether the token was used before.
    ///
    /// # Errors
    ///
    /// When the store does not know.
    pub async fn has_seen(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        Ok(self.noted(About::Jti(token.jti())).await?.is_some())
    }

    /// Remembers the token until it is refused for its age. `false` if it was used before, by another request just now perhaps.
    ///
    /// # Errors
    ///
    /// When the store cannot be reached.
    pub async fn use_up(&self, token: &VerifiedLogoutToken) -> Result<bool, StoreError> {
        let (now, about) = (self.client.now(), About::Jti(token.jti()));
        let until = token.expires().plus(self.client.config().clock_tolerance());
        let saved = self.store.save(&about.id(), None, note(about, now, until), now).await?;
        Ok(saved == Saved::Done)
    }

    /// When the note was made, if there is one.
    async fn noted(&self, about: About<'_>) -> Result<Option<Timestamp>, StoreError> {
        let note = self.store.load(&about.id(), self.client.now()).await?;
        Ok(note.map(|note| Timestamp::from_secs(note.version)))
    }

    async fn note(&self, about: About<'_>) -> Result<(), StoreError> {
        let now = self.client.now();
        // No session that has begun by now lives longer.
        let until = now.plus(self.lifetimes.absolute);
        loop {
            let known = self.noted(about).await?.map(Timestamp::as_secs);
            if known.is_some_and(|known| known >= now.as_secs()) {
                return Ok(());
            }
            // After a conflict somebody else has just made the same note: it may be an older one.
            if self
                .store
                .save(&about.id(), known, note(about, now, until), now)
                .await?
                == Saved::Done
            {
                return Ok(());
            }
        }
    }
}

/// A record that is no session: its version is the time it was made, and it belongs to no user.
fn note(about: About<'_>, now: Timestamp, until: Timestamp) -> StoredSession {
    StoredSession {
        version: now.as_secs(),
        sealed: String::new(),
        sub: about.id().to_text(),
        sid: None,
        expires: until,
    }
}
