//! Errors of requests to the provider.

use std::time::Duration;

use super::{Diagnose, Diagnosis, Fault};

/// A request to the provider failed, or its response is unusable.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The connection failed.
    #[error("the provider is unreachable; check `endpoint` and the network")]
    Unreachable,
    /// The request timed out.
    #[error("the provider did not answer in time; try again, or raise the time limit")]
    TimedOut,
    /// The provider responded with 408, 429 or 5xx.
    #[error("the provider is unavailable (HTTP {status}); try again later")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// `Retry-After`, if it is a number of seconds.
        retry_after: Option<Duration>,
    },
    /// The status is unexpected, for example a redirect.
    #[error("the provider answered with the unexpected HTTP status {0}; check that `endpoint` is a Logto server")]
    UnexpectedStatus(u16),
    /// The response exceeds the size limit.
    #[error("the provider's response is larger than {limit} bytes; check that `endpoint` is a Logto server")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The response violates the specification.
    #[error("the provider's response is invalid: {0}; check that `endpoint` is a Logto server")]
    InvalidResponse(&'static str),
}

impl Diagnose for RequestError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Unreachable => Diagnosis::transient("provider_unreachable", Fault::Provider),
            Self::TimedOut => Diagnosis::transient("provider_timed_out", Fault::Provider),
            Self::Unavailable { retry_after, .. } => {
                Diagnosis::transient("provider_unavailable", Fault::Provider).with_retry_after(*retry_after)
            }
            Self::UnexpectedStatus(_) => Diagnosis::new("provider_unexpected_status", Fault::Provider),
            Self::TooLarge { .. } => Diagnosis::new("provider_response_too_large", Fault::Provider),
            Self::InvalidResponse(_) => Diagnosis::new("provider_invalid_response", Fault::Provider),
        }
    }
}
