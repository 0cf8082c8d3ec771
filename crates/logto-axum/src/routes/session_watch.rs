//! `GET /logto-session.js`: the script with which other tabs notice a sign-out. It is a separate
//! script, so that a content security policy without inline scripts allows it.

use std::sync::LazyLock;

use axum::response::{IntoResponse, Response};
use http::header;
use serde_json::json;

use crate::session::AuthSession;

/// Without comments and indentation, because every page of a signed-in user loads it.
static SCRIPT: LazyLock<String> = LazyLock::new(|| {
    let lines = include_str!("session_watch.js").lines().map(str::trim);
    lines
        .filter(|line| !line.starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
});

pub(crate) async fn script(session: AuthSession) -> Response {
    // The session cookies of two apps of one origin differ by name or path, so each app has its own
    // channel.
    let channel = format!("{} {}", session.jar().names.session, session.address().cookie_path());
    let script = SCRIPT.replace("CHANNEL", &json!(channel).to_string());
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=3600"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (headers, script).into_response()
}
