//! The request log, in which tests count and inspect requests.

use std::sync::{Mutex, MutexGuard};

use axum::http::{HeaderMap, Method};
use tokio::sync::Notify;

use super::{endpoint::Endpoint, params::Params};

/// A request that reached the provider, successful or not.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LoggedRequest {
    /// The endpoint it was sent to.
    pub endpoint: Endpoint,
    /// The HTTP method.
    pub method: Method,
    /// The path.
    pub path: String,
    /// The HTTP headers.
    pub headers: HeaderMap,
    /// The parameters of the query, then those of the form.
    pub params: Params,
}

impl LoggedRequest {
    /// The parameter `grant_type`: `authorization_code`, `refresh_token`, `client_credentials`, or the
    /// URN of a token exchange.
    pub fn grant_type(&self) -> Option<&str> {
        self.params.get("grant_type")
    }

    /// The first parameter `resource`: the API resource that the access token is for.
    pub fn resource(&self) -> Option<&str> {
        self.params.get("resource")
    }

    /// The parameter `organization_id`: the organization that the access token is for.
    pub fn organization_id(&self) -> Option<&str> {
        self.params.get("organization_id")
    }

    /// The parameter `scope`: scopes separated by spaces.
    pub fn scope(&self) -> Option<&str> {
        self.params.get("scope")
    }
}

#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    entries: Mutex<Vec<LoggedRequest>>,
    /// Wakes tests that wait for a request to arrive.
    arrived: Notify,
}

impl RequestLog {
    fn entries(&self) -> MutexGuard<'_, Vec<LoggedRequest>> {
        self.entries.lock().unwrap()
    }

    pub(crate) fn push(&self, request: LoggedRequest) {
        self.entries().push(request);
        self.arrived.notify_waiters();
    }

    pub(crate) fn count(&self, endpoint: Endpoint) -> usize {
        self.entries().iter().filter(|entry| entry.endpoint == endpoint).count()
    }

    pub(crate) fn all(&self) -> Vec<LoggedRequest> {
        self.entries().clone()
    }

    pub(crate) fn clear(&self) {
        self.entries().clear();
    }

    pub(crate) async fn wait(&self, endpoint: Endpoint, count: usize) {
        loop {
            // Created before counting, so that a request that arrives in between wakes it.
            let arrived = self.arrived.notified();
            if self.count(endpoint) >= count {
                return;
            }
            arrived.await;
        }
    }
}
