use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

use super::error_note::ErrorNote;

/// The reason why a call of the API failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApiError {
    /// There is no access token.
    Auth(AuthError),
    /// The API refused the call: its status.
    Refused(u16),
    /// The API or this server cannot be reached.
    Unreachable,
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(_: ServerFnErrorErr) -> Self {
        Self::Unreachable
    }
}

/// The reason for the user. `explain` returns the text for a status of the API.
#[component]
pub fn ApiErrorNote(error: ApiError, explain: fn(u16) -> String) -> impl IntoView {
    let status = match error {
        ApiError::Auth(error) => return view! { <ErrorNote error /> }.into_any(),
        ApiError::Refused(status) => status,
        ApiError::Unreachable => 502,
    };
    view! {
        <div class="note fault">
            <p class="note-title">{explain(status)}</p>
            <p>
                <code>{status}</code>
            </p>
        </div>
    }
    .into_any()
}
