//! A sign-in that failed: to the app's own page, or to a plain one.

use axum::response::{Html, IntoResponse, Response};
use http::StatusCode;

use super::see_other;
use crate::{advice::advice, error::RouteError, session::AuthSession, unavailable};

/// Tells the user. The address has a code and nothing else: no `code`, `state` or text of the provider's.
pub(crate) fn respond(session: &AuthSession, error: &RouteError) -> Response {
    tracing::warn!(code = error.code(), %error, "a sign-in or sign-out failed");
    if let RouteError::Store(_) = error {
        return unavailable::page();
    }
    let web = &session.logto().shared.web;
    let advice = advice(error.code());
    match &web.paths().error {
        Some(path) => see_other(&format!("{}?code={}", web.absolute(path), advice.code)),
        None => see_other(&format!(
            "{}?{FAILED}{}",
            web.absolute(&web.paths().callback),
            advice.code
        )),
    }
}

/// The query of the plain page. The provider never sends it: its callbacks have a `state`.
const FAILED: &str = "failed=";

/// The plain page, for apps that have none of their own.
pub(crate) fn plain_page(session: &AuthSession, query: &str) -> Option<Response> {
    let advice = advice(query.strip_prefix(FAILED)?);
    let page = page(
        advice.code,
        advice.title,
        advice.advice,
        &session.logto().shared.web.base,
    );
    Some((StatusCode::BAD_REQUEST, Html(page)).into_response())
}

/// All of it is our own text, but for the base URL, which is the operator's.
fn page(code: &str, title: &str, advice: &str, base: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'><title>{title}</title>\
         <style>body{{font:1rem/1.5 system-ui;max-width:40rem;margin:4rem auto;padding:0 1rem;color-scheme:light dark}}</style>\
         <main><h1>{title}</h1><p>{advice}</p><p>Code: <code>{code}</code></p><p><a href='{base}/'>Back to the home page</a></p></main></html>"
    )
}
