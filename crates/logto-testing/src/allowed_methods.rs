//! The methods that a route accepts.

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use tower::ServiceExt as _;

/// The HTTP methods that the route at `path` accepts, in alphabetical order. Empty if the router
/// has no such route, or the route accepts every method.
///
/// A request with an unknown method is sent to the router, which answers 405 with the methods in
/// the `Allow` header (RFC 9110 §15.5.6). No handler runs, unless it accepts every method.
///
/// ```
/// use axum::{Router, routing::get};
/// use logto_testing::allowed_methods;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let app = Router::new().route("/profile", get(|| async { "Ada" }));
/// assert_eq!(allowed_methods(&app, "/profile").await, ["GET", "HEAD"]);
/// assert!(allowed_methods(&app, "/admin").await.is_empty());
/// # }
/// ```
///
/// # Panics
///
/// If `path` is not the path of a URL.
pub async fn allowed_methods(router: &Router, path: &str) -> Vec<String> {
    let request = Request::builder()
        .method(Method::from_bytes(b"UNKNOWN").expect("a valid method name"))
        .uri(path)
        .body(Body::empty())
        .expect("`path` is the path of a URL");
    let Ok(response) = router.clone().oneshot(request).await;
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return Vec::new();
    }
    let allow = response.headers().get_all(header::ALLOW).iter();
    let mut methods: Vec<String> = allow
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|method| method.trim().to_owned())
        .collect();
    methods.sort_unstable();
    methods
}
