//! The session of the current request.

use http::request::Parts;
use leptos::prelude::with_context;
use logto_axum::{AuthSession, Diagnose as _, Logto, SessionError, SetUpFinding};

/// Returns the session of the current request.
///
/// # Errors
///
/// - [`SessionError::LayerMissing`] if the router lacks the layer.
/// - [`SessionError::StaticPage`] on a page with `SsrMode::Static`.
/// - [`SessionError::NoRequest`] outside a request, and while the route list is generated.
pub fn auth_session() -> Result<AuthSession, SessionError> {
    let session = session_of_request();
    check_layer(&session);
    session
}

/// Like [`auth_session`], without reports about the set-up.
pub(crate) fn session_of_request() -> Result<AuthSession, SessionError> {
    // Borrowed: cloning the request head would cost more than the rest of this function.
    let session = with_context(|parts: &Parts| match parts.extensions.get::<AuthSession>() {
        Some(session) => Ok(session.clone()),
        // Requests that come from axum have extensions. leptos_axum makes up a request head when it
        // renders a static page or generates the route list.
        None if !parts.extensions.is_empty() => Err(SessionError::LayerMissing),
        None if parts.headers.is_empty() => Err(SessionError::NoRequest),
        None => Err(SessionError::StaticPage),
    });
    session.unwrap_or(Err(SessionError::NoRequest))
}

/// Reports that the layer is missing, or does not know the server functions.
fn check_layer(session: &Result<AuthSession, SessionError>) {
    match session {
        Ok(session) if !session.logto().knows_server_functions() => {
            session.logto().report(SetUpFinding::ServerFunctionsUnknown);
        }
        Err(SessionError::LayerMissing) => Logto::report_missing_layer(),
        _ => {}
    }
}

/// Logs the reason why a page that could not read the session renders as for a signed-out visitor.
pub(crate) fn log_unknown_session(error: &SessionError) {
    match error {
        // The first is expected while the route list is generated. `auth_session` reports the other.
        SessionError::NoRequest | SessionError::LayerMissing => {}
        error => tracing::warn!(
            code = error.code(),
            "this page renders as for a signed-out visitor: {error}"
        ),
    }
}
