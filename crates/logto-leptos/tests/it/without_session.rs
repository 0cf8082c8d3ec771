//! Tests of pages that cannot read the session. They render as for a signed-out visitor, and the
//! log says why.

use axum::{Router, body::Body, routing::any};
use http::{Request, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
    static_routes::StaticRoute,
};
use logto_leptos::{
    Logto, LogtoConfig, LogtoProvider, SecurityHeaders, SessionError, SignedIn, SignedOut, WebConfig, session_snapshot,
};
use logto_testing::CapturedLogs;
use tower::ServiceExt as _;

#[component]
fn Account() -> impl IntoView {
    view! {
        <SignedIn>"Sign out"</SignedIn>
        <SignedOut>"Sign in"</SignedOut>
    }
}

#[component]
fn App() -> impl IntoView {
    view! {
        <LogtoProvider>
            <Pages>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/") view=Account ssr=SsrMode::Async />
                    <Route path=path!("/static") view=Account ssr=SsrMode::Static(StaticRoute::new()) />
                </Routes>
            </Pages>
        </LogtoProvider>
    }
}

fn without_a_layer(root: &str) -> Router {
    let options = LeptosOptions::builder().output_name("app").site_root(root).build();
    Router::new()
        .route("/api/{*path}", any(leptos_axum::handle_server_fns))
        .leptos_routes(&options, generate_route_list(App), App)
        .with_state(options)
}

async fn page(app: &Router, path: &str) -> String {
    let request = Request::get(path).header(header::ACCEPT, "text/html");
    let answer = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK, "{path}");
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await.unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn a_missing_layer_is_logged_with_the_line_to_add() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let app = without_a_layer("target");
    assert!(
        !logs.text().contains("logto_layer_missing"),
        "generating the route list is not a request: {}",
        logs.text()
    );
    for _ in 0..2 {
        let page = page(&app, "/").await;
        let (_, content) = page.split_once("</script>").unwrap();
        assert!(content.contains("Sign in") && !content.contains("Sign out"), "{page}");
        let (_, notice) = page.split_once("role=\"alert\"").unwrap();
        assert!(notice.contains("`.with_logto(&amp;logto)`"), "{page}");
    }
    let logs = logs.text();
    assert_eq!(logs.matches("logto_layer_missing").count(), 1, "{logs}");
    assert!(
        logs.contains("ERROR") && logs.contains("`.layer(logto.layer())`"),
        "{logs}"
    );
}

#[tokio::test]
async fn a_static_page_that_reads_the_session_logs_the_advice_to_choose_another_mode() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let root = std::env::temp_dir().join(format!("logto-leptos-no-session-{}", std::process::id()));
    let app = without_a_layer(root.to_str().unwrap());
    let page = page(&app, "/static").await;
    // Every user gets this page, so that their browsers ask for the session.
    assert!(page.contains("data-logto-session=\"loading\""), "{page}");
    let (_, content) = page.split_once("</script>").unwrap();
    assert!(!content.contains("Sign in") && !content.contains("Sign out"), "{page}");
    std::fs::remove_dir_all(root).unwrap();
    let logs = logs.text();
    assert!(
        logs.contains("static_page") && logs.contains("choose another mode"),
        "{logs}"
    );
}

#[tokio::test]
async fn a_static_page_that_the_layer_does_not_know_is_logged_with_the_line_to_add() {
    fn shell(options: LeptosOptions) -> impl IntoView {
        logto_leptos::send_content_security_policy(&options);
        view! {
            <HydrationScripts options />
            <App />
        }
    }
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let root = std::env::temp_dir().join(format!("logto-leptos-not-listed-{}", std::process::id()));
    let options = LeptosOptions::builder()
        .output_name("app")
        .site_root(root.to_str().unwrap());
    let options = options.build();
    let for_shell = options.clone();
    let app = Router::new()
        .leptos_routes(&options, generate_route_list(App), move || shell(for_shell.clone()))
        .with_state(options);
    page(&app, "/static").await;
    std::fs::remove_dir_all(&root).unwrap();
    assert!(
        !logs.text().contains("static_pages_not_listed"),
        "no app sends a policy"
    );

    let web = WebConfig::new("http://localhost:3000", ["a secret of these tests, long enough".into()])
        .with_security_headers(SecurityHeaders::strict());
    Logto::new(LogtoConfig::new("https://tenant.logto.app", "app", "secret"), web).unwrap();
    page(&app, "/static").await;
    std::fs::remove_dir_all(root).unwrap();
    let logs = logs.text();
    assert!(logs.contains("static_pages_not_listed"), "{logs}");
    assert!(
        logs.contains("`.with_static_pages(logto_leptos::static_pages(&routes))`"),
        "{logs}"
    );
}

#[tokio::test]
async fn outside_a_request_the_error_is_no_request_and_nothing_is_logged() {
    let error = Owner::new().with(logto_leptos::auth_session).unwrap_err();
    assert_eq!(error, SessionError::NoRequest);
    let (logs, _guard) = CapturedLogs::of_this_thread();
    assert!(session_snapshot().await.is_err());
    assert_eq!(logs.text(), "");
}
