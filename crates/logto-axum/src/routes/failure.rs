//! A sign-in that failed: to the app's own page, or to a plain one.

use axum::response::Response;
use http::StatusCode;
use url::form_urlencoded;

use super::see_other;
use crate::{
    advice::advice, error::RouteError, page::escape, problem::problem_page, return_to::ReturnTo, session::AuthSession,
    unavailable,
};

/// Tells the user. The address has a code and the path that the user wanted, for a button that starts again; no `code`, `state` or text of
/// the provider's.
pub(crate) fn respond(session: &AuthSession, error: &RouteError, return_to: Option<&ReturnTo>) -> Response {
    tracing::warn!(code = error.code(), %error, "a sign-in or sign-out failed");
    if let RouteError::Store(_) = error {
        return unavailable::page();
    }
    let (address, paths) = (session.address(), session.shared().web.paths());
    let (path, name) = match &paths.error {
        Some(path) => (path, "code"),
        None => (&paths.callback, FAILED),
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, advice(error.code()).code);
    if let Some(path) = return_to.filter(|path| **path != ReturnTo::home()) {
        query.append_pair("return_to", path.as_str());
    }
    see_other(&format!("{}?{}", address.absolute(path), query.finish()))
}

/// The field of the plain page's query. The provider never sends it: its callbacks have a `state`.
const FAILED: &str = "failed";

/// The plain page, for apps that have none of their own.
pub(crate) fn plain_page(session: &AuthSession, query: &str) -> Option<Response> {
    let mut fields = form_urlencoded::parse(query.as_bytes());
    let (_, code) = fields.next().filter(|(name, _)| name == FAILED)?;
    let return_to = fields.find(|(name, _)| name == "return_to");
    let return_to = return_to.and_then(|(_, path)| ReturnTo::parse(&path));
    let advice = advice(&code);
    let uri = if advice.code == "redirect_uri_not_registered" {
        format!("<p>Redirect URI: <code>{}</code></p>", escape(&session.redirect_uri()))
    } else {
        String::new()
    };
    let status = StatusCode::BAD_REQUEST;
    Some(problem_page(session, status, advice, &uri, return_to.as_ref()))
}
