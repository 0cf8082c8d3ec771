//! A sign-in that failed: to the app's own page, or to a plain one.

use std::time::Duration;

use axum::response::Response;
use http::{StatusCode, header};

use super::see_other;
use crate::{
    advice::{advice, try_again_in},
    error::{AuthError, RouteError},
    page::{escape, page},
    session::AuthSession,
    unavailable,
};

/// Tells the user. The address has a code and nothing else: no `code`, `state` or text of the provider's.
pub(crate) fn respond(session: &AuthSession, error: &RouteError) -> Response {
    tracing::warn!(code = error.code(), %error, "a sign-in or sign-out failed");
    if let RouteError::Auth(AuthError::Store(_)) = error {
        return unavailable::page();
    }
    let (address, paths) = (session.address(), session.logto().shared.web.paths());
    let advice = advice(error.code());
    let wait = error
        .retry_after()
        .map_or_else(String::new, |wait| format!("{WAIT}{}", wait.as_secs()));
    match &paths.error {
        Some(path) => see_other(&format!("{}?code={}{wait}", address.absolute(path), advice.code)),
        None => see_other(&format!(
            "{}?{FAILED}{}{wait}",
            address.absolute(&paths.callback),
            advice.code
        )),
    }
}

/// For how many seconds the provider wants to be left alone, if it said so.
const WAIT: &str = "&retry_after=";

/// The query of the plain page. The provider never sends it: its callbacks have a `state`.
const FAILED: &str = "failed=";

/// The plain page, for apps that have none of their own.
pub(crate) fn plain_page(session: &AuthSession, query: &str) -> Option<Response> {
    let failed = query.strip_prefix(FAILED)?;
    let (code, wait) = failed.split_once(WAIT).unwrap_or((failed, ""));
    // A number and nothing else of the request gets into the page.
    let wait = wait
        .parse()
        .ok()
        .map(|seconds: u32| Duration::from_secs(seconds.into()));
    let advice = advice(code);
    let when = wait.map_or_else(String::new, |wait| format!(" {}", try_again_in(wait)));
    let uri = if advice.code == "redirect_uri_not_registered" {
        format!("<p>Redirect URI: <code>{}</code></p>", escape(&session.redirect_uri()))
    } else {
        String::new()
    };
    let home = escape(&session.address().absolute("/"));
    let mut page = page(
        advice.title,
        &format!(
            "<p>{}{when}</p>{uri}<p>Code: <code>{}</code></p><p><a href=\"{home}\">Back to the home page</a></p>",
            advice.advice, advice.code
        ),
    );
    *page.status_mut() = StatusCode::BAD_REQUEST;
    if wait.is_some() {
        *page.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
        page.headers_mut()
            .insert(header::RETRY_AFTER, unavailable::retry_after(wait));
    }
    Some(page)
}
