//! Errors of sign-out.

use std::time::Duration;

use super::{Diagnose, DiscoveryError, Fault, RequestError};

/// Sign-out could not be told to the provider. The session here ends all the same.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignOutError {
    /// The provider's metadata is missing.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The request failed.
    #[error("revocation: {0}")]
    Request(#[from] RequestError),
    /// The provider has no such endpoint.
    #[error("the provider's metadata has no `{0}`")]
    NoEndpoint(&'static str),
}

impl Diagnose for SignOutError {
    fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::Request(error) => error.code(),
            Self::NoEndpoint(_) => "provider_endpoint_missing",
        }
    }

    fn fault(&self) -> Fault {
        Fault::Provider
    }

    fn is_transient(&self) -> bool {
        match self {
            Self::Discovery(error) => error.is_transient(),
            Self::Request(error) => error.is_transient(),
            Self::NoEndpoint(_) => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Discovery(error) => error.retry_after(),
            Self::Request(error) => error.retry_after(),
            _ => None,
        }
    }
}
