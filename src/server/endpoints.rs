//! Tests of every endpoint of the app: pages, server functions and axum routes.

use std::time::Duration;

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use leptos::{prelude::LeptosOptions, server_fn::axum::server_fn_paths};
use leptos_axum::generate_route_list;
use logto_leptos::{Logto, LogtoConfig, SecurityHeaders, WebConfig};
use logto_testing::allowed_methods;
use tower::ServiceExt as _;

use super::{Settings, StoreKind, plain_routes, router};
use crate::{app::App, state::AppState};

/// Pages, which depend on the session of the request.
const PAGES: [&str; 20] = [
    "/",
    "/account",
    "/act-as",
    "/auth-error",
    "/invitations/{id}",
    "/logto-away",
    "/organizations",
    "/organizations/manage",
    "/profile",
    "/protect",
    "/protect/manager",
    "/protect/member",
    "/protect/recent",
    "/protect/sales",
    "/protect/second-factor",
    "/resources",
    "/sessions",
    "/set-up",
    "/signing-in",
    "/streaming",
];

/// Server functions. They accept only POST, so that a link cannot call them.
const SERVER_FUNCTIONS: [&str; 43] = [
    "/api/logto/allows",
    "/api/logto/session",
    "/fn/access-token",
    "/fn/access-token-on-page",
    "/fn/account/confirm",
    "/fn/account/links",
    "/fn/account/load",
    "/fn/account/save",
    "/fn/account/sessions",
    "/fn/account/sessions/end",
    "/fn/act-as/current",
    "/fn/act-as/products",
    "/fn/act-as/start",
    "/fn/act-as/stop",
    "/fn/act-as/users",
    "/fn/active-organization",
    "/fn/authentication",
    "/fn/claims",
    "/fn/fresh-token",
    "/fn/invitations/join",
    "/fn/invitations/load",
    "/fn/late-token",
    "/fn/managers-data",
    "/fn/members",
    "/fn/my-id",
    "/fn/organization-token-on-page",
    "/fn/organizations/create",
    "/fn/organizations/delete",
    "/fn/organizations/invite",
    "/fn/organizations/leave",
    "/fn/organizations/remove-member",
    "/fn/organizations/revoke",
    "/fn/organizations/set-admin",
    "/fn/organizations/team",
    "/fn/products/add",
    "/fn/products/list",
    "/fn/recent",
    "/fn/resource-in-organization",
    "/fn/sales",
    "/fn/second-factor",
    "/fn/session-facts",
    "/fn/session-times",
    "/fn/user-info",
];

/// Routes of the protocol. GET on `/sign-in` and `/sign-out` shows a page that asks for
/// confirmation. The callback requires a valid `state`, the back-channel logout a valid token.
const SIGN_IN: [&str; 5] = [
    "POST /backchannel-logout",
    "GET,HEAD /callback",
    "POST /organization",
    "GET,HEAD,POST /sign-in",
    "GET,HEAD,POST /sign-out",
];

/// The script that watches the session. It does not depend on the session itself.
const SESSION_SCRIPT: &str = "GET,HEAD /logto-session.js";

/// Plain routes of the app, which ignore the session. The APIs require a bearer token.
const PLAIN: [&str; 4] = [
    "GET,HEAD /api/members",
    "GET,HEAD,POST /api/products",
    "GET,HEAD /api/sales",
    "GET,HEAD,POST /language",
];

/// For load balancers. No cache may answer for an instance.
const HEALTH: [&str; 2] = ["GET,HEAD /health", "GET,HEAD /ready"];

fn path_of(route: &str) -> &str {
    route.split_once(' ').unwrap().1
}

/// The app, with a provider that cannot be reached.
pub(crate) fn app() -> Router {
    let (settings, logto) = settings();
    router(settings, &logto).unwrap()
}

