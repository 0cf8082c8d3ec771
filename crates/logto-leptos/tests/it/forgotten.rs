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
    Logto, LogtoConfig, LogtoProvider, RouterExt as _, SecurityHeaders, SetUpFinding, SignedIn, SignedOut, WebConfig,
    server_functions,
};
use logto_testing::CapturedLogs;
use tower::ServiceExt as _;

#[component]
fn Home() -> impl IntoView {
    view! {
        <SignedIn>"Signed in"</SignedIn>
        <SignedOut>"Signed out"</SignedOut>
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

/// A page that no browser hydrates, like one in islands mode outside the islands.
fn without_provider() -> impl IntoView {
    Owner::with_no_hydration(|| view! { <WithoutProvider /> })
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

/// The problems that the components of this crate show on the page.
fn notices(page: &str) -> Vec<String> {
    let elements = page.split("class=\"logto-problem\"").skip(1);
    let texts = elements.map(|element| {
        let (_, content) = element.split_once('>').unwrap();
        let (text, _) = content.split_once("</p>").unwrap();
        text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    });
    // The self-check may already know that there is no Logto.
    texts.filter(|text| !text.starts_with("sign-in fails")).collect()
}

/// Checks that the page shows this problem, and no other one.
#[track_caller]
fn assert_shows(page: &str, problem: &str) {
    let notices = notices(page);
    assert!(
        notices.len() == 1 && notices[0].contains(problem),
        "{notices:?}: {page}"
    );
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
    assert_eq!(notices(&page), [""; 0], "{page}");
    // The self-check may already know that there is no provider.
    let mut findings = logto.set_up_findings();
    findings.retain(|finding| !matches!(finding, SetUpFinding::Provider(_)));
    assert_eq!(findings, []);
    assert!(!logs.text().contains("ERROR"), "{}", logs.text());
}

#[tokio::test]
async fn a_missing_provider_is_reported_and_the_page_shows_it() {
    #[allow(clippy::needless_pass_by_value, reason = "the signature of a shell")]
    fn shell(options: LeptosOptions) -> impl IntoView {
        logto_leptos::send_content_security_policy(&options);
        without_provider()
    }
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(SecurityHeaders::strict());
    let page = open(pages(shell).with_logto(&logto)).await;
    assert_shows(&page, "put `<LogtoProvider>` around");
    assert_logged_once(&logs, "provider_missing", "put `<LogtoProvider>` around the `<Router>`");
}

#[tokio::test]
async fn a_layer_before_the_routes_is_reported_and_the_page_shows_it() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(SecurityHeaders::none());
    let page = open(Router::new().with_logto(&logto).merge(pages(shell))).await;
    assert_shows(&page, "did not pass through LogtoLayer");
    assert_logged_once(&logs, "logto_layer_missing", "`.with_logto(&logto)`");
}

#[tokio::test]
async fn forgotten_server_functions_are_reported_and_the_page_shows_them() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let logto = logto(SecurityHeaders::none());
    let page = open(pages(shell).merge(logto.routes()).layer(logto.layer())).await;
    assert_shows(&page, "does not know the server functions");
    assert_logged_once(
        &logs,
        "server_functions_unknown",
        "`.with_server_functions(server_functions())`",
    );
}

#[tokio::test]
async fn a_shell_that_does_not_send_the_policy_is_reported_and_the_page_shows_it() {
    fn without_policy(_: LeptosOptions) -> impl IntoView {
        without_provider()
    }
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let strict = logto(SecurityHeaders::strict());
    let layer = strict.layer().with_server_functions(server_functions());
    let page = open(pages(without_policy).merge(strict.routes()).layer(layer)).await;
    let line = "`logto_leptos::send_content_security_policy(&options);`";
    let notices = notices(&page);
    assert_eq!(
        notices.iter().filter(|notice| notice.contains(line)).count(),
        1,
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

/// The browser expects the elements of its own view. It adds the notice itself.
#[tokio::test]
async fn a_page_that_is_hydrated_without_the_provider_has_no_further_elements() {
    fn shell(_: LeptosOptions) -> impl IntoView {
        view! { <WithoutProvider /> }
    }
    let logto = logto(SecurityHeaders::none());
    let page = open(pages(shell).with_logto(&logto)).await;
    assert!(!page.contains("logto-problem"), "{page}");
    assert!(logto.set_up_findings().contains(&SetUpFinding::ProviderMissing));
}
