//! Parts of the set-up that an app forgot are errors in the log, once, with the line to add.

use std::{env, process::Command};

use axum::{Router, body::Body, response::Html, routing::get};
use http::{Request, StatusCode, header};
use logto_axum::{AuthSession, Diagnose as _, Logto, LogtoConfig, Paths, SetUpFinding, WebConfig, signed_in};
use logto_testing::CapturedLogs;
use tower::ServiceExt as _;

use crate::app::BASE;

fn logto(change: impl FnOnce(WebConfig) -> WebConfig) -> Logto {
    let web = change(WebConfig::new(BASE, ["a secret of these tests, long enough".into()]));
    Logto::new(LogtoConfig::new("https://tenant.logto.app", "app", "secret"), web).unwrap()
}

fn pages() -> Router {
    Router::new()
        .route("/", get(|| async { Html("<p>a page</p>") }))
        .route("/session", get(|_: AuthSession| async { "the session" }))
}

/// Opens a page.
async fn open(app: &Router, path: &str) -> StatusCode {
    send(app, Request::get(path)).await
}

/// Submits a form of this site.
async fn submit(app: &Router, path: &str) -> StatusCode {
    send(app, Request::post(path).header(header::ORIGIN, BASE)).await
}

async fn send(app: &Router, request: http::request::Builder) -> StatusCode {
    let request = request.header(header::ACCEPT, "text/html");
    app.clone()
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap()
        .status()
}

fn codes(logto: &Logto) -> Vec<&'static str> {
    logto.set_up_findings().iter().map(SetUpFinding::code).collect()
}

/// Checks that the log has one error with this code, and the line to add.
#[track_caller]
fn assert_logged_once(logs: &CapturedLogs, code: &str, line: &str) {
    let logs = logs.text();
    let lines: Vec<_> = logs
        .lines()
        .filter(|line| line.contains(&format!("\"{code}\"")))
        .collect();
    assert_eq!(lines.len(), 1, "{logs}");
    assert!(lines[0].contains("ERROR") && lines[0].contains(line), "{logs}");
}

#[tokio::test]
async fn nothing_is_reported_if_nothing_was_forgotten() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(|web| web);
    let app = pages().merge(logto.routes()).layer(logto.layer());
    drop(logto.clone().watch_set_up());
    for path in ["/", "/session", "/sign-in", "/logto-session.js", "/no-such-page"] {
        open(&app, path).await;
    }
    submit(&app, "/no-such-page").await;
    assert_eq!(codes(&logto), [""; 0]);
    assert!(!logs.text().contains("ERROR"), "{}", logs.text());
}

#[tokio::test]
async fn forgotten_routes_are_reported_with_the_first_page() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(|web| web);
    let app = pages().layer(logto.layer());
    drop(logto.clone().watch_set_up());
    for _ in 0..2 {
        open(&app, "/").await;
        assert_eq!(submit(&app, "/sign-in").await, StatusCode::NOT_FOUND);
    }
    assert_logged_once(&logs, "route_missing", "`.merge(logto.routes())`");
    assert_eq!(codes(&logto), ["route_missing"]);
}

async fn open_pages_without_layer_and_routes() {
    let logto = logto(|web| web);
    let app = pages().layer(logto.layer());
    for _ in 0..2 {
        open(&app, "/").await;
    }
    open(&pages(), "/session").await;
}

/// The test runs itself in a second process, whose stderr it reads.
#[tokio::test]
async fn without_a_subscriber_a_debug_build_writes_findings_to_stderr() {
    const IN_CHILD: &str = "LOGTO_TEST_IN_CHILD";
    if env::var_os(IN_CHILD).is_some() {
        return open_pages_without_layer_and_routes().await;
    }
    let test = "forgotten::without_a_subscriber_a_debug_build_writes_findings_to_stderr";
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(IN_CHILD, "1")
        .output()
        .unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    for line in ["`.merge(logto.routes())`", "`.layer(logto.layer())`"] {
        assert_eq!(stderr.matches(line).count(), 1, "{line}: {stderr}");
    }
}

#[tokio::test]
async fn routes_that_were_made_but_not_added_are_reported_with_the_first_sign_in() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(|web| web);
    let _: Router = logto.routes();
    let app = pages().layer(logto.layer());
    drop(logto.clone().watch_set_up());
    open(&app, "/").await;
    assert_eq!(codes(&logto), [""; 0]);
    for _ in 0..2 {
        assert_eq!(submit(&app, "/sign-in").await, StatusCode::NOT_FOUND);
    }
    assert_logged_once(&logs, "route_missing", "`.with_logto(&logto)`");
}

#[tokio::test]
async fn a_forgotten_layer_is_reported_by_the_first_handler_that_needs_the_session() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(|web| web);
    let without = pages().merge(logto.routes());
    let before_the_routes = Router::new().layer(logto.layer()).merge(pages());
    let before_the_guard = pages().layer(logto.layer()).layer(logto.require(signed_in()));
    for app in [&before_the_guard, &without, &before_the_routes] {
        assert_eq!(open(app, "/session").await, StatusCode::INTERNAL_SERVER_ERROR);
    }
    assert_eq!(submit(&without, "/sign-in").await, StatusCode::INTERNAL_SERVER_ERROR);
    assert_logged_once(
        &logs,
        "logto_layer_missing",
        "`.layer(logto.layer())`) after all routes",
    );
}

#[tokio::test]
async fn a_forgotten_self_check_is_reported_with_the_first_page() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(|web| web);
    let app = pages().merge(logto.routes()).layer(logto.layer());
    for _ in 0..2 {
        open(&app, "/").await;
    }
    assert_logged_once(
        &logs,
        "set_up_not_checked",
        "`tokio::spawn(logto.clone().watch_set_up());`",
    );
}

#[tokio::test]
async fn a_form_that_uses_the_default_path_of_a_moved_route_is_reported() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(|web| web.with_paths(Paths::default().with_sign_in("/auth/sign-in")));
    let app = pages().merge(logto.routes()).layer(logto.layer());
    for _ in 0..2 {
        assert_eq!(submit(&app, "/sign-in").await, StatusCode::NOT_FOUND);
    }
    assert_logged_once(&logs, "route_moved", r#"`action="/auth/sign-in"`"#);
}

#[tokio::test]
async fn an_api_without_pages_needs_neither_routes_nor_self_check() {
    let logto = logto(|web| web);
    let app = pages().layer(logto.layer());
    let request = Request::get("/session").body(Body::empty()).unwrap();
    assert_eq!(app.oneshot(request).await.unwrap().status(), StatusCode::OK);
    assert_eq!(codes(&logto), [""; 0]);
}

#[tokio::test]
async fn the_findings_of_the_last_check_are_known_too() {
    let provider = logto_testing::TestProvider::builder()
        .client("app", "secret")
        .start()
        .await;
    let config = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret());
    let web = WebConfig::new(BASE, ["a secret of these tests, long enough".into()]);
    let logto = Logto::new(config, web.with_paths(Paths::default().with_callback("/elsewhere"))).unwrap();
    logto.check_set_up().await;
    assert_eq!(codes(&logto), ["redirect_uri_not_registered"]);
}