fn settings() -> (Settings, Logto) {
    let secret = "a secret of thirty-two bytes or more".into();
    let leptos = LeptosOptions::builder()
        .output_name("quick-start")
        .site_root(concat!(env!("CARGO_MANIFEST_DIR"), "/public"));
    let settings = Settings {
        leptos: leptos.build(),
        logto: LogtoConfig::new("https://tenant.example", "app", "secret"),
        web: WebConfig::new("http://127.0.0.1:3000", [secret]).with_security_headers(SecurityHeaders::strict()),
        resources: Vec::new(),
        products_resource: None,
        store: StoreKind::default(),
        metrics_address: None,
        drain_delay: Duration::ZERO,
        local_provider: false,
        drain_limit: Duration::from_secs(1),
    };
    let logto = Logto::new(settings.logto.clone(), settings.web.clone()).unwrap();
    (settings, logto)
}

async fn from_another_site(method: Method, path: &str) -> (StatusCode, String) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("sec-fetch-site", "cross-site");
    let response = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[test]
fn every_endpoint_of_the_app_is_declared() {
    let mut pages: Vec<_> = generate_route_list(App)
        .iter()
        .map(|route| route.path().to_owned())
        .collect();
    pages.sort();
    assert_eq!(pages, PAGES);
    let mut functions: Vec<_> = server_fn_paths().collect();
    functions.sort_by_key(|(path, _)| *path);
    assert_eq!(functions, SERVER_FUNCTIONS.map(|path| (path, Method::POST)));
    let (settings, logto) = settings();
    let state = AppState::new(settings, logto).unwrap();
    assert_eq!(plain_routes(&state.api).map(|(path, _)| path), PLAIN.map(path_of));
}

#[tokio::test]
async fn every_endpoint_accepts_the_declared_methods_only() {
    let pages = PAGES.map(|path| ("GET,HEAD", path)).into_iter();
    let functions = SERVER_FUNCTIONS.map(|path| ("POST", path));
    let others = SIGN_IN.into_iter().chain([SESSION_SCRIPT]).chain(PLAIN).chain(HEALTH);
    let others = others.map(|route| route.split_once(' ').unwrap());
    let app = app();
    for (methods, path) in pages.chain(functions).chain(others) {
        assert_eq!(allowed_methods(&app, path).await.join(","), methods, "{path}");
    }
}

#[tokio::test]
async fn state_changing_cross_site_requests_are_rejected_at_every_endpoint() {
    let by_post = SIGN_IN
        .into_iter()
        .chain(PLAIN)
        .filter_map(|route| route.split_once("POST "));
    for path in SERVER_FUNCTIONS.into_iter().chain(by_post.map(|(_, path)| path)) {
        let (status, body) = from_another_site(Method::POST, path).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{path}");
        assert!(body.starts_with("cross_site_request: "), "{path} {body}");
    }
}

#[tokio::test]
async fn responses_that_depend_on_a_session_or_sign_in_are_not_cacheable() {
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
    for path in HEALTH.map(path_of) {
        let headers = from_this_site("GET", path).await;
        assert_eq!(headers[header::CACHE_CONTROL], "no-store", "{path}");
    }
    for path in PLAIN.into_iter().chain([SESSION_SCRIPT]).map(path_of) {
        let headers = from_this_site("GET", path).await;
        let caching = headers.get(header::CACHE_CONTROL).map(|value| value.to_str().unwrap());
        let cacheable = caching.is_none_or(|caching| caching.starts_with("public"));
        assert!(cacheable, "{path} does not depend on a session");
        assert!(
            !headers.contains_key(header::VARY),
            "{path} does not depend on a session"
        );
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
async fn an_unknown_address_answers_404_with_the_apps_own_page() {
    // The second path is too long for a file name.
    for path in ["/no-such-page".to_owned(), format!("/{}", "a".repeat(300))] {
        for method in ["GET", "POST"] {
            let request = Request::builder().method(method).uri(&path);
            let response = app().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{method} {path}");
            let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(policy.contains("'nonce-"), "{method} {policy}");
            let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
            let page = String::from_utf8(body.to_vec()).unwrap();
            assert!(
                page.contains(r#"<link rel="stylesheet" href="/pkg/"#),
                "{method} {page}"
            );
        }
    }
}
