//! Stores for sessions on the server. The browser holds only a random session id.

mod address;
mod address_error;
mod memory;
mod observed;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
mod sweep;

use std::{fmt, future::Future, pin::Pin};

use futures_util::future::try_join_all;

pub use self::address::{open, open_with_certificates};
pub use self::address_error::StoreAddressError;
pub use self::memory::MemoryStore;
pub use self::observed::ObservedStore;
#[cfg(feature = "postgres")]
pub use self::postgres::PostgresStore;
#[cfg(feature = "redis")]
pub use self::redis::RedisStore;
pub use self::sweep::sweep;
use super::SessionId;
pub use crate::telemetry::StoreKind;
use crate::{
    clock::Timestamp,
    error::{Diagnose, Diagnosis, Fault},
};

/// The boxed future that the methods of a [`SessionStore`] return.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A session as a store keeps it. The content is sealed, so that read access to the store reveals
/// no token.
///
/// A store MUST return every field as it was saved. The struct is exhaustive on purpose: with a
/// new field, stores that would lose it do not compile.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// The version of the session, which grows with every change.
    pub version: u64,
    /// The sealed session, or other text for an entry of a [`DenyList`](super::DenyList) or a lease.
    pub sealed: String,
    /// The user, for [`SessionStore::delete_by_sub`].
    pub sub: String,
    /// The session at the provider, for [`SessionStore::delete_by_sid`].
    pub sid: Option<String>,
    /// When the session expires.
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

/// The result of a compare-and-swap. The enum is exhaustive on purpose: a third outcome would
/// change what every caller and every store has to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use = "after a conflict the session has to be loaded again"]
pub enum Saved {
    /// The session is saved, and would survive a crash of this process.
    Done,
    /// The stored version is not the expected one. Nothing was written.
    Conflict,
}

/// Stores sessions on the server.
///
/// It also keeps small entries, which are saved and expire as sessions do: those of a
/// [`DenyList`](super::DenyList), and leases, by which one process at a time refreshes a session. The
/// `sub` of an entry is its own id, so that it belongs to no user, and it has no `sid`.
///
/// Every method
/// - MUST return a [`StoreError`] if it cannot answer, and never "there is none" instead;
/// - MUST treat a session as absent from its `expires` on, judged by the `now` that it is given,
///   even if the session has not been removed yet;
/// - SHOULD return an error after a few seconds if the server does not answer, because requests wait
///   for it;
/// - MUST be safe to cancel: a dropped future leaves each session either as it was or changed
///   completely, if only a moment later;
/// - MUST NOT see the sessions of other apps that share the server.
#[doc(alias = "sessionWrapper")]
pub trait SessionStore: fmt::Debug + Send + Sync + 'static {
    /// The kind of the store, for metrics and spans.
    fn kind(&self) -> StoreKind {
        StoreKind::Other
    }

    /// Loads the session with this id. `None` if there is none.
    ///
    /// It MUST see every session that any process saved before the call, and SHOULD take one round
    /// trip.
    ///
    /// # Errors
    ///
    /// If the store cannot answer.
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>>;

    /// Loads several sessions.
    ///
    /// The result MUST have one element for each id, in the order of `ids`. The default loads the
    /// sessions concurrently; override it if the store can load them in one round trip, because
    /// every request of a signed-in user calls this method.
    ///
    /// # Errors
    ///
    /// If the store cannot answer for one of them.
    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        Box::pin(try_join_all(ids.iter().map(move |id| self.load(id, now))))
    }

    /// Saves `session` if the stored version is `expected`, or if there is none for `None`.
    ///
    /// - It MUST be atomic: of two concurrent calls with the same `expected` version, one returns
    ///   [`Saved::Done`] and the other [`Saved::Conflict`].
    /// - It MUST NOT return [`Saved::Done`] before another process can load the session.
    /// - It MUST NOT resurrect a deleted or expired session: a call that expects a version of it is
    ///   a conflict.
    /// - It MUST update the indexes by `sub` and `sid` with the session.
    /// - It MAY return [`Saved::Done`] if the stored session is identical to `session`: an earlier
    ///   attempt succeeded, and its answer was lost.
    ///
    /// # Errors
    ///
    /// If the store cannot answer. The session may have been saved anyway.
    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved>;

    /// Deletes a session.
    ///
    /// It MUST be idempotent: deleting an absent session is not an error. When it has returned, no
    /// process can load the session any more.
    ///
    /// # Errors
    ///
    /// If the store cannot answer. The session may have been deleted anyway.
    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()>;

    /// Deletes all sessions with this `sid`, for a back-channel logout.
    ///
    /// It MUST delete the sessions of every user with this `sid`, return their number, and be
    /// idempotent. It MUST NOT delete a session whose last save had another `sid`.
    ///
    /// # Errors
    ///
    /// If the store cannot answer. Some sessions may have been deleted anyway.
    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64>;

    /// Deletes all sessions of a user, for a back-channel logout or the deletion of an account.
    ///
    /// It MUST delete the sessions with and without a `sid`, return their number, and be
    /// idempotent.
    ///
    /// # Errors
    ///
    /// If the store cannot answer. Some sessions may have been deleted anyway.
    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64>;

    /// Deletes the sessions of a user that have no `sid`, for a back-channel logout that names
    /// both.
    ///
    /// It MUST NOT delete a session with a `sid`. It MUST return the number of deleted sessions,
    /// and be idempotent.
    ///
    /// # Errors
    ///
    /// If the store cannot answer. Some sessions may have been deleted anyway.
    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64>;

    /// Removes at most `limit` expired sessions. [`sweep`] calls it until nothing is left.
    ///
    /// It MUST NOT remove a session that has not expired at `now`, and MUST return how many it
    /// removed. It SHOULD skip locked sessions rather than wait for them. A store that expires
    /// sessions by itself returns 0.
    ///
    /// # Errors
    ///
    /// If the store cannot answer.
    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreFuture<'_, u64>;
}

