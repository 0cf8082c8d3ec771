//! A sign-in that failed: to the app's own page, or to a plain one.

use std::time::Duration;

use axum::response::Response;
use http::{StatusCode, header};
use url::form_urlencoded;

use super::see_other;
use crate::{
    advice::{advice, try_again_in},
    error::RouteError,
    pages::escape,
    pages::failure::{Offer, problem_page},
    pages::unavailable,
    return_to::ReturnTo,
    session::AuthSession,
};

/// Tells the user. The address has a code, the path that the user wanted, for a button that starts
/// again, and how long to wait; no `code`, `state` or text of the provider's. So it is if the store
/// does not answer: the callback cannot be repeated, because the cookie of the sign-in is gone.
pub(crate) fn respond(session: &AuthSession, error: &RouteError, return_to: Option<&ReturnTo>) -> Response {
    tracing::warn!(code = error.code(), %error, "a sign-in or sign-out failed");
    // A redirect says nothing about the session, so it needs no answer of the store.
    session.lock().store_failed = false;
    let (address, paths) = (session.address(), session.shared().web.paths());
    let (path, name) = match &paths.error {
        Some(path) => (path, "code"),
        None => (&paths.callback, FAILED),
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair(name, advice(error.code()).code);
    if let Some(wait) = error.retry_after() {
        query.append_pair(WAIT, &wait.as_secs().to_string());
    }
    if let Some(path) = return_to.filter(|path| **path != ReturnTo::home()) {
        query.append_pair("return_to", path.as_str());
    }
    see_other(&format!("{}?{}", address.absolute(path), query.finish()))
}

/// The field of the plain page's query. The provider never sends it: its callbacks have a `state`.
const FAILED: &str = "failed";

/// For how many seconds to wait, if the provider or the store said so.
const WAIT: &str = "retry_after";

/// The plain page, for apps that have none of their own.
pub(crate) fn plain_page(session: &AuthSession, query: &str) -> Option<Response> {
    let fields: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let (_, code) = fields.first().filter(|(name, _)| name == FAILED)?;
    let field = |wanted| fields.iter().find(|(name, _)| name == wanted).map(|(_, value)| value);
    let return_to = field("return_to").and_then(|path| ReturnTo::parse(path));
    // A number and nothing else of the request gets into the page.
    let wait = field(WAIT).and_then(|seconds| seconds.parse::<u32>().ok());
    let wait = wait.map(|seconds| Duration::from_secs(seconds.into()));
    let advice = advice(code);
    let when = wait.map_or_else(String::new, |wait| format!("<p>{}</p>", try_again_in(wait)));
    let uri = if advice.code == "redirect_uri_not_registered" {
        format!("<p>Redirect URI: <code>{}</code></p>", escape(&session.redirect_uri()))
    } else {
        String::new()
    };
    let status = match wait {
        Some(_) => StatusCode::SERVICE_UNAVAILABLE,
        None => StatusCode::BAD_REQUEST,
    };
    let mut page = problem_page(
        session,
        status,
        advice,
        &(when + &uri),
        Offer::SignIn,
        return_to.as_ref(),
    );
    if wait.is_some() {
        page.headers_mut()
            .insert(header::RETRY_AFTER, unavailable::retry_after(wait));
    }
    Some(page)
}
