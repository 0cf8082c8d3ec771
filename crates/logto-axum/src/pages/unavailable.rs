//! The answer while the session store is down: come back soon, nothing is lost.

use std::time::Duration;

use axum::{body::Body, response::Response};
use http::{HeaderMap, HeaderName, HeaderValue, Request, StatusCode, header};

use crate::{guard::initiator::accepts_html, pages};

static SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Default when the provider names no delay. A restart or a failover of a store takes about as
/// long.
pub(crate) const RETRY_AFTER: Duration = Duration::from_secs(5);

const TEXT: &str = "<p>Your session cannot be read or kept at the moment. Nothing is lost: try again in a few seconds.</p>\
    <p>Code: <code>store_unavailable</code></p>";

/// The page for a document.
pub(crate) fn page() -> Response {
    let mut response = pages::page("Temporarily unavailable", TEXT);
    mark(&mut response);
    response
}

/// Marks an answer that was made without knowing the session: it must not be taken for one that
/// does.
pub(crate) fn mark(response: &mut Response<Body>) {
    *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    response.headers_mut().insert(header::RETRY_AFTER, retry_after(None));
}

/// The value of `Retry-After`: what the provider said, in full seconds.
pub(crate) fn retry_after(told: Option<Duration>) -> HeaderValue {
    told.unwrap_or(RETRY_AFTER).as_secs().into()
}

/// Whether a browser opens a page with this request, rather than loading a part of one, or a file
/// that needs no session.
pub(crate) fn is_document<B>(request: &Request<B>) -> bool {
    request.method() == http::Method::GET && wants_page(request.headers()) && !names_a_file(request.uri().path())
}

/// By its extension. A page whose address looks like that renews its tokens while it renders, as it
/// can anyway.
fn names_a_file(path: &str) -> bool {
    let bytes = path.as_bytes();
    let extension = bytes.iter().rev().position(|byte| !byte.is_ascii_alphanumeric());
    extension.is_some_and(|length| (1..=5).contains(&length) && bytes.iter().nth_back(length) == Some(&b'.'))
}

/// Whether the answer is shown as a page. A service worker that passes a navigation through `fetch`
/// leaves its `Accept` alone.
pub(crate) fn wants_page(headers: &HeaderMap) -> bool {
    match headers.get(&SEC_FETCH_DEST).map(HeaderValue::as_bytes) {
        Some(b"document") => true,
        Some(b"empty") | None => accepts_html(headers),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_told_by_its_extension() {
        for file in ["/favicon.svg", "/pkg/app.min.js", "/.x", "/a/b.html5"] {
            assert!(names_a_file(file), "{file}");
        }
        for page in [
            "/",
            "",
            "html",
            "/users/v1.2/list",
            "/a.",
            "/a.b-c",
            "/a.longer",
            "/a.é",
            "/.a/b",
        ] {
            assert!(!names_a_file(page), "{page}");
        }
    }
}
