//! The entries of a deny list: their keys, and how they are stored.

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{
    claims::IdTokenClaims,
    clock::Timestamp,
    logout_token::LogoutTarget,
    session::{SessionId, store::StoredSession},
};

/// The number of the last logout that was recorded before some moment, such as a sign-in.
///
/// Every logout gets a higher number than the one before. A number is at least the time of its
/// logout in milliseconds since the Unix epoch, so the numbers keep growing even if a deny list
/// loses its entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LogoutMark(pub(in crate::session) u64);

impl LogoutMark {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    pub(in crate::session) fn is_none(&self) -> bool {
        self.0 == 0
    }
}

/// The lowest number that a logout at this time can have.
pub(in crate::session) fn number_at(time: Timestamp) -> u64 {
    time.as_secs().saturating_mul(1000)
}

/// The subject of an entry.
#[derive(Clone, Copy)]
pub(super) enum EntryKey<'a> {
    /// One session of this app.
    Session(SessionId),
    /// All sessions that belong to one session at the provider (`sid`).
    ProviderSession(&'a str),
    /// All sessions of a user (`sub`) that began before the logout.
    User(&'a str),
    /// A report that the claims of a user (`sub`) are outdated.
    Claims(&'a str),
    /// Like [`EntryKey::User`], limited to sessions without a `sid`.
    UserWithoutSid(&'a str),
    /// A logout token that was used (`jti`).
    LogoutToken(&'a str),
    /// A webhook that was received, by the hash of its body.
    Webhook(&'a [u8; 32]),
    /// A sign-in whose callback was received (`state`).
    SignIn(&'a str),
    /// The counter of logouts.
    LastLogout,
}

impl EntryKey<'_> {
    /// The id under which the entry is stored: a hash of the subject.
    pub(super) fn id(self) -> SessionId {
        let (kind, name) = match self {
            Self::Session(ref id) => ("id", id.0.as_slice()),
            Self::ProviderSession(sid) => ("sid", sid.as_bytes()),
            Self::User(sub) => ("sub", sub.as_bytes()),
            Self::Claims(sub) => ("claims", sub.as_bytes()),
            Self::UserWithoutSid(sub) => ("sub without sid", sub.as_bytes()),
            Self::LogoutToken(jti) => ("jti", jti.as_bytes()),
            Self::Webhook(hash) => ("webhook", hash.as_slice()),
            Self::SignIn(state) => ("state", state.as_bytes()),
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

/// Number of entries that concern a session.
pub(in crate::session) const ENTRIES: usize = 4;

/// The ids of the entries that concern a session, computed on first use.
///
/// A clone computes them again, because a changed session may have another ID token.
#[derive(Debug, Default)]
pub(in crate::session) struct EntryIds(OnceLock<[SessionId; ENTRIES]>);

impl Clone for EntryIds {
    fn clone(&self) -> Self {
        Self::default()
    }
}

impl EntryIds {
    /// The ids for the session, its session at the provider, its user and the claims of its user, in
    /// this order.
    pub(in crate::session) fn get_or_compute(&self, id: SessionId, claims: &IdTokenClaims) -> &[SessionId; ENTRIES] {
        self.0.get_or_init(|| {
            let at_provider = match &claims.sid {
                Some(sid) => EntryKey::ProviderSession(sid),
                None => EntryKey::UserWithoutSid(&claims.sub),
            };
            let (user, claims) = (EntryKey::User(&claims.sub), EntryKey::Claims(&claims.sub));
            [EntryKey::Session(id), at_provider, user, claims].map(EntryKey::id)
        })
    }
}

/// The ids of the entries that end the sessions named by a logout token.
pub(super) fn entry_ids_of(target: &LogoutTarget) -> Vec<SessionId> {
    let (one, other) = match target {
        LogoutTarget::Session { sid, sub } => (
            EntryKey::ProviderSession(sid),
            sub.as_deref().map(EntryKey::UserWithoutSid),
        ),
        LogoutTarget::User(sub) => (EntryKey::User(sub), None),
    };
    [Some(one), other].into_iter().flatten().map(EntryKey::id).collect()
}

/// An entry as a store keeps it. Its `sub` is its own id, so that it belongs to no user.
pub(super) fn entry(id: &SessionId, number: u64, expires: Timestamp) -> StoredSession {
    StoredSession {
        version: number,
        sealed: String::new(),
        sub: id.to_text(),
        sid: None,
        expires,
    }
}
