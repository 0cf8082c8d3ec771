//! On the server: in the visitor's language, or in English without a request.

use std::borrow::Cow;

use logto_axum::Texts;

use crate::{AuthErrorKind, server::session_of_request};

pub(crate) fn message_of(kind: AuthErrorKind) -> Cow<'static, str> {
    let key = key(kind);
    let text = match session_of_request() {
        Ok(session) => session.text(key),
        Err(_) => Texts::english(key),
    };
    Cow::Owned(text.unwrap_or_default())
}

const fn key(kind: AuthErrorKind) -> &'static str {
    match kind {
        AuthErrorKind::NotSignedIn => "error-not-signed-in",
        AuthErrorKind::SignInNeeded => "error-sign-in-needed",
        AuthErrorKind::StepUpNeeded => "error-step-up-needed",
        AuthErrorKind::Forbidden => "error-forbidden",
        AuthErrorKind::AccessDenied => "error-access-denied",
        AuthErrorKind::Unavailable => "error-unavailable",
        AuthErrorKind::InvalidRequest | AuthErrorKind::Internal => "error-internal",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_message() {
        for kind in [
            AuthErrorKind::NotSignedIn,
            AuthErrorKind::SignInNeeded,
            AuthErrorKind::StepUpNeeded,
            AuthErrorKind::Forbidden,
            AuthErrorKind::AccessDenied,
            AuthErrorKind::Unavailable,
            AuthErrorKind::InvalidRequest,
            AuthErrorKind::Internal,
        ] {
            assert!(message_of(kind).ends_with('.'), "{kind:?}");
        }
    }
}
