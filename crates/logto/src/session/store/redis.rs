//! Sessions in Redis 6.2 or later, or in Valkey.

mod connection;

use std::{fmt, sync::Arc};

use redis::{AsyncCommands as _, Script, ScriptInvocation, aio::MultiplexedConnection};

use self::connection::Connection;
use super::{Saved, SessionStore, StoreAddressError, StoreError, StoreFuture, StoredSession};
use crate::{clock::Timestamp, session::SessionId, tls::TrustedCertificates};

/// Saves a session if its version is the expected one.
///
/// - Idempotent retry: an identical value means that an earlier call succeeded.
/// - An expired session counts as absent even if its key still exists, because Redis expires keys
///   by its own clock, which may be behind.
/// - The indexes are sorted by expiry. Expired sessions are removed from them, and an index expires
///   with its last session.
const SAVE: &str = r"
local version = redis.call('HGET', KEYS[1], 'v')
if version and tonumber(redis.call('HGET', KEYS[1], 'e')) <= tonumber(ARGV[8]) then version = false end
if version == ARGV[2] and redis.call('HGET', KEYS[1], 'd') == ARGV[3] then return 1 end
if ARGV[1] == '' then
  if version then return 0 end
elseif version ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3], 'u', ARGV[4], 's', ARGV[5], 'e', ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[7])
for i = 2, #KEYS do
  redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', ARGV[8])
  redis.call('ZADD', KEYS[i], ARGV[6], KEYS[1])
  if redis.call('TTL', KEYS[i]) < tonumber(ARGV[7]) then redis.call('EXPIRE', KEYS[i], ARGV[7]) end
end
return 1";

/// Deletes an index and its sessions. A session that now has another `sid` is kept, although the
/// index of its old `sid` still lists it.
const DELETE_ALL: &str = r"
local count = 0
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if redis.call('HGET', key, ARGV[1]) == ARGV[2] then count = count + redis.call('DEL', key) end
end
redis.call('DEL', KEYS[1])
return count";

/// Deletes the sessions of an index that have no `sid`.
const DELETE_WITHOUT_SID: &str = r"
local count = 0
for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, -1)) do
  if redis.call('HGET', key, 's') == '' then
    count = count + redis.call('DEL', key)
    redis.call('ZREM', KEYS[1], key)
  end
end
return count";

/// Keeps sessions in Redis or Valkey, for any number of processes.
///
/// A read takes one round trip, and Redis removes expired sessions by itself. Replication is
/// asynchronous: a failover loses the sessions that were not replicated.
#[derive(Clone)]
pub struct RedisStore {
    connection: Arc<Connection>,
    app_id: String,
    save: Script,
    delete_all: Script,
    delete_without_sid: Script,
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

impl RedisStore {
    /// Creates a store at `url` (`redis://…` or `rediss://…`) for one app.
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
            save: Script::new(SAVE),
            delete_all: Script::new(DELETE_ALL),
            delete_without_sid: Script::new(DELETE_WITHOUT_SID),
        })
    }

    fn session_key(&self, id: &SessionId) -> String {
        format!("{}:session:{}", self.app_id, id.to_text())
    }

    fn sub_key(&self, sub: &str) -> String {
        format!("{}:sub:{sub}", self.app_id)
    }

    fn sid_key(&self, sid: &str) -> String {
        format!("{}:sid:{sid}", self.app_id)
    }

    async fn delete_sessions(&self, call: &ScriptInvocation<'_>) -> Result<u64, StoreError> {
        let delete = |mut connection| async move { call.invoke_async(&mut connection).await };
        self.connection.query(delete).await
    }
}

/// The hash fields: version, sealed session, `sub`, `sid` and expiry.
const FIELDS: [&str; 5] = ["v", "d", "u", "s", "e"];

type Fields = (Option<u64>, Option<String>, Option<String>, Option<String>, Option<u64>);

fn to_session(fields: Fields) -> Option<StoredSession> {
    let (version, sealed, sub, sid, expires) = fields;
    Some(StoredSession {
        version: version?,
        sealed: sealed?,
        sub: sub?,
        sid: sid.filter(|sid| !sid.is_empty()),
        expires: Timestamp::from_secs(expires?),
    })
}

impl SessionStore for RedisStore {
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        Box::pin(async move {
            let key = &self.session_key(id);
            let load = |mut connection: MultiplexedConnection| async move { connection.hmget(key, &FIELDS).await };
            let fields: Fields = self.connection.query(load).await?;
            Ok(to_session(fields).filter(|session| session.expires > now))
        })
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        Box::pin(async move {
            if ids.is_empty() {
                return Ok(Vec::new());
            }
            let mut commands = redis::pipe();
            for id in ids {
                commands.cmd("HMGET").arg(self.session_key(id)).arg(&FIELDS);
            }
            let commands = &commands;
            let load =
                |mut connection: MultiplexedConnection| async move { commands.query_async(&mut connection).await };
            let found: Vec<Fields> = self.connection.query(load).await?;
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
            let mut call = self.save.prepare_invoke();
            call.key(self.session_key(id)).key(self.sub_key(&session.sub));
            if let Some(sid) = &session.sid {
                call.key(self.sid_key(sid));
            }
            call.arg(expected.map(|version| version.to_string()).unwrap_or_default())
                .arg(session.version)
                .arg(session.sealed)
                .arg(session.sub)
                .arg(session.sid.unwrap_or_default())
                .arg(session.expires.as_secs())
                .arg(session.expires.seconds_since(now).max(1))
                .arg(now.as_secs());
            let call = &call;
            let save = |mut connection| async move { call.invoke_async(&mut connection).await };
            let saved: bool = self.connection.query(save).await?;
            Ok(if saved { Saved::Done } else { Saved::Conflict })
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let key = &self.session_key(id);
            let delete = |mut connection: MultiplexedConnection| async move { connection.del(key).await };
            self.connection.query(delete).await
        })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(async move {
            let mut call = self.delete_all.key(self.sid_key(sid));
            self.delete_sessions(call.arg("s").arg(sid)).await
        })
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(async move {
            let mut call = self.delete_all.key(self.sub_key(sub));
            self.delete_sessions(call.arg("u").arg(sub)).await
        })
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(async move {
            self.delete_sessions(&self.delete_without_sid.key(self.sub_key(sub)))
                .await
        })
    }

    fn delete_expired(&self, _: Timestamp, _: u32) -> StoreFuture<'_, u64> {
        // Redis removes expired sessions by itself.
        Box::pin(async { Ok(0) })
    }
}