/// A store failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no connection, or no answer in time. A transient error.
    #[error("the session store `{0}` cannot be reached; check that it runs and the connection string is right")]
    Unavailable(&'static str),
    /// The store's answer has an unexpected form.
    #[error(
        "the session store `{0}` gave an unexpected answer; check its version and the rights of its user, and that its \
         tables or keys belong to this app"
    )]
    Unexpected(&'static str),
    /// A prepared statement of the store is missing or exists twice, because a pooler shares
    /// connections.
    #[error(
        "the session store `{0}` is behind a pooler without prepared statements, such as PgBouncer in transaction \
         mode; add `statement-cache-capacity=0` to its address, or set `statement_cache_capacity(0)` for its pool"
    )]
    PreparedStatements(&'static str),
    /// The tables are missing or older than this version of the library, which may not migrate
    /// them.
    #[error(
        "the tables of the session store `{store}` are missing or older than schema version {needed}, and the app may \
         not change them; run `PostgresStore::migrate` or the files of `migrations/` as their owner"
    )]
    SchemaOutdated {
        /// The store, such as `postgres`.
        store: &'static str,
        /// The schema version that this version of the library needs.
        needed: i32,
    },
    /// A newer version of the library has migrated the tables, and this one cannot use them.
    #[error(
        "the tables of the session store `{store}` have schema version {found}, which this app cannot use, because its \
         version of the library supports schema version {supported}; deploy the app with the newer library"
    )]
    SchemaTooNew {
        /// The store, such as `postgres`.
        store: &'static str,
        /// The schema version of the tables.
        found: i32,
        /// The newest schema version that this version of the library knows.
        supported: i32,
    },
    /// The ID token of an imported session, such as one of the Next.js SDK, cannot be verified,
    /// because the provider's keys are unavailable. A transient error.
    #[error("an imported session cannot be verified, because the provider's keys are unavailable; try again")]
    Unverifiable,
    /// The session is too large to be stored, even without access tokens.
    #[error(
        "the session takes more than 256 KiB even without access tokens; ask for fewer scopes or keep less \
         custom data in ID tokens"
    )]
    SessionTooLarge,
    /// The session is sealed with a cookie secret that this process does not have. Another process
    /// can open it, so it is not deleted.
    #[error(
        "a stored session is sealed with a cookie secret that this process does not have; give every process \
         the new secret before the first one seals with it"
    )]
    UnknownKey,
}

impl Diagnose for StoreError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Unavailable(_) => Diagnosis::transient("store_unavailable", Fault::Configuration),
            Self::Unexpected(_) => Diagnosis::new("store_unexpected", Fault::Configuration),
            Self::PreparedStatements(_) => Diagnosis::new("store_prepared_statements", Fault::Configuration),
            Self::SchemaOutdated { .. } => Diagnosis::new("store_schema_outdated", Fault::Configuration),
            Self::SchemaTooNew { .. } => Diagnosis::new("store_schema_too_new", Fault::Configuration),
            Self::Unverifiable => Diagnosis::transient("session_unverifiable", Fault::Configuration),
            Self::SessionTooLarge => Diagnosis::new("session_too_large", Fault::Configuration),
            Self::UnknownKey => Diagnosis::transient("session_key_unknown", Fault::Configuration),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_contains_neither_the_session_nor_the_user() {
        let stored = StoredSession {
            version: 3,
            sealed: "sealed".to_owned(),
            sub: "user".to_owned(),
            sid: Some("sid".to_owned()),
            expires: Timestamp::from_secs(2_000),
        };
        assert_eq!(
            format!("{stored:?}"),
            "StoredSession { version: 3, expires: Timestamp(2000), .. }"
        );
    }
}
