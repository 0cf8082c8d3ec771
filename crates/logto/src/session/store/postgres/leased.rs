//! A connection of a pool while a statement uses it.

use std::time::Duration;

use sqlx::{PgConnection, Postgres, pool::PoolConnection};

/// A connection that is closed when it is dropped, unless it was released.
///
/// After a failure, a connection may lead to a server that was replaced, or be within a
/// transaction. After a timeout, the pool would wait without limit for the outstanding answer.
pub(super) struct LeasedConnection(Option<PoolConnection<Postgres>>);

impl LeasedConnection {
    pub(super) fn new(connection: PoolConnection<Postgres>) -> Self {
        Self(Some(connection))
    }

    pub(super) fn get(&mut self) -> Result<&mut PgConnection, sqlx::Error> {
        self.0.as_deref_mut().ok_or(sqlx::Error::PoolClosed)
    }

    /// Returns the connection to the pool, with a timeout. The pool pings a returned connection
    /// without limit, and one to an unresponsive server would never free its slot.
    pub(super) fn release(mut self, timeout: Duration) {
        if let Some(mut connection) = self.0.take() {
            tokio::spawn(tokio::time::timeout(timeout, connection.return_to_pool()));
        }
    }
}

impl Drop for LeasedConnection {
    fn drop(&mut self) {
        self.0.take().map(PoolConnection::detach);
    }
}
