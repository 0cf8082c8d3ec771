//! Responses while the session store is unavailable: retry soon, nothing is lost.

use std::time::Duration;

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};

use crate::{
    pages::{code_paragraph, form::escape_text, page},
    texts::Translation,
};

/// The delay if the provider names none: about as long as a restart or failover of a store takes.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The page for a request that opens a document.
pub(crate) fn unavailable_page(texts: &Translation) -> Response {
    let text = escape_text(&texts.advice("unavailable"));
    let main = format!("<p>{text}</p>{}", code_paragraph(texts, "store_unavailable"));
    let mut response = page(texts, &texts.text("unavailable"), &main);
    make_unavailable(&mut response);
    response
}

/// Turns a response that was made without knowing the session into a 503 with `Retry-After`.
pub(crate) fn make_unavailable(response: &mut Response<Body>) {
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert(header::RETRY_AFTER, retry_after(None));
}

/// The value of `Retry-After` in full seconds: the delay that the provider named, or the default.
pub(crate) fn retry_after(named: Option<Duration>) -> HeaderValue {
    named.unwrap_or(RETRY_AFTER).as_secs().into()
}
