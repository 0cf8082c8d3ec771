//! Connections to PostgreSQL. They are opened on first use, every query has a timeout, and the
//! table is created before the first query.

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

use crate::session::store::StoreError;

/// The name of this store in errors.
pub(super) const NAME: &str = "postgres";

/// Timeout of a query, including the wait for a connection, so that a page can soon say
/// "temporarily unavailable".
const TIMEOUT: Duration = Duration::from_secs(5);

/// Takes a lock, because concurrent `CREATE … IF NOT EXISTS` statements can fail, and sets the app
/// for rows that have none.
const PREPARATION: &str = "SELECT pg_advisory_xact_lock(5402021511), set_config('logto.app', $1, true)";

/// All migrations are idempotent.
const MIGRATIONS: &str = concat!(
    include_str!("../../../../migrations/0001_logto_sessions.sql"),
    include_str!("../../../../migrations/0002_app.sql"),
);

/// Boxed, because the compiler cannot prove that sqlx's futures are `Send`.
type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, sqlx::Error>> + Send + 'a>>;

pub(super) type Statement = Query<'static, Postgres, PgArguments>;

#[derive(Clone)]
pub(super) struct Connections {
    options: PgConnectOptions,
    /// The app for rows that have none.
    app_id: Arc<str>,
    /// Created on first use, because it needs a runtime.
    pool: Arc<OnceLock<PgPool>>,
    /// Set once the table is known to exist. A failed attempt is not cached.
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

    /// Uses the caller's pool. The caller creates the table.
    pub(super) fn with_pool(pool: PgPool, app_id: &str) -> Self {
        Self {
            options: pool.connect_options().as_ref().clone(),
            app_id: app_id.into(),
            pool: Arc::new(OnceLock::from(pool)),
            table: Arc::new(OnceCell::new_with(Some(()))),
        }
    }

    /// Executes a statement and returns the number of affected rows.
    pub(super) async fn execute(&self, statement: Statement) -> Result<u64, StoreError> {
        let work = async {
            let mut connection = self.lease().await?;
            let done = statement.execute(connection.get()?).await?;
            connection.release();
            Ok(done.rows_affected())
        };
        with_timeout(work).await
    }

    /// Runs a query and returns its rows.
    pub(super) async fn fetch(&self, query: Statement) -> Result<Vec<PgRow>, StoreError> {
        let work = async {
            let mut connection = self.lease().await?;
            let rows = query.fetch_all(connection.get()?).await?;
            connection.release();
            Ok(rows)
        };
        with_timeout(work).await
    }

    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        with_timeout(self.run_migrations()).await
    }

    /// A connection, after the table was created if necessary.
    async fn lease(&self) -> Result<LeasedConnection, sqlx::Error> {
        self.table.get_or_try_init(|| self.ensure_table()).await?;
        self.connection().await
    }

    /// Creates the table only if it is missing, so that a role without the right to create tables
    /// can use an existing one.
    fn ensure_table(&self) -> Work<'_, ()> {
        Box::pin(async {
            let mut connection = self.connection().await?;
            // The last migration adds this column.
            let query = "SELECT EXISTS (SELECT FROM pg_attribute
                         WHERE attrelid = to_regclass('logto_sessions') AND attname = 'app' AND NOT attisdropped)";
            let found = sqlx::query_scalar(query).fetch_one(connection.get()?).await?;
            connection.release();
            if found { Ok(()) } else { self.run_migrations().await }
        })
    }

    fn run_migrations(&self) -> Work<'_, ()> {
        Box::pin(async {
            let mut connection = self.connection().await?;
            let mut transaction = connection.get()?.begin().await?;
            let preparation = sqlx::query(PREPARATION).bind(&*self.app_id);
            transaction.execute(preparation).await?;
            transaction.execute(sqlx::raw_sql(MIGRATIONS)).await?;
            transaction.commit().await?;
            connection.release();
            Ok(())
        })
    }

    async fn connection(&self) -> Result<LeasedConnection, sqlx::Error> {
        let pool = self.pool.get_or_init(|| {
            PgPoolOptions::new()
                .acquire_timeout(TIMEOUT)
                .connect_lazy_with(self.options.clone())
        });
        Ok(LeasedConnection(Some(pool.acquire().await?)))
    }
}

/// A connection of the pool that is closed when it is dropped, unless it was released.
///
/// After a failure, a connection may lead to a server that was replaced, or be within a
/// transaction. After a timeout, the pool would wait without limit for the outstanding answer.
struct LeasedConnection(Option<PoolConnection<Postgres>>);

impl LeasedConnection {
    fn get(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.0.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Returns the connection to the pool, with a timeout. The pool pings a returned connection
    /// without limit, and one to an unresponsive server would occupy a slot for ever.
    fn release(mut self) {
        if let Some(mut connection) = self.0.take() {
            tokio::spawn(tokio::time::timeout(TIMEOUT, connection.return_to_pool()));
        }
    }
}

impl Drop for LeasedConnection {
    fn drop(&mut self) {
        self.0.take().map(PoolConnection::detach);
    }
}

async fn with_timeout<T>(work: impl Future<Output = Result<T, sqlx::Error>>) -> Result<T, StoreError> {
    match tokio::time::timeout(TIMEOUT, work).await {
        Ok(result) => result.map_err(|error| classify(&error)),
        Err(_) => Err(classify(&sqlx::Error::PoolTimedOut)),
    }
}

/// Logs the error's code and converts the error. Its text may contain the address, and with it the
/// password.
pub(super) fn classify(error: &sqlx::Error) -> StoreError {
    let code = error.as_database_error().and_then(sqlx::error::DatabaseError::code);
    let unexpected = match error {
        // Transient: class 08 (connection), 40 (transaction rollback), 53 (insufficient resources),
        // 57 (operator intervention), and 25006 (read-only during a failover).
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
        "a query of the session store failed"
    );
    if unexpected {
        StoreError::Unexpected(NAME)
    } else {
        StoreError::Unavailable(NAME)
    }
}
