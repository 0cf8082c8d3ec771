//! Converts errors of the session into errors for the browser.

use logto_axum::{Diagnose as _, Fault, ManagementError, SessionError, StepUp};
use serde::Serializer;

use super::{AuthError, AuthErrorKind};
use crate::server::session_of_request;

/// Logs the details, and notes the error: if the server function fails with it, its status becomes
/// the response's.
impl From<SessionError> for AuthError {
    fn from(error: SessionError) -> Self {
        log(&error);
        if let Ok(session) = session_of_request() {
            session.note_function_error(&error);
        }
        Self::without_log(&error)
    }
}

impl AuthError {
    /// The error without its details, for an error whose details the log has already.
    pub(crate) fn without_log(error: &SessionError) -> Self {
        let proof = match error {
            SessionError::StepUpNeeded(proof) => proof,
            _ => &StepUp::new(),
        };
        Self {
            max_age: proof.max_age.map(|age| age.as_secs()),
            acr: proof.acr.as_ref().map(|acr| acr.as_str().to_owned().into()),
            retry_after: error.retry_after().map(|wait| wait.as_secs()),
            ..Self::new(kind(error), error.code())
        }
    }
}

/// Logs the details. An id or a value that the caller has sent is an invalid request.
impl From<ManagementError> for AuthError {
    fn from(error: ManagementError) -> Self {
        SessionError::from(error).into()
    }
}

/// An API demands this proof: the user goes to it, and comes back.
impl From<StepUp> for AuthError {
    fn from(proof: StepUp) -> Self {
        SessionError::from(proof).into()
    }
}

/// Serializes the code of an error. A failing server function serializes its error, alone or as a
/// part of the app's own error, so this error decides about the status.
pub(super) fn serialize_code<S: Serializer>(code: &str, serializer: S) -> Result<S::Ok, S::Error> {
    if let Ok(session) = session_of_request() {
        session.fail_function(code);
    }
    serializer.serialize_str(code)
}

impl AuthError {
    /// A browser sent a requirement that no page has.
    pub(crate) fn requirement_too_long() -> Self {
        Self::new(AuthErrorKind::Internal, "requirement_too_long")
    }
}

fn kind(error: &SessionError) -> AuthErrorKind {
    match error {
        SessionError::NotSignedIn => AuthErrorKind::NotSignedIn,
        SessionError::SignInNeeded | SessionError::NavigationNeeded => AuthErrorKind::SignInNeeded,
        SessionError::StepUpNeeded(_) => AuthErrorKind::StepUpNeeded,
        SessionError::AccessDenied => AuthErrorKind::AccessDenied,
        error => match error.status().as_u16() {
            400 => AuthErrorKind::InvalidRequest,
            403 => AuthErrorKind::Forbidden,
            503 => AuthErrorKind::Unavailable,
            _ => AuthErrorKind::Internal,
        },
    }
}

fn log(error: &SessionError) {
    let code = error.code();
    match error {
        // Expected while the route list is generated. `auth_session` reports the other.
        SessionError::NoRequest | SessionError::LayerMissing => {}
        error if error.is_transient() => tracing::warn!(code, "{error}"),
        error if error.fault() == Fault::User => tracing::debug!(code, "{error}"),
        error => tracing::error!(code, "{error}"),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use logto_axum::{Acr, TokenError};

    use super::*;

    #[test]
    fn the_status_that_travels_is_the_status_of_the_response() {
        let proof = StepUp::new().with_max_age(Duration::from_secs(300)).with_acr(Acr::Mfa);
        let step_up = SessionError::StepUpNeeded(proof);
        for error in [
            SessionError::NotSignedIn,
            SessionError::SignInNeeded,
            SessionError::NavigationNeeded,
            step_up.clone(),
            SessionError::Forbidden,
            SessionError::AccessDenied,
            SessionError::ResponseStarted,
            SessionError::LayerMissing,
            SessionError::StaticPage,
            SessionError::Token(TokenError::EmptyTarget),
            SessionError::UnexpectedClaims("Extra"),
        ] {
            let travels = AuthError::without_log(&error);
            assert_eq!(travels.status(), error.status().as_u16(), "{error:?}");
            assert_eq!(travels.code(), error.code());
            assert_eq!(travels.needs_sign_in(), error.status() == 401, "{error:?}");
            assert!(
                !travels.message().contains("Logto"),
                "developers read the log: {travels}"
            );
        }
        let travels = AuthError::without_log(&step_up);
        assert_eq!(travels.max_age(), Some(Duration::from_secs(300)));
        assert_eq!(travels.acr(), Some("urn:logto:acr:mfa"));
    }
}
