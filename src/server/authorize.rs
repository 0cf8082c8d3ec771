//! Checks that pages and server functions make before they show or do something.

use leptos::prelude::use_context;
use logto_leptos::{SessionError, auth_session};

use crate::{components::Problem, state::AppState};

/// Requires a signed-in user.
pub(crate) async fn require_user() -> Result<(), Problem> {
    let auth = auth_session()?;
    match auth.id_token().await? {
        Some(_) => Ok(()),
        None => Err(SessionError::without_user(auth.state().await?).into()),
    }
}

/// The scopes that every sign-in requests.
pub(crate) fn requested_scopes() -> Vec<String> {
    use_context::<AppState>().map_or_else(Vec::new, |state| state.logto.client().config().scopes().to_vec())
}
