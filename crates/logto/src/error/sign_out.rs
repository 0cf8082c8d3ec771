//! Errors of sign-out.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault, RequestError};

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
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Discovery(error) => error.diagnosis(),
            Self::Request(error) => error.diagnosis(),
            Self::NoEndpoint(_) => Diagnosis::new("provider_endpoint_missing", Fault::Provider),
        }
    }
}
