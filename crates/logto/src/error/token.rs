//! Errors of the token endpoint.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault, IdTokenError, OAuthError, RequestError};
use crate::session::store::StoreError;

/// No token could be obtained (RFC 6749 §5.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The provider's metadata is unavailable.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The request failed.
    #[error("token request: {0}")]
    Request(#[from] RequestError),
    /// The provider returned an error.
    #[error("the provider issued no token ({}): {}", .0.code(), .0.token_advice())]
    Refused(OAuthError),
    /// The user currently has no access to the application: the provider denies every refresh. The
    /// refresh token stays valid.
    #[error(
        "the user currently has no access to this application; grant it in the Logto console. A new sign-in \
         does not help"
    )]
    AccessDenied,
    /// The session store failed. Nothing was refreshed, because a rotated token could not have been
    /// saved.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Another process has been refreshing the session for longer than this one can wait. A
    /// transient error.
    #[error(
        "another instance of the app is refreshing this session and has not finished; try again. If it happens \
         often, check that the clocks of all instances agree and that the provider answers in time"
    )]
    RefreshInProgress,
    /// The target names an empty resource or organization. No request was sent, because the provider
    /// ignores an empty parameter and would issue a token for another target.
    #[error(
        "the token target names an empty resource or organization; check the value before the call, or use \
         `TokenTarget::USER_INFO`"
    )]
    EmptyTarget,
    /// The session has no refresh token.
    #[error("there is no refresh token; keep the scope `offline_access` with prompt=consent, and sign in again")]
    NoRefreshToken,
    /// The refreshed ID token is invalid.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
    /// The refreshed ID token is about another user (OIDC Core §12.2).
    #[error("the refreshed ID token names another user; the user has to sign in again")]
    SubjectChanged,
}

impl TokenError {
    /// Whether the grant has ended, so that the user has to sign in again.
    #[must_use]
    pub fn ends_grant(&self) -> bool {
        matches!(
            self,
            Self::Refused(OAuthError::InvalidGrant) | Self::NoRefreshToken | Self::SubjectChanged
        )
    }
}

impl Diagnose for TokenError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Discovery(error) => error.diagnosis(),
            Self::Request(error) => error.diagnosis(),
            Self::Refused(error) => error.diagnosis(),
            Self::AccessDenied => Diagnosis::new("app_access_denied", Fault::User),
            Self::Store(error) => error.diagnosis(),
            Self::RefreshInProgress => Diagnosis::transient("refresh_in_progress", Fault::Provider),
            Self::EmptyTarget => Diagnosis::new("token_target_empty", Fault::Configuration),
            Self::NoRefreshToken => Diagnosis::new("no_refresh_token", Fault::Configuration),
            Self::IdToken(error) => error.diagnosis(),
            Self::SubjectChanged => Diagnosis::new("subject_changed", Fault::Mismatch),
        }
    }
}
