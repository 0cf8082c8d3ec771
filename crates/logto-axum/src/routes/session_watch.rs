//! `GET /logto-session.js`: what lets the other tabs notice a sign-out. A file, so that a Content
//! Security Policy without inline scripts allows it.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::json;

use crate::session::AuthSession;

/// Without comments and indentation, because each page of a user loads it.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("session_watch.js").lines().map(str::trim);
    lines
        .filter(|line| !line.starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
});

pub(crate) async fn script(session: AuthSession) -> Response {
    // Two apps of one origin differ in their session cookies, by name or by path: each has a
    // channel of its own.
    let channel = format!("{} {}", session.jar().names.session, session.address().cookie_path());
    let script = SCRIPT.replace("CHANNEL", &json!(channel).to_string());
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, script).into_response()
}
