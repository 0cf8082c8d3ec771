use leptos::{
    prelude::*,
    server_fn::{codec::JsonEncoding, error::ServerFnErrorErr},
};
use logto_leptos::AuthError;
use serde::{Deserialize, Serialize};

/// The reason why the user does not act as another user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ActAsError {
    /// No user is signed in, the user lacks the role, or Logto refused the token exchange.
    Auth(AuthError),
    /// The settings name no machine-to-machine app.
    NotSetUp,
    /// Logto knows no such user.
    NoSuchUser,
    /// The other user has a role that no agent may use.
    NotAllowed,
    /// Logto cannot be reached, or it refused the call. The log has the reason.
    Unavailable,
}

impl From<AuthError> for ActAsError {
    fn from(error: AuthError) -> Self {
        Self::Auth(error)
    }
}

impl FromServerFnError for ActAsError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        Self::Auth(AuthError::from_server_fn_error(error))
    }
}

#[cfg(feature = "ssr")]
mod from_server {
    use logto_leptos::{Diagnose as _, ManagementError, ManagementErrorKind, SessionError};

    use super::ActAsError;

    impl From<SessionError> for ActAsError {
        fn from(error: SessionError) -> Self {
            Self::Auth(error.into())
        }
    }

    impl From<ManagementError> for ActAsError {
        fn from(error: ManagementError) -> Self {
            if let Some(ManagementErrorKind::NotFound | ManagementErrorKind::Invalid) = error.kind() {
                return Self::NoSuchUser;
            }
            tracing::error!(code = error.code(), "{error}");
            Self::Unavailable
        }
    }
}

/// The reason for the user. `explain` returns its text.
#[component]
pub fn ActAsErrorNote(error: ActAsError, explain: fn(&ActAsError) -> String) -> impl IntoView {
    view! {
        <div class="note fault">
            <p class="note-title">{explain(&error)}</p>
        </div>
    }
}
