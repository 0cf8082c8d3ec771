//! Errors of the token endpoint.

use std::time::Duration;

use super::{Diagnose, DiscoveryError, Fault, IdTokenError, OAuthError, RequestError};
use crate::session::store::StoreError;

/// The token endpoint gave no token (RFC 6749 §5.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The provider's metadata is missing.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The request failed.
    #[error("token request: {0}")]
    Request(#[from] RequestError),
    /// The provider refused.
    #[error("the provider gave no token ({}): {}", .0.code(), .0.advice())]
    Refused(OAuthError),
    /// The user may not use the application at present: the provider denies every refresh, and the
    /// refresh token stays valid.
    #[error(
        "the user may not use this application at present; give them access to it in the Logto console. A new sign-in does not help"
    )]
    AccessDenied,
    /// The session store did not answer, so nothing was refreshed: a rotated token could not have
    /// been saved.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// There is nothing to refresh with.
    #[error("there is no refresh token; keep the scope `offline_access` with prompt=consent, and sign in again")]
    NoRefreshToken,
    /// The refreshed ID token is not valid.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
    /// The refreshed ID token is about somebody else (OIDC Core §12.2).
    #[error("the refreshed ID token names another user; the user has to sign in again")]
    SubjectChanged,
}

impl TokenError {
    /// Whether the grant is gone: nothing but a new sign-in helps.
    #[must_use]
    pub fn ends_grant(&self) -> bool {
        matches!(
            self,
            Self::Refused(OAuthError::InvalidGrant) | Self::NoRefreshToken | Self::SubjectChanged
        )
    }
}

impl Diagnose for TokenError {
    fn code(&self) -> &'static str {
        match self {
            Self::Discovery(error) => error.code(),
            Self::Request(error) => error.code(),
            Self::Refused(error) => error.code(),
            Self::AccessDenied => "app_access_denied",
            Self::Store(error) => error.code(),
            Self::NoRefreshToken => "no_refresh_token",
            Self::IdToken(error) => error.code(),
            Self::SubjectChanged => "subject_changed",
        }
    }

    fn fault(&self) -> Fault {
        match self {
            Self::Discovery(_) | Self::Request(_) => Fault::Provider,
            Self::Refused(error) => error.fault(),
            Self::AccessDenied => Fault::User,
            Self::Store(_) | Self::NoRefreshToken => Fault::Configuration,
            Self::IdToken(error) => error.fault(),
            Self::SubjectChanged => Fault::Mismatch,
        }
    }

    fn is_transient(&self) -> bool {
        match self {
            Self::Discovery(error) => error.is_transient(),
            Self::Request(error) => error.is_transient(),
            Self::Refused(error) => error.is_transient(),
            Self::IdToken(error) => error.is_transient(),
            Self::Store(error) => error.is_transient(),
            Self::AccessDenied | Self::NoRefreshToken | Self::SubjectChanged => false,
        }
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Discovery(error) => error.retry_after(),
            Self::Request(error) => error.retry_after(),
            Self::IdToken(error) => error.retry_after(),
            _ => None,
        }
    }
}
