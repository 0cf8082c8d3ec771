//! Errors of userinfo.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault, RequestError};

/// Fetching userinfo failed (OIDC Core §5.3.3).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UserInfoError {
    /// The provider's metadata is unavailable.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The request failed.
    #[error("userinfo: {0}")]
    Request(#[from] RequestError),
    /// The provider rejected the access token (401).
    #[error("the access token is not accepted for userinfo; refresh it, or sign in again")]
    InvalidToken,
    /// The response is about another user (OIDC Core §5.3.2).
    #[error("userinfo is about a different user than the ID token, so it was dropped")]
    SubjectMismatch,
}

impl Diagnose for UserInfoError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Discovery(error) => error.diagnosis(),
            Self::Request(error) => error.diagnosis(),
            Self::InvalidToken => Diagnosis::new("user_info_invalid_token", Fault::User),
            Self::SubjectMismatch => Diagnosis::new("user_info_subject_mismatch", Fault::Mismatch),
        }
    }
}
