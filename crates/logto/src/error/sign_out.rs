//! Errors of sign-out.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault, RequestError};

/// The sign-out at the provider failed. The app can still end its own session.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignOutError {
    /// The provider's metadata is unavailable.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The request failed.
    #[error("revocation: {0}")]
    Request(#[from] RequestError),
    /// The provider's metadata lacks this endpoint.
    #[error("the provider's metadata has no `{0}`")]
    NoEndpoint(&'static str),
}

impl Diagnose for SignOutError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Discovery(error) => error.diagnosis(),
            Self::Request(error) => error.diagnosis(),
            Self::NoEndpoint(_) => Diagnosis::new("provider_endpoint_missing", Fault::Provider),
        }
    }
}
