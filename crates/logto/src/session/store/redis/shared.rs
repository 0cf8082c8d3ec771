//! A connection that all requests share: opened on first use, replaced when it fails.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use redis::aio::MultiplexedConnection;
use tokio::sync::OnceCell;

/// Opened by the first query. A failed attempt is not cached.
pub(super) type LazyConnection = OnceCell<MultiplexedConnection>;

/// The connections to several servers.
pub(super) struct Connections<K>(Mutex<HashMap<K, Arc<LazyConnection>>>);

impl<K> Default for Connections<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Clone + Eq + Hash> Connections<K> {
    /// The current connection to `server`.
    pub(super) fn to(&self, server: &K) -> Arc<LazyConnection> {
        let mut connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(connections.entry(server.clone()).or_default())
    }

    /// Whether there is an open connection to `server`.
    pub(super) fn is_open(&self, server: &K) -> bool {
        let connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connections
            .get(server)
            .is_some_and(|connection| connection.initialized())
    }

    /// Replaces the connection to `server`, unless another query that failed with it has done so.
    pub(super) fn discard(&self, server: &K, failed: &Arc<LazyConnection>) {
        let mut connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if connections
            .get(server)
            .is_some_and(|current| Arc::ptr_eq(current, failed))
        {
            connections.remove(server);
        }
    }

    /// Drops the connections to all other servers.
    pub(super) fn retain(&self, is_used: impl Fn(&K) -> bool) {
        let mut connections = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        connections.retain(|server, _| is_used(server));
    }
}
