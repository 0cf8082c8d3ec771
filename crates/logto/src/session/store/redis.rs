//! Sessions in Redis 6.2 or later, or in Valkey: one server, a cluster, or behind Sentinel.

mod access;
mod address;
mod cluster;
mod command;
mod connection;
mod failure;
mod keys;
mod primary;
mod scripts;
mod sentinel;
mod shared;

use std::{fmt, sync::Arc};

use self::{
    connection::Connection,
    keys::Keys,
    scripts::{Fields, Filter, to_session},
};
use super::{Saved, SessionStore, StoreAddressError, StoreError, StoreFuture, StoreKind, StoredSession};
use crate::{clock::Timestamp, session::SessionId, tls::TrustedCertificates};

/// How many sessions one round trip deletes, so that a user with very many does not block Redis.
const BATCH: usize = 500;

/// Keeps sessions in Redis or Valkey, for any number of processes.
///
/// A read takes one round trip, and Redis removes expired sessions by itself. Replication is
/// asynchronous: a failover loses the sessions that were not replicated.
#[derive(Clone)]
pub struct RedisStore {
    connection: Arc<Connection>,
    app_id: String,
    keys: Keys,
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

impl RedisStore {
    /// Creates a store at `url` for one app.
    ///
    /// | `url` | servers |
    /// |---|---|
    /// | `redis://user:password@host:6379/0` | one server; the default is database 0 |
    /// | `redis-cluster://user:password@host1:7000,host2:7001` | a cluster: some nodes, which name the others |
    /// | `redis-sentinel://user:password@host1:26379,host2:26379/mymaster/0` | the primary `mymaster`, which these sentinels know; `?sentinel_username=…&sentinel_password=…` are for the sentinels |
    ///
    /// `rediss://`, `rediss-cluster://` and `rediss-sentinel://` use TLS for all connections.
    ///
    /// All keys begin with `app_id`, which separates apps that share a server. The store connects
    /// when it is first used and after a failure, so that an app starts while Redis is down.
    ///
    /// TLS trusts the certificate authorities of the system. For a private one, use
    /// [`open_with_certificates`](super::open_with_certificates).
    ///
    /// # Errors
    ///
    /// If `url` is not a valid address.
    pub fn new(url: &str, app_id: &str) -> Result<Self, StoreAddressError> {
        Self::open(url, app_id, &TrustedCertificates::default())
    }

    /// Like [`RedisStore::new`], with further trusted certificate authorities.
    pub(super) fn open(url: &str, app_id: &str, trusted: &TrustedCertificates) -> Result<Self, StoreAddressError> {
        Ok(Self {
            connection: Arc::new(Connection::new(url, trusted)?),
            app_id: app_id.to_owned(),
            keys: Keys::new(app_id),
        })
    }

    async fn delete_all(&self, index: String, filter: Filter<'_>) -> Result<u64, StoreError> {
        let ids: Vec<Vec<String>> = self.connection.run(&[scripts::members(index)]).await?;
        let mut deleted = 0;
        for ids in ids.concat().chunks(BATCH) {
            let delete = |id: &String| scripts::delete_if(self.keys.session(id), &filter);
            let commands: Vec<_> = ids.iter().map(delete).collect();
            deleted += self.connection.run::<u64>(&commands).await?.into_iter().sum::<u64>();
        }
        Ok(deleted)
    }
}

impl SessionStore for RedisStore {
    fn kind(&self) -> StoreKind {
        StoreKind::Redis
    }

    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        Box::pin(async move {
            let found = self.load_all(std::slice::from_ref(id), now).await?;
            Ok(found.into_iter().next().flatten())
        })
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        Box::pin(async move {
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let load = |id: &SessionId| scripts::load(self.keys.session(&id.to_text()));
            let commands: Vec<_> = ids.iter().map(load).collect();
            let found: Vec<Fields> = self.connection.run(&commands).await?;
            let live = |fields| to_session(fields).filter(|session| session.expires > now);
            Ok(found.into_iter().map(live).collect())
        })
    }

    fn save<'a>(
        &'a self,
        id: &'a SessionId,
        expected: Option<u64>,
        session: StoredSession,
        now: Timestamp,
    ) -> StoreFuture<'a, Saved> {
        Box::pin(async move {
            let id = id.to_text();
            let by_sid = session.sid.as_deref().map(|sid| self.keys.sid(sid));
            let indexes = [Some(self.keys.sub(&session.sub)), by_sid].into_iter().flatten();
            let add = |index| scripts::add(index, &id, session.expires, now);
            let first = indexes.map(add).collect();
            let swap = scripts::swap(self.keys.session(&id), expected, session, now);
            let saved: bool = self.connection.run_in_turn(first, swap).await?;
            Ok(if saved { Saved::Done } else { Saved::Conflict })
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let delete = scripts::delete(self.keys.session(&id.to_text()));
            self.connection.run::<u64>(&[delete]).await.map(drop)
        })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(self.delete_all(self.keys.sid(sid), Filter::Sid(sid)))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(self.delete_all(self.keys.sub(sub), Filter::Sub(sub)))
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(self.delete_all(self.keys.sub(sub), Filter::SubWithoutSid(sub)))
    }

    fn delete_expired(&self, _: Timestamp, _: u32) -> StoreFuture<'_, u64> {
        // Redis removes expired sessions by itself.
        Box::pin(async { Ok(0) })
    }
}
