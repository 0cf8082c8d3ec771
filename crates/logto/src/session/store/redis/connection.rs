//! The connection to Redis: opened when it is needed, given up when it does not answer, bounded in time.

use std::{
    future::Future,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use redis::{
    Client, IntoConnectionInfo as _, RedisError, RedisResult,
    aio::{ConnectionManager, ConnectionManagerConfig},
    io::tcp::TcpSettings,
};

use super::NAME;
use crate::session::store::{StoreAddressError, StoreError};

/// Longest wait for an answer, connecting included: a page can say "temporarily unavailable" soon.
const PATIENCE: Duration = Duration::from_secs(5);

/// One connection that all requests share.
pub(super) struct Connection {
    client: Client,
    /// Replaced when it fails. The library's own way of connecting again would hand the failure of the last try, however long ago,
    /// to the next request, and would keep a connection for ever that takes requests and answers none.
    current: Mutex<Option<Arc<ConnectionManager>>>,
}

impl Connection {
    pub(super) fn new(address: &str) -> Result<Self, StoreAddressError> {
        let invalid = |_| StoreAddressError::Invalid(NAME);
        // Many small requests share the connection: none waits for the acknowledgement of the one before it.
        let settings = TcpSettings::default().set_nodelay(true);
        let info = address
            .into_connection_info()
            .map_err(invalid)?
            .set_tcp_settings(settings);
        Ok(Self {
            client: Client::open(info).map_err(invalid)?,
            current: Mutex::default(),
        })
    }

    /// Asks, and once more on a new connection if the present one turns out to be gone: Redis may have been restarted since it was
    /// last used. What is asked must be safe to ask twice.
    pub(super) async fn ask<T, F>(&self, question: impl Fn(ConnectionManager) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = RedisResult<T>>,
    {
        let mut connection = self.current().map_err(|_| StoreError::Unexpected(NAME))?;
        let answer = tokio::time::timeout(PATIENCE, async {
            let first = question((*connection).clone()).await;
            if first.as_ref().err().is_none_or(|error| !error.is_io_error()) {
                return first;
            }
            self.give_up(&connection);
            connection = self.current()?;
            question((*connection).clone()).await
        });
        let error = match answer.await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(error)) => Some(error),
            Err(_) => None,
        };
        self.give_up(&connection);
        let kind = error.as_ref().map(RedisError::kind);
        let code = error.as_ref().map_or(Some("timeout"), RedisError::code);
        tracing::warn!(?kind, code, "the session store did not answer as it should");
        if error.as_ref().is_none_or(is_passing) {
            Err(StoreError::Unavailable(NAME))
        } else {
            Err(StoreError::Unexpected(NAME))
        }
    }

    fn current(&self) -> RedisResult<Arc<ConnectionManager>> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = &*current {
            return Ok(Arc::clone(connection));
        }
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(None)
            .set_number_of_retries(0);
        let connection = Arc::new(ConnectionManager::new_lazy_with_config(self.client.clone(), config)?);
        *current = Some(Arc::clone(&connection));
        Ok(connection)
    }

    /// The next question gets another connection. Of many that fail together the first does it.
    fn give_up(&self, failed: &Arc<ConnectionManager>) {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        if current.as_ref().is_some_and(|current| Arc::ptr_eq(current, failed)) {
            *current = None;
        }
    }
}

/// Whether it passes by itself: no connection, or a server that starts, fails over or has no room just now. Before version 7 Redis
/// names these only within the text of an error in a script.
fn is_passing(error: &RedisError) -> bool {
    const CODES: [&str; 9] = [
        "BUSY",
        "CLUSTERDOWN",
        "LOADING",
        "MASTERDOWN",
        "MISCONF",
        "NOREPLICAS",
        "OOM",
        "READONLY",
        "TRYAGAIN",
    ];
    let named = |code: &&str| {
        error.code() == Some(code)
            || error
                .detail()
                .is_some_and(|detail| detail.contains(&format!("-{code} ")))
    };
    error.is_io_error() || CODES.iter().any(named)
}
