//! What a router answers.

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use tower::ServiceExt as _;

/// Every route of an app with the methods it answers, `GET,HEAD /profile`, sorted by path: for a
/// test that fails on a route nobody has declared. A route that answers every method is `ANY`; a
/// fallback is not among them.
///
/// ```
/// use axum::{Router, routing::get};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let app = Router::new().route("/profile", get(|| async { "Ada" }));
/// assert_eq!(logto_testing::routes_of(&app).await, ["GET,HEAD /profile"]);
/// # }
/// ```
pub async fn routes_of(app: &Router) -> Vec<String> {
    let mut paths = paths_of(app);
    paths.sort();
    let mut routes = Vec::new();
    for path in paths {
        routes.push(format!("{} {path}", methods_of(app, &path).await));
    }
    routes
}

/// axum tells its paths in the debug output alone.
fn paths_of(app: &Router) -> Vec<String> {
    let debug = format!("{app:?}");
    let (routes, _fallback) = debug.split_once("fallback_router").unwrap();
    let path = |entry: &str| {
        let (_, quoted) = entry.split_once("): \"")?;
        let (path, _) = quoted.split_once('"')?;
        Some(path.to_owned())
    };
    routes.split("RouteId(").filter_map(path).collect()
}

/// By the answer to a method that no handler has (RFC 9110 §15.5.6).
async fn methods_of(app: &Router, path: &str) -> String {
    let request = Request::builder().method(Method::TRACE).uri(path);
    let answer = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    if answer.status() != StatusCode::METHOD_NOT_ALLOWED {
        return String::from("ANY");
    }
    let allowed = answer.headers()[header::ALLOW].to_str().unwrap();
    let mut methods: Vec<_> = allowed.split(',').collect();
    methods.sort_unstable();
    methods.join(",")
}
