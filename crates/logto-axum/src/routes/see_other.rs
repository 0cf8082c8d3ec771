//! The redirect that the routes answer with.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};

use crate::headers::caching::forbid_caching;

/// Makes a 303, which the browser follows by GET.
pub(crate) fn see_other(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    let headers = [
        (header::LOCATION, location),
        // The address of the callback contains the code, and must not become a `Referer`.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ];
    let mut response = (StatusCode::SEE_OTHER, headers).into_response();
    forbid_caching(response.headers_mut());
    response
}
