//! Errors of userinfo.

use std::time::Duration;

use super::{Diagnose, DiscoveryError, Fault, RequestError};

/// Userinfo could not be had (OIDC Core §5.3.3).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UserInfoError {
    /// The provider's metadata is missing.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The request failed.
    #[error("userinfo: {0}")]
    Request(#[from] RequestError),
    /// 401: the access token is no longer good for userinfo.
    #[error("the access token is not accepted for userinfo; refresh it, or sign in again")]
    InvalidToken,
    /// The answer is about somebody else (OIDC Core §5.3.2).
    #[error("userinfo is about another user than the ID token; its content was dropped")]
    SubjectMismatch,
}

impl Diagnose for UserInfoError {
    fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::Request(error) => error.code(),
            Self::InvalidToken => "user_info_invalid_token",
            Self::SubjectMismatch => "user_info_subject_mismatch",
        }
    }

    fn fault(&self) -> Fault {
        match self {
            Self::SubjectMismatch => Fault::Mismatch,
            Self::InvalidToken => Fault::User,
            _ => Fault::Provider,
        }
    }

    fn is_transient(&self) -> bool {
        match self {
            Self::Discovery(error) => error.is_transient(),
            Self::Request(error) => error.is_transient(),
            _ => false,
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
