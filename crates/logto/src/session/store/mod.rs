//! Where sessions are kept when they outgrow one machine: the browser holds a random id, a store
//! holds the session.

mod address;
mod memory;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
mod sweep;

use std::{fmt, future::Future, pin::Pin};

use futures_util::future::try_join_all;

pub use self::address::{StoreAddressError, open, open_with_certificates};
pub use self::memory::MemoryStore;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
pub use self::sweep::sweep;
use super::SessionId;
use crate::{
    clock::Timestamp,
    error::{Diagnose, Diagnosis, Fault},
};

/// A boxed future of a store's answer.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// What a store keeps of a session. The content is sealed: whoever reads the store gets no token.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The session's version; it grows with every change.
    pub version: u64,
    /// The sealed session. A note of a [`DenyList`](super::DenyList) has none; there it is empty or
    /// a random text.
    pub sealed: String,
    /// The user, for [`SessionStore::delete_by_sub`].
    pub sub: String,
    /// The provider's session, for [`SessionStore::delete_by_sid`].
    pub sid: Option<String>,
    /// When it ends. A store MUST NOT hand it out from then on.
    pub expires: Timestamp,
}

impl fmt::Debug for StoredSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredSession")
            .field("version", &self.version)
            .field("expires", &self.expires)
            .finish_non_exhaustive()
    }
}

/// What became of a compare-and-swap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "after a conflict the session has to be read again"]
pub enum Saved {
    /// The session is kept, and stays kept if the process dies now.
    Done,
    /// Somebody else was faster, or the session is gone: nothing was written.
    Conflict,
}

/// Keeps sessions.
///
/// An implementation
/// - MUST be atomic: of two saves with the same expectation one is [`Saved::Done`] and one
///   [`Saved::Conflict`];
/// - MUST NOT answer [`Saved::Done`] before another process could load what was saved;
/// - MUST NOT hand out a session from its `expires` on, judged by the `now` it is given, and MUST
///   treat it as absent in `save` from then on, even if it is still there;
/// - MUST NOT bring a deleted session back: a save that expects a version of it is a conflict;
/// - MUST answer [`StoreError`], and never "there is none", when it does not know.
#[doc(alias = "sessionWrapper")]
pub trait SessionStore: fmt::Debug + Send + Sync + 'static {
    /// The session with this id, in one round trip.
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>>;

    /// Several at once: one answer for each id, in their order. They are loaded side by side, which
    /// is one round trip where a connection takes many questions at a time.
    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        Box::pin(try_join_all(ids.iter().map(move |id| self.load(id, now))))
    }

    /// Saves if the version kept is `expected`; `None`: if there is none kept.
    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved>;

    /// Deletes a session; that there is none is no error.
    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()>;

    /// Deletes every session of a session at the provider, and tells how many (back-channel
    /// logout).
    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64>;

    /// Deletes every session of a user, and tells how many (back-channel logout, account deletion).
    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64>;

    /// Deletes every session of a user that belongs to no known session at the provider, and tells
    /// how many (back-channel logout).
    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64>;

    /// Removes at most `most` sessions that have ended, and tells how many, without waiting for
    /// sessions that are in use; [`sweep`] calls it until there are no more. Stores that expire by
    /// themselves have nothing to do.
    fn delete_expired(&self, now: Timestamp, most: u32) -> StoreFuture<'_, u64>;
}

/// A store did not answer, or not as it should.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// No connection, or no answer in time. Passes by itself.
    #[error("the session store `{0}` cannot be reached; check that it runs and the connection string is right")]
    Unavailable(&'static str),
    /// It answered what it should not.
    #[error(
        "the session store `{0}` gave an unexpected answer; check its version, and that its tables or keys belong to this app"
    )]
    Unexpected(&'static str),
    /// A session that comes from elsewhere can only be told from a forged one with the provider's
    /// keys, and those cannot be had. Passes by itself.
    #[error("the provider's keys cannot be had, and without them a session from elsewhere proves nothing; try again")]
    Unproved,
    /// The session is too large to be kept, even without access tokens.
    #[error(
        "the session takes more than 256 KiB even without access tokens; ask for fewer scopes or keep less custom data in \
         ID tokens"
    )]
    SessionTooLarge,
    /// The session is there, sealed with a cookie secret that this process does not have. Another
    /// process can open it: nothing is deleted.
    #[error(
        "a stored session is sealed with a cookie secret that this process does not have; give every process the new secret before the \
         first one seals with it"
    )]
    UnknownKey,
}

impl Diagnose for StoreError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Unavailable(_) => Diagnosis::transient("store_unavailable", Fault::Configuration),
            Self::Unexpected(_) => Diagnosis::new("store_unexpected", Fault::Configuration),
            Self::Unproved => Diagnosis::transient("session_unproved", Fault::Configuration),
            Self::SessionTooLarge => Diagnosis::new("session_too_large", Fault::Configuration),
            Self::UnknownKey => Diagnosis::transient("session_key_unknown", Fault::Configuration),
        }
    }
}
