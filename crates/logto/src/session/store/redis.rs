//! Sessions in Redis 6.2 or newer (or Valkey).

use std::time::Duration;

use redis::{
    AsyncCommands as _, Client, RedisError, Script,
    aio::{ConnectionManager, ConnectionManagerConfig},
};

use super::{Saved, SessionStore, StoreError, StoreFuture, StoredSession};
use crate::{clock::Timestamp, session::SessionId};

/// Longest wait for a connection or an answer: a page can say "temporarily unavailable" soon.
const PATIENCE: Duration = Duration::from_secs(2);

/// Saves if the version is the one expected, and keeps the indexes as long as their longest-lived session.
const SAVE: &str = r"
local version = redis.call('HGET', KEYS[1], 'v')
if ARGV[1] == '' then
  if version then return 0 end
elseif version ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3], 'u', ARGV[4], 's', ARGV[5], 'e', ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[7])
for i = 2, #KEYS do
  redis.call('SADD', KEYS[i], KEYS[1])
  if redis.call('TTL', KEYS[i]) < tonumber(ARGV[7]) then redis.call('EXPIRE', KEYS[i], ARGV[7]) end
end
return 1";

/// Deletes the sessions of an index and the index.
const DELETE_ALL: &str = r"
local count = 0
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do count = count + redis.call('DEL', key) end
redis.call('DEL', KEYS[1])
return count";

/// Keeps sessions in Redis: one round trip per read, expiry by Redis itself, compare-and-swap in a script. For any number of
/// processes; what a failover loses is what Redis has not copied yet.
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    prefix: String,
    save: Script,
    delete_all: Script,
}

impl std::fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl RedisStore {
    /// A store at `url` (`redis://…`, `rediss://…`), with keys that begin with `prefix`; one prefix for each app. Connects when it is
    /// first used, and again after a failure: the app starts while Redis is down.
    ///
    /// # Errors
    ///
    /// When the address is not valid.
    pub fn new(url: &str, prefix: &str) -> Result<Self, StoreError> {
        let client = Client::open(url).map_err(|_| StoreError::Unexpected(NAME))?;
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE))
            .set_number_of_retries(1);
        let connection =
            ConnectionManager::new_lazy_with_config(client, config).map_err(|_| StoreError::Unavailable(NAME))?;
        Ok(Self {
            connection,
            prefix: prefix.to_owned(),
            save: Script::new(SAVE),
            delete_all: Script::new(DELETE_ALL),
        })
    }

    fn session_key(&self, id: &SessionId) -> String {
        format!("{}:session:{}", self.prefix, id.to_text())
    }

    fn sub_key(&self, sub: &str) -> String {
        format!("{}:sub:{sub}", self.prefix)
    }

    fn sid_key(&self, sid: &str) -> String {
        format!("{}:sid:{sid}", self.prefix)
    }

    async fn delete_index(&self, key: String) -> Result<u64, StoreError> {
        let mut connection = self.connection.clone();
        self.delete_all
            .key(key)
            .invoke_async(&mut connection)
            .await
            .map_err(|error| judge(&error))
    }
}

const NAME: &str = "redis";

/// The library's text may hold the address, and with it the password.
fn judge(error: &RedisError) -> StoreError {
    let passing = error.is_io_error()
        || error.is_timeout()
        || error.is_connection_dropped()
        || error.is_connection_refusal()
        || matches!(
            error.code(),
            Some("LOADING" | "READONLY" | "CLUSTERDOWN" | "MASTERDOWN" | "TRYAGAIN" | "OOM")
        );
    tracing::warn!(kind = ?error.kind(), code = error.code(), "the session store did not answer as it should");
    if passing {
        StoreError::Unavailable(NAME)
    } else {
        StoreError::Unexpected(NAME)
    }
}

/// Version, sealed session, sub, sid, expiry.
type Fields = (Option<u64>, Option<String>, Option<String>, Option<String>, Option<u64>);

fn read(fields: Fields) -> Option<StoredSession> {
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
            let mut connection = self.connection.clone();
            let fields: Fields = connection
                .hmget(self.session_key(id), &["v", "d", "u", "s", "e"])
                .await
                .map_err(|error| judge(&error))?;
            Ok(read(fields).filter(|session| session.expires > now))
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
            let mut connection = self.connection.clone();
            let mut call = self.save.prepare_invoke();
            call.key(self.session_key(id)).key(self.sub_key(&session.sub));
            if let Some(sid) = &session.sid {
                call.key(self.sid_key(sid));
            }
            let saved: bool = call
                .arg(expected.map(|version| version.to_string()).unwrap_or_default())
                .arg(session.version)
                .arg(session.sealed)
                .arg(session.sub)
                .arg(session.sid.unwrap_or_default())
                .arg(session.expires.as_secs())
                .arg(session.expires.seconds_since(now).max(1))
                .invoke_async(&mut connection)
                .await
                .map_err(|error| judge(&error))?;
            Ok(if saved { Saved::Done } else { Saved::Conflict })
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            let mut connection = self.connection.clone();
            connection
                .del(self.session_key(id))
                .await
                .map_err(|error| judge(&error))
        })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(self.delete_index(self.sid_key(sid)))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(self.delete_index(self.sub_key(sub)))
    }

    fn delete_expired(&self, _: Timestamp, _: u32) -> StoreFuture<'_, u64> {
        // Redis expires them by itself.
        Box::pin(async { Ok(0) })
    }
}
