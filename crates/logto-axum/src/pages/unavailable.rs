//! Responses while the session store is unavailable: retry soon, nothing is lost.

use std::time::Duration;

use axum::{body::Body, response::Response};
use http::{HeaderValue, StatusCode, header};

use crate::pages::page;

/// The delay if the provider names none: about as long as a restart or failover of a store takes.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(5);

const TEXT: &str = "<p>Your session cannot be read or saved at the moment. Nothing is lost: try again in a few seconds.</p>\
    <p>Code: <code>store_unavailable</code></p>";

/// The page for a request that opens a document.
pub(crate) fn unavailable_page() -> Response {
    let mut response = page("Temporarily unavailable", TEXT);
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
