//! Parts of the set-up that a Leptos app forgot are errors in the log, once, with the line to add.
//! A debug build shows them on the page.

use axum::{
    Router,
    body::{Body, to_bytes},
};
use http::{Request, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_leptos::{
    Logto, LogtoConfig, LogtoProvider, RouterExt as _, SecurityHeaders, SetUpFinding, SignedIn, WebConfig,
    server_functions, set_up_findings,
};
use logto_testing::CapturedLogs;
use tower::ServiceExt as _;

#[component]
fn Home() -> impl IntoView {
    // After `SignedIn`, which finds what is missing.
    let findings = Resource::new(
        || (),
        |()| async { logto_leptos::session_snapshot().await.ok().map(|_| set_up_findings()) },
    );
    view! {
        <SignedIn>"Signed in"</SignedIn>
        <Suspense>
            <ul>{move || Suspend::new(async move { findings.await.unwrap_or_else(set_up_findings) })}</ul>
        </Suspense>
    }
}

#[component]
fn App() -> impl IntoView {
    view! { <LogtoProvider><WithoutProvider /></LogtoProvider> }
}

#[component]
fn WithoutProvider() -> impl IntoView {
    view! {
        <Pages>
            <Routes fallback=|| "Not found">
                <Route path=path!("/") view=Home ssr=SsrMode::Async />
            </Routes>
        </Pages>
    }
}

fn shell(options: LeptosOptions) -> impl IntoView {
    logto_leptos::send_content_security_policy(&options);
    view! {
        <HydrationScripts options />
        <App />
    }
}

fn logto(headers: SecurityHeaders) -> Logto {
    let web = WebConfig::new("http://localhost:3000", ["a secret of these tests, long enough".into()]);
    let config = LogtoConfig::new("https://tenant.invalid", "app", "secret");
    let logto = Logto::new(config, web.with_security_headers(headers)).unwrap();
    drop(logto.clone().watch_set_up());
    logto
}

/// The pages of an app, without sign-in.
fn pages<V: IntoView + 'static>(shell: fn(LeptosOptions) -> V) -> Router<LeptosOptions> {
    let options = options();
    Router::new().leptos_routes(&options.clone(), generate_route_list(App), move || {
        shell(options.clone())
    })
}

fn options() -> LeptosOptions {
    LeptosOptions::builder().output_name("app").build()
}

/// Opens the page twice, and returns it.
async fn open(app: Router<LeptosOptions>) -> String {
    let app = app.with_state(options());
    let mut page = String::new();
    for _ in 0..2 {
        let request = Request::get("/").header(header::ACCEPT, "text/html");
        let answer = app.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        let body = to_bytes(answer.into_body(), 1 << 20).await.unwrap();
        page = String::from_utf8(body.to_vec()).unwrap();
    }
    page
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
    let logto = logto(SecurityHeaders::strict());
    let page = open(pages(shell).with_logto(&logto)).await;
    assert!(page.contains("<ul></ul>") || page.contains("<ul><!></ul>"), "{page}");
    // The self-check may already know that there is no provider.
    let mut findings = logto.set_up_findings();
    findings.retain(|finding| !matches!(finding, SetUpFinding::Provider(_)));
    assert_eq!(findings, []);
    assert!(!logs.text().contains("ERROR"), "{}", logs.text());
}

#[tokio::test]
async fn a_missing_provider_is_reported_and_the_page_shows_it() {
    #[allow(clippy::needless_pass_by_value, reason = "the signature of a shell")]
    fn without_provider(options: LeptosOptions) -> impl IntoView {
        logto_leptos::send_content_security_policy(&options);
        view! { <WithoutProvider /> }
    }
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(SecurityHeaders::strict());
    let page = open(pages(without_provider).with_logto(&logto)).await;
    assert!(page.contains("put `&lt;LogtoProvider&gt;` around"), "{page}");
    assert_logged_once(&logs, "provider_missing", "put `<LogtoProvider>` around the `<Router>`");
}

#[tokio::test]
async fn a_layer_before_the_routes_is_reported_and_the_page_shows_it() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(SecurityHeaders::none());
    let page = open(Router::new().with_logto(&logto).merge(pages(shell))).await;
    assert!(page.contains("did not pass through LogtoLayer"), "{page}");
    assert_logged_once(&logs, "logto_layer_missing", "`.with_logto(&logto)`");
}

#[tokio::test]
async fn forgotten_server_functions_are_reported_and_the_page_shows_them() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(SecurityHeaders::none());
    let page = open(pages(shell).merge(logto.routes()).layer(logto.layer())).await;
    assert!(page.contains("does not know the server functions"), "{page}");
    assert_logged_once(
        &logs,
        "server_functions_unknown",
        "`.with_server_functions(server_functions())`",
    );
}

#[tokio::test]
async fn a_shell_that_does_not_send_the_policy_is_reported_and_the_page_shows_it() {
    fn without_policy(_: LeptosOptions) -> impl IntoView {
        view! { <WithoutProvider /> }
    }
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let strict = logto(SecurityHeaders::strict());
    let layer = strict.layer().with_server_functions(server_functions());
    let page = open(pages(without_policy).merge(strict.routes()).layer(layer)).await;
    assert!(page.contains("did not send its nonce"), "{page}");
    let line = "`logto_leptos::send_content_security_policy(&amp;options);`";
    assert!(
        page.contains(line) || page.contains(&line.replace("&amp;", "&")),
        "{page}"
    );
    assert_logged_once(
        &logs,
        "policy_not_sent",
        "`logto_leptos::send_content_security_policy(&options);`",
    );

    let default = logto(SecurityHeaders::none());
    open(pages(without_policy).with_logto(&default)).await;
    // Not compared as a whole: the self-check may report the unreachable provider meanwhile.
    assert!(
        !default.set_up_findings().contains(&SetUpFinding::PolicyNotSent),
        "without a policy there is no nonce to send"
    );
}
