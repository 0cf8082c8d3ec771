//! What was asked of the provider, so that a test can count.

use std::sync::{Mutex, MutexGuard};

use axum::http::{HeaderMap, Method};
use tokio::sync::Notify;

use crate::params::Params;

/// The provider's endpoints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `OpenID` Connect Discovery 1.0 §4.
    Discovery,
    /// The signing keys, RFC 7517 §5.
    Jwks,
    /// Where the browser goes to sign in, RFC 6749 §3.1.
    Authorization,
    /// Code exchange and refresh, RFC 6749 §3.2.
    Token,
    /// `OpenID` Connect Core 1.0 §5.3.
    UserInfo,
    /// RFC 7009 §2.
    Revocation,
    /// Where the browser goes to sign out, `OpenID` Connect RP-Initiated Logout 1.0 §2.
    EndSession,
}

impl Endpoint {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Discovery,
        Self::Jwks,
        Self::Authorization,
        Self::Token,
        Self::UserInfo,
        Self::Revocation,
        Self::EndSession,
    ];

    /// The path below the provider's address.
    pub const fn path(self) -> &'static str {
        match self {
            Self::Discovery => "/oidc/.well-known/openid-configuration",
            Self::Jwks => "/oidc/jwks",
            Self::Authorization => "/oidc/auth",
            Self::Token => "/oidc/token",
            Self::UserInfo => "/oidc/me",
            Self::Revocation => "/oidc/token/revocation",
            Self::EndSession => "/oidc/session/end",
        }
    }

    pub(crate) fn at(path: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|endpoint| endpoint.path() == path)
    }
}

/// One request that reached the provider, whatever became of it.
#[derive(Clone, Debug)]
pub struct LoggedRequest {
    /// Where it went.
    pub endpoint: Endpoint,
    /// Its method.
    pub method: Method,
    /// Its headers.
    pub headers: HeaderMap,
    /// The parameters of its query and form.
    pub params: Params,
}

impl LoggedRequest {
    /// `authorization_code` or `refresh_token` at the token endpoint.
    pub fn grant_type(&self) -> Option<&str> {
        self.params.get("grant_type")
    }

    /// The API resource a token was asked for.
    pub fn resource(&self) -> Option<&str> {
        self.params.get("resource")
    }

    /// The organization a token was asked for.
    pub fn organization_id(&self) -> Option<&str> {
        self.params.get("organization_id")
    }

    /// The scopes, separated by spaces.
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
            // Made before counting: a request that arrives in between wakes it.
            let arrived = self.arrived.notified();
            if self.count(endpoint) >= count {
                return;
            }
            arrived.await;
        }
    }
}
