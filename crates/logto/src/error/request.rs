//! A request that brought no usable answer.

use std::time::Duration;

use super::{Diagnose, Diagnosis, Fault};

/// A request to the provider that brought no usable answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// No connection, or it broke.
    #[error("the provider cannot be reached; check `endpoint` and the network between here and there")]
    Unreachable,
    /// No answer in time.
    #[error("the provider did not answer in time; try again, or raise the time limit")]
    TimedOut,
    /// 408, 429 or 5xx.
    #[error("the provider is not available at the moment (HTTP {status}); try again later")]
    Unavailable {
        /// The HTTP status.
        status: u16,
        /// `Retry-After`, when it was a number of seconds.
        retry_after: Option<Duration>,
    },
    /// A status that has no meaning here, redirects among them.
    #[error("the provider answered with the unexpected HTTP status {0}; check that `endpoint` is a Logto server")]
    UnexpectedStatus(u16),
    /// More bytes than any honest answer has.
    #[error("the provider's answer is larger than {limit} bytes; check that `endpoint` is a Logto server")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// Not what the specification says should stand there.
    #[error("the provider's answer is not valid: {0}; check that `endpoint` is a Logto server")]
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
