//! Turns errors into the problems that pages show.

use logto_leptos::{AuthError, AuthErrorKind, SessionError};

use crate::{
    components::{Problem, ProblemKind, advice_for},
    language::language,
};

impl Problem {
    /// Returns the problem with this code and the library's advice for it.
    pub(crate) fn with_code(code: &str) -> Self {
        let words = advice_for(code);
        Self {
            kind: kind_of(code),
            code: code.to_owned(),
            title: words.title,
            advice: words.advice,
            retry_after: None,
            detail: None,
        }
    }

    fn no_permission(code: &str, title: &str, advice: String) -> Self {
        Self {
            kind: ProblemKind::NoPermission,
            code: code.to_owned(),
            title: title.to_owned(),
            advice,
            retry_after: None,
            detail: None,
        }
    }
}

fn kind_of(code: &str) -> ProblemKind {
    match code {
        "not_signed_in" | "sign_in_needed" | "no_refresh_token" | "subject_changed" => ProblemKind::SignIn,
        "app_access_denied" => ProblemKind::AccessDenied,
        "access_denied" | "insufficient_scope" => ProblemKind::NoPermission,
        _ => ProblemKind::Fault,
    }
}

impl From<AuthError> for Problem {
    fn from(error: AuthError) -> Self {
        let language = language();
        let problem = Self::with_code(error.code());
        match problem.kind {
            ProblemKind::SignIn if error.kind() == AuthErrorKind::NotSignedIn => Self {
                title: language.text("problem-sign-in-first").into_owned(),
                advice: language.text("problem-sign-in-first-advice").into_owned(),
                ..problem
            },
            ProblemKind::SignIn | ProblemKind::AccessDenied => problem,
            ProblemKind::NoPermission => Self::no_permission(
                error.code(),
                &language.text("problem-no-permission"),
                language.text("problem-no-permission-advice").into_owned(),
            ),
            ProblemKind::Fault => Self {
                retry_after: error.retry_after(),
                ..problem
            },
        }
    }
}

impl From<SessionError> for Problem {
    fn from(error: SessionError) -> Self {
        let detail = sentence(&error.to_string());
        let problem = Self::from(AuthError::from(error));
        Self {
            detail: (problem.kind == ProblemKind::Fault).then_some(detail),
            ..problem
        }
    }
}

/// Turns an error text into a sentence.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).chain(['.']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ended_grant_requires_a_sign_in() {
        for error in [SessionError::NotSignedIn, SessionError::SignInNeeded] {
            assert_eq!(Problem::from(error).kind, ProblemKind::SignIn);
        }
        assert_eq!(Problem::from(SessionError::LayerMissing).kind, ProblemKind::Fault);
        assert_eq!(
            Problem::from(SessionError::AccessDenied).kind,
            ProblemKind::AccessDenied
        );
    }
}
