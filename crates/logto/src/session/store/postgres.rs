//! Sessions in PostgreSQL 13 or later.

mod address;
mod connection;
mod failure;
mod leased;
mod literal;
mod schema;
mod statement;

use std::{collections::HashMap, fmt};

use sqlx::{PgPool, Row as _, postgres::PgRow};

use self::{connection::Connections, failure::classify, statement::Statement};
use super::{Saved, SessionStore, StoreAddressError, StoreError, StoreFuture, StoreKind, StoredSession};
use crate::{clock::Timestamp, session::SessionId, tls::TrustedCertificates};

/// Keeps sessions in the table `logto_sessions` of PostgreSQL, for any number of processes and
/// apps. A saved session is on disk.
#[derive(Clone)]
pub struct PostgresStore {
    connections: Connections,
    app_id: String,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresStore")
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Creates a store at `url` (`postgres://…`) for one app. `app_id` separates apps that share a
    /// table.
    ///
    /// The store connects when it is first used and after a failure, so that an app starts while
    /// PostgreSQL is down. The first use creates or migrates the tables if necessary; only then does
    /// the role need the right to do so. Rows without an app, which earlier versions of the table
    /// had, are assigned to the first app that migrates it.
    ///
    /// With `?statement-cache-capacity=0` no statement is prepared. A pooler in transaction mode needs
    /// this unless it tracks prepared statements.
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

    /// Like [`PostgresStore::new`], with further trusted certificate authorities.
    pub(super) fn open(url: &str, app_id: &str, trusted: &TrustedCertificates) -> Result<Self, StoreAddressError> {
        Ok(Self {
            connections: Connections::open(address::parse(url, trusted)?, app_id),
            app_id: app_id.to_owned(),
        })
    }

    /// Creates a store for one app that uses the caller's connection pool, whatever its settings.
    ///
    /// The caller creates the tables, either with [`PostgresStore::migrate`] or by running the files
    /// in `migrations/` in order. Statements are not prepared if the pool's
    /// `statement_cache_capacity` is 0, as it should be behind a pooler in transaction mode.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// use logto::session::store::PostgresStore;
    /// use sqlx::postgres::PgPoolOptions;
    ///
    /// let pool = PgPoolOptions::new()
    ///     // The store notices a broken connection by itself.
    ///     .test_before_acquire(false)
    ///     .connect_lazy("postgres://user:password@127.0.0.1/database")?;
    /// let store = PostgresStore::with_pool(pool, "my-app");
    /// store.migrate().await?;
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn with_pool(pool: PgPool, app_id: &str) -> Self {
        Self {
            connections: Connections::with_pool(pool, app_id),
            app_id: app_id.to_owned(),
        }
    }

    /// Creates or migrates the tables. Does nothing if they are up to date. Any number of processes
    /// may do so at the same time. There is no timeout.
    ///
    /// # Errors
    ///
    /// If the server is unavailable. [`StoreError::SchemaOutdated`] if the role may not create
    /// tables, and [`StoreError::SchemaTooNew`] if a newer version of this crate has migrated them.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        self.connections.migrate().await
    }

    /// A statement whose first parameter is the app.
    fn query(&self, statement: &'static str) -> Statement {
        Statement::new(statement).bind(self.app_id.clone())
    }

    /// The number may be too small if the connection broke: a repeated attempt does not count the
    /// rows that the first one deleted.
    async fn delete_rows(&self, statement: Statement) -> Result<u64, StoreError> {
        Ok(self.connections.run(statement).await?.affected)
    }
}

