//! Errors of grants without a sign-in: client credentials and token exchange.

use http::StatusCode;

use super::{Diagnose, Diagnosis, DiscoveryError, Fault, OAuthError, RequestError};

/// A machine token or an exchanged token could not be obtained (RFC 6749 §5.2, RFC 8693 §2.2.2).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GrantError {
    /// The provider's metadata is unavailable.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The request failed.
    #[error("token request: {0}")]
    Request(#[from] RequestError),
    /// The request names neither a resource nor an organization. No request was sent.
    #[error("the token request names neither a resource nor an organization; name one of them")]
    NoTarget,
    /// The request names an empty resource or organization. No request was sent, because Logto
    /// ignores an empty parameter and would issue a token for another target.
    #[error("the token request names an empty resource or organization; check the value before the call")]
    EmptyTarget,
    /// The application may not use this grant, or the tenant's script for custom claims has failed
    /// (`invalid_request`, `unauthorized_client`).
    #[error(
        "the application may not use this grant: client credentials need a machine-to-machine app, and a token \
         exchange needs the app's setting \"Allow token exchange\" in the Logto console. If neither is the reason, the \
         tenant's script for custom claims may have failed: look at the audit log there"
    )]
    NotAllowed,
    /// The application is not associated with the organization, or the user is not a member of it
    /// (`access_denied`).
    #[error(
        "the application or the user does not belong to this organization; add it to the organization in the \
         Logto console"
    )]
    OrganizationDenied,
    /// The user of the subject token may not use the application, or the tenant's script for custom
    /// claims denies the token (`access_denied` with 400).
    #[error(
        "the user may not use this application, or the tenant's script for custom claims denies the token; give \
         the user access in the Logto console, or change the script"
    )]
    UserDenied,
    /// The subject token or the actor token is unknown, used, expired or revoked, or its user is
    /// suspended (`invalid_grant`).
    #[error("the provider rejected the subject token or the actor token; get a new one")]
    SubjectRejected,
    /// The token lacks these scopes. Logto answers 200 without them.
    #[error("the token lacks the scopes {0:?}; give the machine-to-machine app a role with these permissions")]
    MissingScopes(Vec<String>),
    /// The provider returned another error.
    #[error("the provider issued no token ({}): {}", .0.code(), .0.advice())]
    Refused(OAuthError),
}

impl GrantError {
    /// The error for a code of the token endpoint. With 403, `access_denied` is about the
    /// organization; with 400, about the whole application.
    pub(crate) fn of(error: OAuthError, status: StatusCode) -> Self {
        match error {
            OAuthError::AccessDenied if status == StatusCode::FORBIDDEN => Self::OrganizationDenied,
            OAuthError::AccessDenied => Self::UserDenied,
            OAuthError::InvalidGrant => Self::SubjectRejected,
            OAuthError::InvalidRequest | OAuthError::UnauthorizedClient | OAuthError::UnsupportedGrantType => {
                Self::NotAllowed
            }
            other => Self::Refused(other),
        }
    }
}

impl Diagnose for GrantError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Discovery(error) => error.diagnosis(),
            Self::Request(error) => error.diagnosis(),
            Self::NoTarget => Diagnosis::new("token_target_missing", Fault::Configuration),
            Self::EmptyTarget => Diagnosis::new("token_target_empty", Fault::Configuration),
            Self::NotAllowed => Diagnosis::new("grant_not_allowed", Fault::Configuration),
            Self::OrganizationDenied => Diagnosis::new("organization_access_denied", Fault::Configuration),
            Self::UserDenied => Diagnosis::new("user_access_denied", Fault::User),
            Self::SubjectRejected => Diagnosis::new("subject_token_rejected", Fault::User),
            Self::MissingScopes(_) => Diagnosis::new("token_scopes_missing", Fault::Configuration),
            Self::Refused(error) => error.diagnosis(),
        }
    }
}
