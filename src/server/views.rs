//! What pages and server functions need to know, in the form they show it.

use leptos::prelude::use_context;
use logto_leptos::{AuthError, Diagnose as _, SessionState, UserScope, advice, auth_session};

use super::{products_client::ApiError, state::AppState};
use crate::components::{Problem, ProblemKind};

impl Problem {
    /// The problem with this code, in the words the library has for it.
    pub(crate) fn with_code(code: &'static str) -> Self {
        let words = advice(code);
        Self {
            kind: kind_of(code),
            code: code.to_owned(),
            title: words.title.to_owned(),
            advice: words.advice.to_owned(),
            retry_after: None,
            detail: None,
        }
    }

    fn no_permission(code: &'static str, title: &str, advice: String) -> Self {
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
        let detail = sentence(&error.to_string());
        let problem = Self::with_code(error.code());
        match problem.kind {
            ProblemKind::SignIn if error == AuthError::NotSignedIn => Self {
                title: "Sign in to see this".to_owned(),
                advice: "This page shows what belongs to you. After signing in you come back to it.".to_owned(),
                ..problem
            },
            ProblemKind::SignIn | ProblemKind::AccessDenied => problem,
            ProblemKind::NoPermission => Self::no_permission(
                error.code(),
                "No permission",
                "Logto gives this user no such token. The user is no member, lacks a permission, or has no second factor that \
                 the organization demands."
                    .to_owned(),
            ),
            ProblemKind::Fault => Self {
                retry_after: error.retry_after(),
                detail: Some(detail),
                ..problem
            },
        }
    }
}

/// What a failed call of the API means to the user, who needs `scope` for it.
pub(crate) fn api_problem(error: ApiError, scope: &str) -> Problem {
    let (code, text) = (error.code(), error.to_string());
    match error {
        ApiError::Token(error) => error.into(),
        ApiError::InsufficientScope => Problem::no_permission(
            code,
            "403 Forbidden",
            format!(
                "The access token lacks the scope {scope}. Give the user a role with it in the Logto console, then sign in again."
            ),
        ),
        _ => Problem {
            kind: ProblemKind::Fault,
            code: code.to_owned(),
            title: "The call failed".to_owned(),
            advice: sentence(&text),
            retry_after: None,
            detail: None,
        },
    }
}

/// An error's text as a sentence of a page.
fn sentence(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(characters).chain(['.']).collect()
}

/// Why there is no user in a session of this state.
pub(crate) fn nobody(state: SessionState) -> AuthError {
    AuthError::without_user(state)
}

/// For pages that show what belongs to a user.
pub(crate) async fn require_user() -> Result<(), Problem> {
    let auth = auth_session()?;
    match auth.id_token().await? {
        Some(_) => Ok(()),
        None => Err(nobody(auth.state().await?).into()),
    }
}

/// A piece may fail by itself; without a user the whole page has nothing to show.
pub(crate) fn unless_signed_out<T>(result: Result<T, AuthError>) -> Result<Result<T, Problem>, Problem> {
    match result.map_err(Problem::from) {
        Err(problem) if matches!(problem.kind, ProblemKind::SignIn | ProblemKind::AccessDenied) => Err(problem),
        result => Ok(result),
    }
}

/// Whether `resource` is one this app is set up for.
pub(crate) fn known_resource(resource: &str) -> Result<(), Problem> {
    let known =
        use_context::<AppState>().is_some_and(|state| state.settings.resources.iter().any(|known| known == resource));
    known.then_some(()).ok_or_else(|| Problem::with_code("invalid_target"))
}

/// Every scope a sign-in asks for.
pub(crate) fn scopes() -> Vec<String> {
    use_context::<AppState>().map_or_else(Vec::new, |state| state.logto.client().config().scopes().to_vec())
}

/// The scopes that are permissions of APIs and organizations, separated by spaces.
pub(crate) fn wanted_permissions() -> String {
    let wanted: Vec<_> = scopes().into_iter().filter(|scope| !is_about_the_user(scope)).collect();
    wanted.join(" ")
}

fn is_about_the_user(scope: &str) -> bool {
    let user = [
        UserScope::Profile,
        UserScope::Email,
        UserScope::Phone,
        UserScope::Address,
        UserScope::CustomData,
        UserScope::Identities,
        UserScope::Roles,
        UserScope::Organizations,
        UserScope::OrganizationRoles,
        UserScope::Sessions,
    ];
    matches!(scope, "openid" | "offline_access") || user.iter().any(|known| known.as_str() == scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_sign_in_helps_when_the_grant_has_ended() {
        for error in [AuthError::NotSignedIn, AuthError::SignInNeeded] {
            assert_eq!(Problem::from(error).kind, ProblemKind::SignIn);
        }
        assert_eq!(Problem::from(AuthError::LayerMissing).kind, ProblemKind::Fault);
        assert_eq!(Problem::from(AuthError::AccessDenied).kind, ProblemKind::AccessDenied);
    }

    #[test]
    fn a_missing_scope_is_no_fault_and_is_named() {
        let problem = api_problem(ApiError::InsufficientScope, "write:products");
        assert_eq!(problem.kind, ProblemKind::NoPermission);
        assert_eq!(problem.code, "insufficient_scope");
        assert!(problem.advice.contains("write:products"));
    }

    #[test]
    fn permissions_are_told_from_scopes_about_the_user() {
        assert!(is_about_the_user("openid"));
        assert!(is_about_the_user("urn:logto:scope:organizations"));
        assert!(!is_about_the_user("read:products"));
    }
}
