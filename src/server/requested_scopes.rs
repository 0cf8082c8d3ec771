//! The scopes that pages explain.

use leptos::prelude::use_context;

use crate::state::AppState;

/// The scopes that every sign-in requests.
pub(crate) fn requested_scopes() -> Vec<String> {
    use_context::<AppState>().map_or_else(Vec::new, |state| state.logto.client().config().scopes().to_vec())
}
