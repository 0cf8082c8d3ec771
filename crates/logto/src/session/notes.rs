//! What a deny list writes down, and where in its store.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{Session, SessionId, store::StoredSession};
use crate::{clock::Timestamp, logout_token::LogoutTarget};

/// The last logout on record at some moment.
///
/// It is a number rather than a time, but no less than the milliseconds since the Unix epoch, so
/// that numbers go on growing when a list begins anew.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LogoutMark(pub(super) u64);

impl LogoutMark {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference over")]
    pub(super) fn is_none(&self) -> bool {
        self.0 == 0
    }
}

/// The number of a logout that comes at this time, if there is none after it.
pub(super) fn number_at(time: Timestamp) -> u64 {
    time.as_secs().saturating_mul(1000)
}

/// What a note is about.
#[derive(Clone, Copy)]
pub(super) enum About<'a> {
    /// One session of this app.
    Id(SessionId),
    /// The sessions of one session at the provider.
    Sid(&'a str),
    /// The sessions of a user that began before the logout.
    Sub(&'a str),
    /// The same, if they belong to no known session at the provider.
    SubWithoutSid(&'a str),
    /// A logout token that was used.
    Jti(&'a str),
    /// A sign-in whose callback came.
    State(&'a str),
    /// The number of the last logout.
    LastLogout,
}

impl About<'_> {
    /// Where the note is kept.
    pub(super) fn id(self) -> SessionId {
        let (kind, name) = match self {
            Self::Id(ref id) => ("id", id.0.as_slice()),
            Self::Sid(name) => ("sid", name.as_bytes()),
            Self::Sub(name) => ("sub", name.as_bytes()),
            Self::SubWithoutSid(name) => ("sub without sid", name.as_bytes()),
            Self::Jti(name) => ("jti", name.as_bytes()),
            Self::State(name) => ("state", name.as_bytes()),
            Self::LastLogout => ("last logout", &[][..]),
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

/// Where notes on a session are kept, computed on first use. A copy of the session, which may get
/// another ID token, finds its own.
#[derive(Debug, Default)]
pub(super) struct NoteIds(OnceLock<[SessionId; 3]>);

impl Clone for NoteIds {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl Session {
    /// Where it is noted that this session has ended, or the one at the provider, or all of the
    /// user.
    pub(super) fn note_ids(&self) -> &[SessionId; 3] {
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

/// Where it is noted that the sessions have ended which a logout token names.
pub(super) fn note_ids_of(target: &LogoutTarget) -> Vec<SessionId> {
    let (one, other) = match target {
        LogoutTarget::Session { sid, sub } => (About::Sid(sid), sub.as_deref().map(About::SubWithoutSid)),
        LogoutTarget::User(sub) => (About::Sub(sub), None),
    };
    [Some(one), other].into_iter().flatten().map(About::id).collect()
}

/// A record that is no session: it belongs to no user.
pub(super) fn note(id: &SessionId, number: u64, until: Timestamp) -> StoredSession {
    StoredSession {
        version: number,
        sealed: String::new(),
        sub: id.to_text(),
        sid: None,
        expires: until,
    }
}
