//! A sign-in that failed: to the app's own page, or to a plain one.

use axum::response::Response;
use http::StatusCode;

use super::see_other;
use crate::{
    advice::advice,
    error::RouteError,
    page::{escape, page},
    session::AuthSession,
    unavailable,
};

/// Tells the user. The address has a code and nothing else: no `code`, `state` or text of the provider's.
pub(crate) fn respond(session: &AuthSession, error: &RouteError) -> Response {
    tracing::warn!(code = error.code(), %error, "a sign-in or sign-out failed");
    if let RouteError::Store(_) = error {
        return unavailable::page();
    }
    let (address, paths) = (session.address(), session.logto().shared.web.paths());
    let advice = advice(error.code());
    match &paths.error {
        Some(path) => see_other(&format!("{}?code={}", address.absolute(path), advice.code)),
        None => see_other(&format!(
            "{}?{FAILED}{}",
            address.absolute(&paths.callback),
            advice.code
        )),
    }
}

/// The query of the plain page. The provider never sends it: its callbacks have a `state`.
const FAILED: &str = "failed=";

/// The plain page, for apps that have none of their own.
pub(crate) fn plain_page(session: &AuthSession, query: &str) -> Option<Response> {
    let advice = advice(query.strip_prefix(FAILED)?);
    let uri = if advice.code == "redirect_uri_not_registered" {
        format!("<p>Redirect URI: <code>{}</code></p>", escape(&session.redirect_uri()))
    } else {
        String::new()
    };
    let home = escape(&session.address().absolute("/"));
    let mut page = page(
        advice.title,
        &format!(
            "<p>{}</p>{uri}<p>Code: <code>{}</code></p><p><a href=\"{home}\">Back to the home page</a></p>",
            advice.advice, advice.code
        ),
    );
    *page.status_mut() = StatusCode::BAD_REQUEST;
    Some(page)
}
