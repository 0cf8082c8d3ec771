//! Connections to PostgreSQL. They are opened on first use, every query has a timeout, and the
//! tables are checked before the first query.

use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use sqlx::{
    ConnectOptions as _, Connection as _, PgPool,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::{
    sync::{Mutex, OwnedMutexGuard},
    time::timeout,
};

use super::{
    failure::{Failure, NAME, is_broken_connection, is_other_schema, is_serialization_failure},
    leased::LeasedConnection,
    schema::{self, State},
    statement::{Answer, Protocol, Statement},
};
use crate::session::store::StoreError;

/// Timeout of a query, including the wait for a connection, so that a page can soon say
/// "temporarily unavailable".
const TIMEOUT: Duration = Duration::from_secs(5);

/// Timeout of a migration at first use. It goes on in the background when the request has failed.
const MIGRATION_TIMEOUT: Duration = Duration::from_secs(600);

/// Boxed, because the compiler cannot prove that sqlx's futures are `Send`.
type Work<'a, T> = Pin<Box<dyn Future<Output = Result<T, Failure>> + Send + 'a>>;

#[derive(Clone)]
pub(super) struct Connections(Arc<Inner>);

struct Inner {
    options: PgConnectOptions,
    protocol: Protocol,
    /// The app for rows that have none.
    app_id: String,
    /// Created on first use, because it needs a runtime.
    pool: OnceLock<PgPool>,
    /// Whether the first use may create or migrate the tables.
    migrates: bool,
    /// Whether the tables were found usable. Reset by an error that says otherwise.
    is_checked: AtomicBool,
    /// Held by the one task that checks the tables.
    check: Arc<Mutex<()>>,
}

impl Connections {
    pub(super) fn open(options: PgConnectOptions, app_id: &str) -> Self {
        let options = match Protocol::of(&options) {
            Protocol::Prepared => options,
            // The text of a statement contains users and ids.
            Protocol::Text => options.disable_statement_logging(),
        };
        Self::new(options, OnceLock::new(), app_id)
    }

    /// Uses the caller's pool. The caller creates the tables.
    pub(super) fn with_pool(pool: PgPool, app_id: &str) -> Self {
        let options = pool.connect_options().as_ref().clone();
        Self::new(options, OnceLock::from(pool), app_id)
    }

    fn new(options: PgConnectOptions, pool: OnceLock<PgPool>, app_id: &str) -> Self {
        Self(Arc::new(Inner {
            protocol: Protocol::of(&options),
            options,
            app_id: app_id.to_owned(),
            migrates: pool.get().is_none(),
            pool,
            is_checked: AtomicBool::new(false),
            check: Arc::default(),
        }))
    }

    /// Executes a statement.
    ///
    /// It is sent again, once, if its connection turns out to be broken, because the server may have
    /// been restarted or replaced since the last query. The first attempt may have been executed,
    /// so every statement has to be idempotent.
    pub(super) async fn run(&self, statement: Statement) -> Result<Answer, StoreError> {
        let work = async {
            self.ensure_schema().await?;
            self.0.attempts(&statement).await
        };
        Ok(with_timeout(TIMEOUT, work).await?)
    }

    /// Creates or migrates the tables, however long it takes.
    pub(super) async fn migrate(&self) -> Result<(), StoreError> {
        let work: Work<'_, ()> = Box::pin(async {
            let mut connection = with_timeout(TIMEOUT, self.0.live_connection()).await?;
            schema::migrate(connection.get()?, &self.0.app_id).await?;
            connection.release(TIMEOUT);
            Ok(())
        });
        Ok(work.await?)
    }

    async fn ensure_schema(&self) -> Result<(), Failure> {
        if self.0.is_checked.load(Ordering::Acquire) {
            return Ok(());
        }
        let turn = Arc::clone(&self.0.check).lock_owned().await;
        let inner = Arc::clone(&self.0);
        // A task, so that a long migration survives the request that began it.
        let check = tokio::spawn(async move { inner.check_schema(turn).await });
        check.await.unwrap_or(Err(StoreError::Unavailable(NAME).into()))
    }
}

impl Inner {
    fn check_schema(&self, turn: OwnedMutexGuard<()>) -> Work<'_, ()> {
        Box::pin(async move {
            // Until the end, so that this process takes one connection for a migration.
            let _turn = turn;
            if self.is_checked.load(Ordering::Acquire) {
                return Ok(());
            }
            let look = async {
                let mut connection = self.live_connection().await?;
                let state = schema::state(connection.get()?).await?;
                Ok((connection, state))
            };
            let (mut connection, state) = with_timeout(TIMEOUT, look).await?;
            match state {
                State::Usable => {}
                State::Outdated if self.migrates => {
                    let migration = schema::migrate(connection.get()?, &self.app_id);
                    with_timeout(MIGRATION_TIMEOUT, migration).await?;
                }
                State::Outdated => return Err(schema::outdated().into()),
                State::TooNew { found } => return Err(schema::too_new(found).into()),
            }
            connection.release(TIMEOUT);
            self.is_checked.store(true, Ordering::Release);
            Ok(())
        })
    }

    fn attempts<'a>(&'a self, statement: &'a Statement) -> Work<'a, Answer> {
        Box::pin(async {
            let mut connection = self.connection().await?;
            let mut is_live = false;
            loop {
                match statement.run(connection.get()?, self.protocol).await {
                    Ok(answer) => {
                        connection.release(TIMEOUT);
                        return Ok(answer);
                    }
                    Err(error) if is_serialization_failure(&error) => {}
                    Err(error) if is_broken_connection(&error) && !is_live => {
                        drop(connection);
                        connection = self.live_connection().await?;
                        is_live = true;
                    }
                    Err(error) => {
                        if is_other_schema(&error) {
                            self.is_checked.store(false, Ordering::Release);
                        }
                        return Err(error.into());
                    }
                }
            }
        })
    }

    /// A connection of the pool, which may be broken.
    async fn connection(&self) -> Result<LeasedConnection, sqlx::Error> {
        let pool = self.pool.get_or_init(|| {
            PgPoolOptions::new()
                .acquire_timeout(TIMEOUT)
                // This test would be another round trip before each query.
                .test_before_acquire(false)
                .connect_lazy_with(self.options.clone())
        });
        Ok(LeasedConnection::new(pool.acquire().await?))
    }

    /// A connection that has just answered. After a restart of the server, every idle connection of
    /// the pool is broken.
    fn live_connection(&self) -> Work<'_, LeasedConnection> {
        Box::pin(async {
            loop {
                let mut connection = self.connection().await?;
                match connection.get()?.ping().await {
                    Ok(()) => return Ok(connection),
                    Err(error) if is_broken_connection(&error) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        })
    }
}

async fn with_timeout<T>(limit: Duration, work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    timeout(limit, work)
        .await
        .unwrap_or(Err(Failure::Query(sqlx::Error::PoolTimedOut)))
}
