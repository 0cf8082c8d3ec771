//! Checks that pages and server functions make before they show or do something.

use leptos::prelude::use_context;
use logto_leptos::{AuthError, SessionError, UserScope, auth_session};

use crate::{
    components::{Problem, ProblemKind},
    state::AppState,
};

/// Requires a signed-in user.
pub(crate) async fn require_user() -> Result<(), Problem> {
    let auth = auth_session()?;
    match auth.id_token().await? {
        Some(_) => Ok(()),
        None => Err(SessionError::without_user(auth.state().await?).into()),
    }
}

/// Separates the failure of one section from the failure of the whole page: without a user no
/// section has anything to show.
pub(crate) fn section_result<T>(result: Result<T, AuthError>) -> Result<Result<T, Problem>, Problem> {
    match result.map_err(Problem::from) {
        Err(problem) if matches!(problem.kind, ProblemKind::SignIn | ProblemKind::AccessDenied) => Err(problem),
        result => Ok(result),
    }
}

/// Requires that `resource` is an API resource of this app.
pub(crate) fn require_configured_resource(resource: &str) -> Result<(), Problem> {
    let known =
        use_context::<AppState>().is_some_and(|state| state.settings.resources.iter().any(|known| known == resource));
    known.then_some(()).ok_or_else(|| Problem::with_code("invalid_target"))
}

/// The scopes that every sign-in requests.
pub(crate) fn requested_scopes() -> Vec<String> {
    use_context::<AppState>().map_or_else(Vec::new, |state| state.logto.client().config().scopes().to_vec())
}

/// The requested scopes that are permissions of APIs and organizations, separated by spaces.
pub(crate) fn requested_permissions() -> String {
    let permissions: Vec<_> = requested_scopes()
        .into_iter()
        .filter(|scope| !is_user_scope(scope))
        .collect();
    permissions.join(" ")
}

fn is_user_scope(scope: &str) -> bool {
    matches!(scope, "openid" | "offline_access") || UserScope::ALL.iter().any(|user| user.as_str() == scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn user_scopes_are_not_permissions() {
        assert!(is_user_scope("openid"));
        assert!(is_user_scope("urn:logto:scope:organizations"));
        assert!(!is_user_scope("read:products"));
    }
}
