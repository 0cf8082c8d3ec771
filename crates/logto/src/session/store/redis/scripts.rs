//! The commands of the store. Each has one key, so that it runs on any node of a cluster.
//!
//! A session is one key. The indexes by user and by `sid` are sorted sets of session ids, scored by
//! the sessions' expiry. In a cluster they are on other nodes than the sessions, so that no command
//! changes both. Their order makes up for it:
//!
//! - **A save adds the session to its indexes first**, and then swaps the session. A crash between
//!   the two leaves an entry without a session, which does no harm. The other order would leave a
//!   session that no logout finds.
//! - **A deletion reads an index and asks each session** whether it belongs to the user or `sid`,
//!   because the entry may be older than the session's last change.
//! - **A deletion leaves the index alone.** Between its two steps, a save has an entry without a
//!   session. If a deletion removed that entry, the session would be saved without one. So entries
//!   are removed only when they have expired: by the next save, or with the key.
//! - **A save never brings an entry's expiry forward.** Its swap may fail, because another process
//!   has saved the session with a later expiry.
//!
//! A save and a deletion at the same time: if the deletion comes before the swap, the swap expects
//! a version that is gone and fails. If it comes after the swap, it deletes the new version. A new
//! session has no version yet. Its swap after the deletion succeeds, as if the sign-in had begun
//! after the deletion, and the next deletion finds it.

use super::command::Command;
use crate::{clock::Timestamp, session::store::StoredSession};

/// Adds a session to an index. The index expires with its last session.
const ADD: &str = r"
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[4])
redis.call('ZADD', KEYS[1], 'GT', ARGV[2], ARGV[1])
if redis.call('TTL', KEYS[1]) < tonumber(ARGV[3]) then redis.call('EXPIRE', KEYS[1], ARGV[3]) end
return 1";

/// Saves a session if its version is the expected one.
///
/// - Idempotent retry: an identical value means that an earlier call succeeded.
/// - An expired session counts as absent even if its key still exists, because Redis expires keys
///   by its own clock, which may be behind.
const SWAP: &str = r"
local version = redis.call('HGET', KEYS[1], 'v')
if version and tonumber(redis.call('HGET', KEYS[1], 'e')) <= tonumber(ARGV[8]) then version = false end
if version == ARGV[2] and redis.call('HGET', KEYS[1], 'd') == ARGV[3] then return 1 end
if ARGV[1] == '' then
  if version then return 0 end
elseif version ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[2], 'd', ARGV[3], 'u', ARGV[4], 's', ARGV[5], 'e', ARGV[6])
redis.call('EXPIRE', KEYS[1], ARGV[7])
return 1";

/// Deletes a session if all given fields have the given values.
const DELETE: &str = r"
for i = 1, #ARGV, 2 do
  if redis.call('HGET', KEYS[1], ARGV[i]) ~= ARGV[i + 1] then return 0 end
end
return redis.call('DEL', KEYS[1])";

/// The hash fields of a session: version, sealed session, `sub`, `sid` and expiry.
const FIELDS: [&str; 5] = ["v", "d", "u", "s", "e"];

/// The values of [`FIELDS`].
pub(super) type Fields = (Option<u64>, Option<String>, Option<String>, Option<String>, Option<u64>);

pub(super) fn to_session(fields: Fields) -> Option<StoredSession> {
    let (version, sealed, sub, sid, expires) = fields;
    Some(StoredSession {
        version: version?,
        sealed: sealed?,
        sub: sub?,
        sid: sid.filter(|sid| !sid.is_empty()),
        expires: Timestamp::from_secs(expires?),
    })
}

pub(super) fn load(session: String) -> Command {
    Command::new("HMGET", session).arg(&FIELDS)
}

pub(super) fn add(index: String, id: &str, expires: Timestamp, now: Timestamp) -> Command {
    Command::script(ADD, index)
        .arg(id)
        .arg(expires.as_secs())
        .arg(seconds_left(expires, now))
        .arg(now.as_secs())
}

/// Answers whether the session is saved.
pub(super) fn swap(key: String, expected: Option<u64>, session: StoredSession, now: Timestamp) -> Command {
    Command::script(SWAP, key)
        .arg(expected.map(|version| version.to_string()).unwrap_or_default())
        .arg(session.version)
        .arg(session.sealed)
        .arg(session.sub)
        .arg(session.sid.unwrap_or_default())
        .arg(session.expires.as_secs())
        .arg(seconds_left(session.expires, now))
        .arg(now.as_secs())
}

pub(super) fn delete(session: String) -> Command {
    Command::new("DEL", session)
}

/// The ids of the sessions in an index.
pub(super) fn members(index: String) -> Command {
    Command::new("ZRANGE", index).arg((0, -1))
}

/// The sessions that a deletion is about.
pub(super) enum Filter<'a> {
    Sub(&'a str),
    Sid(&'a str),
    SubWithoutSid(&'a str),
}

/// Answers how many sessions are deleted, none or one.
pub(super) fn delete_if(session: String, filter: &Filter<'_>) -> Command {
    let command = Command::script(DELETE, session);
    match *filter {
        Filter::Sub(sub) => command.arg(("u", sub)),
        Filter::Sid(sid) => command.arg(("s", sid)),
        Filter::SubWithoutSid(sub) => command.arg(("u", sub, "s", "")),
    }
}

fn seconds_left(expires: Timestamp, now: Timestamp) -> u64 {
    expires.seconds_since(now).max(1)
}
