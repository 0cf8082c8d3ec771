//! The version of the tables, and the migrations that lead to it.

use sqlx::{Connection as _, Executor as _, PgConnection, Row as _};

use super::{
    failure::{Failure, NAME, is_forbidden},
    literal,
};
use crate::session::store::StoreError;

/// The version of the tables that this code creates.
const VERSION: i32 = 3;

/// All migrations are idempotent. Each ends with the version that it leads to.
const MIGRATIONS: &str = concat!(
    include_str!("../../../../migrations/0001_logto_sessions.sql"),
    include_str!("../../../../migrations/0002_app.sql"),
    include_str!("../../../../migrations/0003_schema_version.sql"),
);

/// Earlier versions of this crate wait for the same lock. It ends with the transaction, so that it
/// needs no session of its own behind a pooler.
const LOCK: &str = "SELECT pg_advisory_xact_lock(5402021511)";

/// Whether this code can use the tables.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum State {
    Usable,
    /// They are missing, or of an earlier version.
    Outdated,
    /// A newer version of this crate has changed them so that this code cannot use them.
    TooNew {
        found: i32,
    },
}

pub(super) async fn state(connection: &mut PgConnection) -> Result<State, sqlx::Error> {
    // Both tables in one schema: the version may be that of another app's table.
    let exists = "SELECT count(*) = 2 AND count(DISTINCT relnamespace) = 1 FROM pg_class
                  WHERE oid IN (to_regclass('logto_sessions'), to_regclass('logto_sessions_schema'))";
    let exists = connection.fetch_one(sqlx::raw_sql(exists)).await?;
    if !exists.try_get::<bool, _>(0)? {
        return Ok(State::Outdated);
    }
    let version = "SELECT version, oldest_compatible FROM logto_sessions_schema";
    let row = connection.fetch_optional(sqlx::raw_sql(version)).await?;
    row.map_or(Ok(State::Outdated), |row| Ok(judge(row.try_get(0)?, row.try_get(1)?)))
}

fn judge(version: i32, oldest_compatible: i32) -> State {
    if oldest_compatible > VERSION {
        State::TooNew { found: version }
    } else if version < VERSION {
        State::Outdated
    } else {
        State::Usable
    }
}

pub(super) fn too_new(found: i32) -> StoreError {
    StoreError::SchemaTooNew {
        store: NAME,
        found,
        supported: VERSION,
    }
}

pub(super) fn outdated() -> StoreError {
    StoreError::SchemaOutdated {
        store: NAME,
        needed: VERSION,
    }
}

/// Creates or migrates the tables. Rows that have no app are assigned to `app_id`.
///
/// Any number of processes may do so at the same time.
pub(super) async fn migrate(connection: &mut PgConnection, app_id: &str) -> Result<(), Failure> {
    // At a stricter level, the statements after the lock would not see what its last owner did.
    let begin = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE";
    let mut transaction = connection.begin_with(begin).await?;
    transaction.execute(sqlx::raw_sql(LOCK)).await?;
    match state(&mut transaction).await? {
        State::Usable => return Ok(transaction.rollback().await?),
        State::TooNew { found } => return Err(too_new(found).into()),
        State::Outdated => {}
    }
    let app = literal::text(app_id);
    let migrations = format!("SELECT set_config('logto.app', {app}, true); {MIGRATIONS}");
    match transaction.execute(sqlx::raw_sql(&migrations)).await {
        Ok(_) => Ok(transaction.commit().await?),
        Err(error) if is_forbidden(&error) => Err(outdated().into()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newer_version_is_usable_while_it_says_so() {
        for (version, oldest_compatible, expected) in [
            (VERSION, VERSION, State::Usable),
            (VERSION + 2, VERSION, State::Usable),
            (VERSION - 1, VERSION - 1, State::Outdated),
            (VERSION + 2, VERSION + 1, State::TooNew { found: VERSION + 2 }),
        ] {
            assert_eq!(judge(version, oldest_compatible), expected, "{version}");
        }
    }
}