fn to_session(row: &PgRow) -> Result<StoredSession, sqlx::Error> {
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

/// PostgreSQL has signed integers only. Versions and timestamps are far below the limit.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl SessionStore for PostgresStore {
    fn kind(&self) -> StoreKind {
        StoreKind::Postgres
    }

    fn load<'a>(&'a self, id: &'a SessionId, now: Timestamp) -> StoreFuture<'a, Option<StoredSession>> {
        Box::pin(async move {
            let query = "SELECT version, sealed, sub, sid, expires FROM logto_sessions
                         WHERE app = $1 AND id = $2 AND expires > $3";
            let query = self.query(query).bind(id.to_text()).bind(signed(now.as_secs()));
            let answer = self.connections.run(query).await?;
            answer
                .rows
                .first()
                .map(to_session)
                .transpose()
                .map_err(|error| classify(&error))
        })
    }

    fn load_all<'a>(&'a self, ids: &'a [SessionId], now: Timestamp) -> StoreFuture<'a, Vec<Option<StoredSession>>> {
        Box::pin(async move {
            let query = "SELECT id, version, sealed, sub, sid, expires FROM logto_sessions
                         WHERE app = $1 AND id = ANY($2) AND expires > $3";
            let names: Vec<_> = ids.iter().map(SessionId::to_text).collect();
            let query = self.query(query).bind(names.clone()).bind(signed(now.as_secs()));
            let answer = self.connections.run(query).await?;
            let found: Result<HashMap<String, _>, _> = answer
                .rows
                .iter()
                .map(|row| Ok((row.try_get("id")?, to_session(row)?)))
                .collect();
            let found = found.map_err(|error| classify(&error))?;
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
            // An expired row counts as absent. Idempotent retry: an identical row means that an
            // earlier attempt succeeded.
            let query = match expected {
                None => {
                    "INSERT INTO logto_sessions AS kept (app, id, version, sealed, sub, sid, expires)
                     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (app, id) DO UPDATE
                     SET version = $3, sealed = $4, sub = $5, sid = $6, expires = $7
                     WHERE kept.expires <= $8 OR (kept.version = $3 AND kept.sealed = $4 AND kept.sub = $5
                         AND kept.sid IS NOT DISTINCT FROM $6 AND kept.expires = $7)"
                }
                Some(_) => {
                    "UPDATE logto_sessions SET version = $3, sealed = $4, sub = $5, sid = $6, expires = $7
                     WHERE app = $1 AND id = $2 AND expires > $8 AND (version = $9 OR (version = $3
                         AND sealed = $4 AND sub = $5 AND sid IS NOT DISTINCT FROM $6 AND expires = $7))"
                }
            };
            let mut query = self
                .query(query)
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
            Ok(match self.connections.run(query).await?.affected {
                1 => Saved::Done,
                _ => Saved::Conflict,
            })
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        let query = "DELETE FROM logto_sessions WHERE app = $1 AND id = $2";
        let query = self.query(query).bind(id.to_text());
        Box::pin(async move { self.delete_rows(query).await.map(drop) })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        let query = "DELETE FROM logto_sessions WHERE app = $1 AND sid = $2";
        Box::pin(self.delete_rows(self.query(query).bind(sid.to_owned())))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let query = "DELETE FROM logto_sessions WHERE app = $1 AND sub = $2";
        Box::pin(self.delete_rows(self.query(query).bind(sub.to_owned())))
    }

    fn delete_by_sub_without_sid<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        let query = "DELETE FROM logto_sessions WHERE app = $1 AND sub = $2 AND sid IS NULL";
        Box::pin(self.delete_rows(self.query(query).bind(sub.to_owned())))
    }

    fn delete_expired(&self, now: Timestamp, limit: u32) -> StoreFuture<'_, u64> {
        // Rows that another transaction has locked, such as a save or another sweep, are skipped. An
        // array is looked up in the index; `IN` would be a join, whose plan depends on estimates.
        let query = "DELETE FROM logto_sessions WHERE app = $1 AND id = ANY(ARRAY(
                         SELECT id FROM logto_sessions WHERE app = $1 AND expires <= $2
                         ORDER BY expires LIMIT $3 FOR UPDATE SKIP LOCKED))";
        let query = self.query(query).bind(signed(now.as_secs())).bind(i64::from(limit));
        Box::pin(self.delete_rows(query))
    }
}
