//! Connections to PostgreSQL: opened when they are needed, bounded in time, and the table made
//! before the first question.

use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
    time::Duration,
};

use sqlx::{
    Connection as _, Executor as _, PgConnection, PgPool, Postgres,
    pool::PoolConnection,
    postgres::{PgArguments, PgConnectOptions, PgPoolOptions, PgRow},
    query::Query,
};
use tokio::sync::OnceCell;

use super::NAME;
use crate::session::store::StoreError;

/// Longest wait for an answer, connecting and waiting for a free connection included: a page can
/// say "temporarily unavailable" soon.
const PATIENCE: Duration = Duration::from_secs(5);

/// Several processes may start at once, and two `CREATE … IF NOT EXISTS` can collide. The app is
/// named for rows that have none.
const PREPARATION: &str = "SELECT pg_advisory_xact_lock(5402021511), set_config('logto.app', $1, true)";

/// Each leaves a table that is up to date as it is.
const MIGRATIONS: &str = concat!(
    include_str!("../../../../migrations/0001_logto_sessions.sql"),
    include_str!("../../../../migrations/0002_app.sql"),
);

/// Boxed: the compiler cannot yet see that the library's futures may move between threads.
type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'a>>;

pub(super) type Statement = Query<'static, Postgres, PgArguments>;

#[derive(Clone)]
pub(super) struct Connections {
    options: PgConnectOptions,
    /// The app that rows without one belong to.
    app_id: Arc<str>,
    /// Made when it is first used: only then there is surely a runtime.
    pool: Arc<OnceLock<PgPool>>,
    /// Set once the table has been seen; a failure is not remembered.
    table: Arc<OnceCell<()>>,
}

impl Connections {
    pub(super) fn open(options: PgConnectOptions, app_id: &str) -> Self {
        Self {
            options,
            app_id: app_id.into(),
            pool: Arc::default(),
            table: Arc::default(),
        }
    }

    /// The owner of a pool makes the table.
    pub(super) fn of_pool(pool: PgPool, app_id: &str) -> Self {
        Self {
            options: pool.connect_options().as_ref().clone(),
            app_id: app_id.into(),
            pool: Arc::new(OnceLock::from(pool)),
            table: Arc::new(OnceCell::new_with(Some(()))),
        }
    }

    /// How many rows a statement has changed.
    pub(super) async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        let work = async {
            let mut connection = self.borrow().await?;
            let done = statement.execute(connection.get()?).await?;
            connection.give_back();
            Ok(done.rows_affected())
        };
        in_time(work).await
    }

    /// The rows of a query.
    pub(super) async fn fetch(&self, query: Statement) -> Result<Vec<PgRow>, StoreError> {
        let work = async {
            let mut connection = self.borrow().await?;
            let rows = query.fetch_all(connection.get()?).await?;
            connection.give_back();
            Ok(rows)
        };
        in_time(work).await
    }

    pub(super) async fn make_table(&self) -> Result<(), StoreError> {
        in_time(self.migrate()).await
    }

    /// A connection, once the table is there.
    async fn borrow(&self) -> Result<Borrowed, sqlx::Error> {
        self.table.get_or_try_init(|| self.find_or_make_table()).await?;
        self.connection().await
    }

    /// Looks before it makes: a role that may not make tables is enough where there is one.
    fn find_or_make_table(&self) -> Work<'_, ()> {
        Box::pin(async {
            let mut connection = self.connection().await?;
            // The column that the last migration adds.
            let query = "SELECT EXISTS (SELECT FROM pg_attribute
                         WHERE attrelid = to_regclass('logto_sessions') AND attname = 'app' AND NOT attisdropped)";
            let found = sqlx::query_scalar(query).fetch_one(connection.get()?).await?;
            connection.give_back();
            if found { Ok(()) } else { self.migrate().await }
        })
    }

    fn migrate(&self) -> Work<'_, ()> {
        Box::pin(async {
            let mut connection = self.connection().await?;
            let mut transaction = connection.get()?.begin().await?;
            let preparation = sqlx::query(PREPARATION).bind(&*self.app_id);
            transaction.execute(preparation).await?;
            transaction.execute(sqlx::raw_sql(MIGRATIONS)).await?;
            transaction.commit().await?;
            connection.give_back();
            Ok(())
        })
    }

    async fn connection(&self) -> Result<Borrowed, sqlx::Error> {
        let pool = self.pool.get_or_init(|| {
            PgPoolOptions::new()
                .acquire_timeout(PATIENCE)
                .connect_lazy_with(self.options.clone())
        });
        Ok(Borrowed(Some(pool.acquire().await?)))
    }
}

/// A connection of the pool. Unless it is given back it is closed: after a failure it may lead to a
/// server that has been replaced, or be within a transaction; and the pool would wait for an answer
/// that was given up for as long as it takes.
struct Borrowed(Option<PoolConnection<Postgres>>);

impl Borrowed {
    fn get(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.0.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// The pool asks a connection that returns for a sign of life, and waits for ever: one whose
    /// server has fallen silent in between would keep its place in the pool.
    fn give_back(mut self) {
        if let Some(mut connection) = self.0.take() {
            tokio::spawn(tokio::time::timeout(PATIENCE, connection.return_to_pool()));
        }
    }
}

impl Drop for Borrowed {
    fn drop(&mut self) {
        self.0.take().map(PoolConnection::detach);
    }
}

async fn in_time<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
    match tokio::time::timeout(PATIENCE, work).await {
        Ok(result) => result.map_err(|error| judge(&error)),
        Err(_) => Err(judge(&sqlx::Error::PoolTimedOut)),
    }
}

/// The library's text may hold the address, and with it the password.
pub(super) fn judge(error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let unexpected = match error {
        // Classes 08, 53, 57: connection, resources, operator intervention; 40: try again; 25006:
        // read-only during a failover.
        sqlx::Error::Database(_) => !code.as_ref().is_some_and(|code| {
            code == "25006" || ["08", "40", "53", "57"].iter().any(|class| code.starts_with(class))
        }),
        sqlx::Error::ColumnDecode { .. }
        | sqlx::Error::ColumnNotFound(_)
        | sqlx::Error::Decode(_)
        | sqlx::Error::TypeNotFound { .. } => true,
        _ => false,
    };
    tracing::warn!(
        unexpected,
        code = code.as_deref(),
        "the session store did not answer as it should"
    );
    if unexpected {
        StoreError::Unexpected(NAME)
    } else {
        StoreError::Unavailable(NAME)
    }
}
