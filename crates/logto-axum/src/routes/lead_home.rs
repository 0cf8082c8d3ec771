//! The answer of a route that accepts only POST to other methods.

use axum::{
    extract::Request,
    response::{IntoResponse as _, Response},
};
use http::StatusCode;

use super::see_other::see_other;
use crate::{guard::fetch_metadata::is_document, session::AuthSession};

/// Leads a person home who opens the address of a form. Other requests get 405, to which axum adds
/// `Allow`.
pub(crate) async fn lead_home(request: Request) -> Response {
    match request.extensions().get::<AuthSession>() {
        Some(session) if is_document(&request) => see_other(&session.address().absolute("/")),
        _ => StatusCode::METHOD_NOT_ALLOWED.into_response(),
    }
}
