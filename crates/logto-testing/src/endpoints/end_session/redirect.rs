//! The redirect after a sign-out.

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};

use crate::provider::{PendingLogout, Provider};

pub(crate) const CONFIRM: &str = "/oidc/session/end/confirm";
pub(crate) const SUCCESS: &str = "/oidc/session/end/success";

/// Redirects to the client's URI, or to the provider's own page.
pub(crate) fn redirect(provider: &Provider, pending: PendingLogout) -> Response {
    let success = || format!("{}{SUCCESS}", provider.public_endpoint());
    let location = pending.return_to.unwrap_or_else(success);
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
