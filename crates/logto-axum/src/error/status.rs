//! The status of a response that fails with an error of the session.

use http::{HeaderValue, StatusCode};
use logto::{AccountErrorKind, Diagnose as _, Fault, GrantError, OAuthError, TokenError};

use super::SessionError;
use crate::pages::unavailable;

impl SessionError {
    /// Returns the status of a response that fails with this error: 401 if a sign-in helps, 403 if
    /// it does not, 400 for an empty token target, for acting as oneself, and for values that the
    /// Account API or the Management API rejects, 503 for a transient error, and 500 for other errors,
    /// such as those of the configuration.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Prefetch => StatusCode::NO_CONTENT,
            Self::NotSignedIn | Self::SignInNeeded | Self::StepUpNeeded(_) | Self::NavigationNeeded => {
                StatusCode::UNAUTHORIZED
            }
            Self::Forbidden
            | Self::AccessDenied
            | Self::NotInOrganization
            | Self::NoActiveOrganization
            | Self::NotActing
            | Self::SubjectTokenMismatch
            | Self::Exchange(GrantError::SubjectRejected | GrantError::UserDenied | GrantError::OrganizationDenied)
            | Self::Token(TokenError::Refused(OAuthError::InsufficientScope)) => StatusCode::FORBIDDEN,
            Self::Token(error @ TokenError::Refused(_)) if error.fault() == Fault::User => StatusCode::FORBIDDEN,
            Self::ActingAsSelf | Self::Token(TokenError::EmptyTarget) | Self::Exchange(GrantError::EmptyTarget) => {
                StatusCode::BAD_REQUEST
            }
            other if other.is_transient() => StatusCode::SERVICE_UNAVAILABLE,
            Self::Account(error) => account_status(error.kind()),
            // An id or a value that the caller has sent.
            Self::Management(error) if error.fault() == Fault::User => StatusCode::BAD_REQUEST,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The header `Retry-After` of a 503.
    pub(crate) fn wait(&self) -> Option<HeaderValue> {
        let is_unavailable = self.status() == StatusCode::SERVICE_UNAVAILABLE;
        is_unavailable.then(|| unavailable::retry_after(self.retry_after()))
    }
}

/// The status for a refusal by the Account API: 400 for the values of the user, 403 for settings of
/// the tenant that concern the user.
fn account_status(kind: AccountErrorKind) -> StatusCode {
    match kind {
        AccountErrorKind::FieldNotEditable
        | AccountErrorKind::FieldNotEnabled
        | AccountErrorKind::VerificationRequired => StatusCode::FORBIDDEN,
        AccountErrorKind::InvalidCredentials
        | AccountErrorKind::InvalidCode
        | AccountErrorKind::PasswordPolicy
        | AccountErrorKind::AlreadyInUse
        | AccountErrorKind::NotFound
        | AccountErrorKind::ConnectorTokenExpired
        | AccountErrorKind::Invalid => StatusCode::BAD_REQUEST,
        _ => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A user whose app is not set up correctly must not read that the account lacks a permission.
    #[test]
    fn a_refused_token_is_forbidden_only_if_the_user_lacks_a_permission() {
        for (refusal, status) in [
            (OAuthError::AccessDenied, StatusCode::FORBIDDEN),
            (OAuthError::InsufficientScope, StatusCode::FORBIDDEN),
            (OAuthError::InvalidTarget, StatusCode::INTERNAL_SERVER_ERROR),
            (OAuthError::InvalidRequest, StatusCode::INTERNAL_SERVER_ERROR),
            (OAuthError::InvalidClient, StatusCode::INTERNAL_SERVER_ERROR),
            (OAuthError::Other, StatusCode::INTERNAL_SERVER_ERROR),
            (OAuthError::ServerError, StatusCode::SERVICE_UNAVAILABLE),
        ] {
            let error = SessionError::from(TokenError::Refused(refusal));
            assert_eq!(error.status(), status, "{refusal:?}");
        }
    }
}
