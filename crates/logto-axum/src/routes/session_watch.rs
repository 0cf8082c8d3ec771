//! `GET /logto-session.js`: what lets the other tabs notice a sign-out. A file, so that a Content Security Policy without inline scripts
//! allows it.

use axum::response::{IntoResponse, Response};
use http::header;

const SCRIPT: &str = include_str!("session_watch.js");

pub(crate) async fn script() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, SCRIPT).into_response()
}
