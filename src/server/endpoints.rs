//! Every endpoint of the app: pages, server functions, routes. A test fails on one that nobody has
//! declared here.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use leptos::{prelude::LeptosOptions, server_fn::axum::server_fn_paths};
use leptos_axum::generate_route_list;
use logto_leptos::{Logto, LogtoConfig, WebConfig};
use logto_testing::allowed_methods;
use tower::ServiceExt as _;

use super::{Settings, router};
use crate::app::App;

/// Read by GET, changed by nobody. They show what the session of the request may see.
const PAGES: [&str; 7] = [
    "/",
    "/auth-error",
    "/organizations",
    "/profile",
    "/resources",
    "/session",
    "/streaming",
];

/// Read by GET without a session.
const OPEN: [&str; 2] = ["/health", "/logto-session.js"];

/// Server functions. By POST alone, so that a link of another site calls none, and refused to other
/// sites.
const SERVER_FUNCTIONS: [&str; 5] = [
    "/api/logto/session",
    "/fn/access-token",
    "/fn/organization-token",
    "/fn/products/add",
    "/fn/products/list",
];

/// The protocol. GET on the two forms' addresses asks first; the callback is judged by its `state`,
/// the back-channel logout by its token.
const SIGN_IN: [&str; 4] = [
    "POST /backchannel-logout",
    "GET,HEAD /callback",
    "GET,HEAD,POST /sign-in",
    "GET,HEAD,POST /sign-out",
];

/// Judged by the bearer token that a request brings, not by a session.
const API: [&str; 1] = ["GET,HEAD,POST /api/products"];

fn app() -> Router {
    let secret = "a secret of thirty-two bytes or more".into();
    let leptos = LeptosOptions::builder()
        .output_name("quick-start")
        .site_root(concat!(env!("CARGO_MANIFEST_DIR"), "/public"));
    let settings = Settings {
        leptos: leptos.build(),
        logto: LogtoConfig::new("https://tenant.example", "app", "secret"),
        web: WebConfig::new("http://127.0.0.1:3000", [secret]),
        resources: Vec::new(),
        products_resource: None,
        base_url: String::from("http://127.0.0.1:3000"),
        local_provider: false,
    };
    let logto = Logto::new(settings.logto.clone(), settings.web.clone()).unwrap();
    router(settings, &logto).unwrap()
}

async fn from_another_site(method: Method, path: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("sec-fetch-site", "cross-site");
    let answer = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = answer.status();
    let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

/// The framework lists pages and server functions, so that a new one fails here until it is
/// declared above.
#[tokio::test]
async fn the_app_has_no_endpoint_that_is_not_declared() {
    let mut pages: Vec<_> = (generate_route_list(App).iter())
        .map(|page| page.path().to_owned())
        .collect();
    pages.sort();
    assert_eq!(pages, PAGES);
    let mut functions: Vec<_> = server_fn_paths()
        .map(|(path, method)| format!("{method} {path}"))
        .collect();
    functions.sort();
    assert_eq!(functions, SERVER_FUNCTIONS.map(|path| format!("POST {path}")));
}

#[tokio::test]
async fn each_declared_endpoint_answers_its_declared_methods_only() {
    let reads = PAGES.into_iter().chain(OPEN).map(|path| ("GET,HEAD", path));
    let functions = SERVER_FUNCTIONS.map(|path| ("POST", path));
    let others = (SIGN_IN.into_iter().chain(API)).map(|route| route.split_once(' ').unwrap());
    let app = app();
    for (methods, path) in reads.chain(functions).chain(others) {
        assert_eq!(allowed_methods(&app, path).await.join(","), methods, "{path}");
    }
}

#[tokio::test]
async fn another_site_changes_nothing_by_whatever_endpoint() {
    let by_post = SIGN_IN
        .into_iter()
        .chain(API)
        .filter_map(|route| route.split_once("POST "));
    for path in SERVER_FUNCTIONS.into_iter().chain(by_post.map(|(_, path)| path)) {
        let (status, body) = from_another_site(Method::POST, path).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        assert!(body.starts_with("cross_site_request: "), "{path} {body}");
    }
}

#[tokio::test]
async fn no_cache_keeps_what_depends_on_a_session_or_belongs_to_a_sign_in() {
    let sign_in = SIGN_IN.into_iter().filter_map(|route| route.split_once(' '));
    let sign_in = sign_in.flat_map(|(methods, path)| methods.split(',').map(move |method| (method, path)));
    let pages = PAGES.into_iter().chain(["/no-such-page"]).map(|path| ("GET", path));
    let functions = SERVER_FUNCTIONS.into_iter().map(|path| ("POST", path));
    for (method, path) in sign_in.chain(pages).chain(functions) {
        let headers = from_this_site(method, path).await;
        let caching = headers.get(header::CACHE_CONTROL).unwrap().to_str().unwrap();
        if path == "/backchannel-logout" {
            assert_eq!(caching, "no-store");
            continue;
        }
        assert_eq!(caching, "private, no-store", "{method} {path}");
        assert_eq!(headers.get(header::VARY).unwrap(), "Cookie", "{method} {path}");
    }
    for path in OPEN.into_iter().chain(["/api/products"]) {
        let headers = from_this_site("GET", path).await;
        let caching = headers.get(header::CACHE_CONTROL).map(|value| value.to_str().unwrap());
        let cacheable = caching.is_none_or(|caching| caching.starts_with("public"));
        assert!(cacheable, "{path} depends on no session");
        assert!(!headers.contains_key(header::VARY), "{path} depends on no session");
    }
}

async fn from_this_site(method: &str, path: &str) -> HeaderMap {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let request = request.body(Body::empty()).unwrap();
    app().oneshot(request).await.unwrap().headers().clone()
}

#[tokio::test]
async fn an_address_that_does_not_exist_answers_404_in_the_apps_look_by_whatever_method() {
    // The second is too long for the name of a file.
    for path in ["/no-such-page".to_owned(), format!("/{}", "a".repeat(300))] {
        for method in ["GET", "POST"] {
            let request = Request::builder().method(method).uri(&path);
            let answer = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(answer.status(), StatusCode::NOT_FOUND, "{method} {path}");
            let policy = answer.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("'nonce-"), "{method} {policy}");
            let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
            let page = String::from_utf8(body.to_vec()).unwrap();
            assert!(
                page.contains(r#"<link rel="stylesheet" href="/pkg/"#),
                "{method} {page}"
            );
        }
    }
}
