//! Sessions in PostgreSQL 13 or newer.

mod address;
mod connection;

use std::{collections::HashMap, fmt};

use sqlx::{PgPool, Row as _, postgres::PgRow};

use self::connection::{Connections, judge};
use super::{Saved, SessionStore, StoreAddressError, StoreError, StoreFuture, StoredSession};
use crate::{clock::Timestamp, session::SessionId, tls::TrustedCertificates};

const NAME: &str = "postgres";

/// Keeps sessions in PostgreSQL, in the table `logto_sessions`. For any number of processes; what was acknowledged is on disk.
#[derive(Clone)]
pub struct PostgresStore {
    connections: Connections,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore").finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// A store at `url` (`postgres://…`). Connects when it is first used, and again after a failure: the app starts while PostgreSQL is
    /// down. The first use makes the table if it is not there; where it is, the role need not be allowed to.
    ///
    /// # Errors
    ///
    /// When the address is not valid.
    pub fn new(url: &str) -> Result<Self, StoreAddressError> {
        Self::with_certificates(url, &TrustedCertificates::default())
    }

    /// The same with certificate authorities to trust beside those of the system.
    ///
    /// # Errors
    ///
    /// When the address is not valid.
    pub fn with_certificates(url: &str, trusted: &TrustedCertificates) -> Result<Self, StoreAddressError> {
        Ok(Self {
            connections: Connections::open(address::parse(url, trusted)?),
        })
    }

    /// A store on a pool of the app's, which makes the table itself: with [`PostgresStore::migrate`], or with
    /// `migrations/0001_logto_sessions.sql` in a tool of its own.
    #[must_use]
    pub fn with_pool(pool: PgPool) -> Self {
        Self {
            connections: Connections::of_pool(pool),
        }
    }

    /// Makes the table if it is not there.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached or the role may not make tables.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.connections.make_table().await
    }
}

fn read(row: &PgRow) -> Result<StoredSession, sqlx::Error> {
    let number = |name| {
        row.try_get::<i64, _>(name)
            .map(|number| u64::try_from(number).unwrap_or_default())
    };
    Ok(StoredSession {
        version: number("version")?,
        sealed: row.try_get("sealed")?,
        sub: row.try_get("sub")?,
        sid: row.try_get("sid")?,
        expires: Timestamp::from_secs(number("expires")?),
    })
}

/// PostgreSQL has signed numbers only; versions and seconds do not come near the limit.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl SessionStore for PostgresStore {
    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        Box::pin(async move {
            let query = "SELECT version, sealed, sub, sid, expires FROM logto_sessions WHERE id = $1 AND expires > $2";
            let query = sqlx::query(query).bind(id.to_text()).bind(signed(now.as_secs()));
            let rows = self.connections.fetch(query).await?;
            rows.first().map(read).transpose().map_err(|error| judge(&error))
        })
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        Box::pin(async move {
            let query =
                "SELECT id, version, sealed, sub, sid, expires FROM logto_sessions WHERE id = ANY($1) AND expires > $2";
            let names: Vec<_> = ids.iter().map(SessionId::to_text).collect();
            let query = sqlx::query(query).bind(names.clone()).bind(signed(now.as_secs()));
            let rows = self.connections.fetch(query).await?;
            let found: Result<HashMap<String, _>, _> =
                rows.iter().map(|row| Ok((row.try_get("id")?, read(row)?))).collect();
            let found = found.map_err(|error| judge(&error))?;
            Ok(names.iter().map(|name| found.get(name).cloned()).collect())
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
            // A row that has ended counts as none.
            let query = match expected {
                None => {
                    "INSERT INTO logto_sessions AS kept (id, version, sealed, sub, sid, expires) VALUES ($1, $2, $3, $4, $5, $6)
                     ON CONFLICT (id) DO UPDATE SET version = $2, sealed = $3, sub = $4, sid = $5, expires = $6 WHERE kept.expires <= $7"
                }
                Some(_) => {
                    "UPDATE logto_sessions SET version = $2, sealed = $3, sub = $4, sid = $5, expires = $6
                     WHERE id = $1 AND expires > $7 AND version = $8"
                }
            };
            let mut query = sqlx::query(query)
                .bind(id.to_text())
                .bind(signed(session.version))
                .bind(session.sealed)
                .bind(session.sub)
                .bind(session.sid)
                .bind(signed(session.expires.as_secs()))
                .bind(signed(now.as_secs()));
            if let Some(version) = expected {
                query = query.bind(signed(version));
            }
            Ok(match self.connections.execute(query).await? {
                1 => Saved::Done,
                _ => Saved::Conflict,
            })
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        let query = sqlx::query("DELETE FROM logto_sessions WHERE id = $1").bind(id.to_text());
        Box::pin(async move { self.connections.execute(query).await.map(drop) })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        let query = sqlx::query("DELETE FROM logto_sessions WHERE sid = $1").bind(sid.to_owned());
        Box::pin(self.connections.execute(query))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let query = sqlx::query("DELETE FROM logto_sessions WHERE sub = $1").bind(sub.to_owned());
        Box::pin(self.connections.execute(query))
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let query = sqlx::query("DELETE FROM logto_sessions WHERE sub = $1 AND sid IS NULL").bind(sub.to_owned());
        Box::pin(self.connections.execute(query))
    }

    fn delete_expired(&self, now: Timestamp, most: u32) -> StoreFuture<'_, u64> {
        // A row that somebody else holds, a session that is being saved or another process that tidies up, is left to him.
        let query = "DELETE FROM logto_sessions WHERE id IN
                     (SELECT id FROM logto_sessions WHERE expires <= $1 ORDER BY expires LIMIT $2 FOR UPDATE SKIP LOCKED)";
        let query = sqlx::query(query).bind(signed(now.as_secs())).bind(i64::from(most));
        Box::pin(self.connections.execute(query))
    }
}
