//! Sessions in PostgreSQL 13 or newer.

use std::time::Duration;

use sqlx::{
    PgPool, Row as _,
    postgres::{PgPoolOptions, PgRow},
};

use super::{Saved, SessionStore, StoreError, StoreFuture, StoredSession};
use crate::{clock::Timestamp, session::SessionId};

/// Longest wait for a connection: a page can say "temporarily unavailable" soon.
const PATIENCE: Duration = Duration::from_secs(2);

const NAME: &str = "postgres";

/// Keeps sessions in PostgreSQL, in the table `logto_sessions`. For any number of processes; what was acknowledged is on disk.
#[derive(Clone, Debug)]
pub struct PostgresStore {
    pool: PgPool,
}

impl PostgresStore {
    /// A store at `url` (`postgres://…`). Connects when it is first used, and again after a failure.
    ///
    /// # Errors
    ///
    /// When the address is not valid.
    pub fn new(url: &str) -> Result<Self, StoreError> {
        let pool = PgPoolOptions::new()
            .acquire_timeout(PATIENCE)
            .connect_lazy(url)
            .map_err(|_| StoreError::Unexpected(NAME))?;
        Ok(Self { pool })
    }

    /// A store on a pool of the app's.
    #[must_use]
    pub fn with_pool(pool: PgPool) -> Self {
        Self { pool }
    }

    /// Makes the table if it is not there. Run it at start, or run `migrations/0001_logto_sessions.sql` with your own tool.
    ///
    /// # Errors
    ///
    /// When the server cannot be reached or the role may not make tables.
    pub async fn migrate(&self) -> Result<(), StoreError> {
        // Several processes may start at once: two `CREATE … IF NOT EXISTS` can collide.
        let script = concat!(
            "BEGIN; SELECT pg_advisory_xact_lock(5402021511);\n",
            include_str!("../../../migrations/0001_logto_sessions.sql"),
            "\nCOMMIT;"
        );
        sqlx::raw_sql(script)
            .execute(&self.pool)
            .await
            .map(drop)
            .map_err(|error| judge(&error))
    }

    async fn delete_where(&self, query: &str, value: &str) -> Result<u64, StoreError> {
        let done = sqlx::query(query)
            .bind(value)
            .execute(&self.pool)
            .await
            .map_err(|error| judge(&error))?;
        Ok(done.rows_affected())
    }
}

/// The library's text may hold the address, and with it the password.
fn judge(error: &sqlx::Error) -> StoreError {
    let unexpected = match error {
        // Classes 08, 53, 57: connection, resources, operator intervention; 40: try again; 25006: read-only during a failover.
        sqlx::Error::Database(error) => !error.code().is_some_and(|code| {
            code == "25006" || ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class))
        }),
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::TypeNotFound { .. } => true,
        _ => false,
    };
    tracing::warn!(unexpected, "the session store did not answer as it should");
    if unexpected {
        StoreError::Unexpected(NAME)
    } else {
        StoreError::Unavailable(NAME)
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
            let row = sqlx::query(query)
                .bind(id.to_text())
                .bind(signed(now.as_secs()))
                .fetch_optional(&self.pool)
                .await;
            row.and_then(|row| row.as_ref().map(read).transpose())
                .map_err(|error| judge(&error))
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
            let done = query.execute(&self.pool).await.map_err(|error| judge(&error))?;
            Ok(if done.rows_affected() == 1 {
                Saved::Done
            } else {
                Saved::Conflict
            })
        })
    }

    fn delete<'a>(&'a self, id: &'a SessionId) -> StoreFuture<'a, ()> {
        Box::pin(async move {
            self.delete_where("DELETE FROM logto_sessions WHERE id = $1", &id.to_text())
                .await
                .map(drop)
        })
    }

    fn delete_by_sid<'a>(&'a self, sid: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(self.delete_where("DELETE FROM logto_sessions WHERE sid = $1", sid))
    }

    fn delete_by_sub<'a>(&'a self, sub: &'a str) -> StoreFuture<'a, u64> {
        Box::pin(self.delete_where("DELETE FROM logto_sessions WHERE sub = $1", sub))
    }

    fn delete_expired(&self, now: Timestamp, most: u32) -> StoreFuture<'_, u64> {
        Box::pin(async move {
            let query = "DELETE FROM logto_sessions WHERE id IN
                         (SELECT id FROM logto_sessions WHERE expires <= $1 ORDER BY expires LIMIT $2 FOR UPDATE SKIP LOCKED)";
            let done = sqlx::query(query)
                .bind(signed(now.as_secs()))
                .bind(i64::from(most))
                .execute(&self.pool)
                .await
                .map_err(|error| judge(&error))?;
            Ok(done.rows_affected())
        })
    }
}
