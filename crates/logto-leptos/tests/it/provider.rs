//! Tests of pages below the provider, as a browser without JavaScript sees them.

use axum::{Router, body::Body};
use http::{Request, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_leptos::{LogtoProvider, SessionWatch, SignIn, SignOut, SignedIn, SignedOut, browser::SessionView, use_user};
use logto_testing::TestProvider;

use crate::app::App;

#[component]
fn Account() -> impl IntoView {
    let user = use_user();
    view! {
        <SignedIn>
            <p>"Hello " {move || user.get().map(|user| user.display_name().to_owned())}</p>
            <SignOut>"Sign out"</SignOut>
        </SignedIn>
        <SignedOut>
            <SignIn>"Sign in"</SignIn>
        </SignedOut>
    }
}

#[component]
fn InEveryMode() -> impl IntoView {
    view! {
        <LogtoProvider>
            <Pages>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/out-of-order") view=Account ssr=SsrMode::OutOfOrder />
                    <Route path=path!("/partially-blocked") view=Account ssr=SsrMode::PartiallyBlocked />
                    <Route path=path!("/in-order") view=Account ssr=SsrMode::InOrder />
                    <Route path=path!("/async") view=Account ssr=SsrMode::Async />
                </Routes>
            </Pages>
        </LogtoProvider>
    }
}

const MODES: [&str; 4] = ["/out-of-order", "/partially-blocked", "/in-order", "/async"];

fn pages() -> Router {
    let options = LeptosOptions::builder().output_name("app").build();
    Router::new()
        .leptos_routes(&options, generate_route_list(InEveryMode), InEveryMode)
        .with_state(options)
}

async fn open(app: &App, path: &str) -> String {
    let request = Request::get(path).header(header::ACCEPT, "text/html");
    let answer = app.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-store", "{path}");
    answer.body
}

/// Returns the page after the snapshot, which repeats some texts.
async fn content(app: &App, path: &str) -> String {
    let page = open(app, path).await;
    page.split_once("</script>").unwrap().1.to_owned()
}

#[tokio::test]
async fn the_content_needs_no_javascript_in_any_mode() {
    let app = App::with_pages(TestProvider::builder(), |web| web, pages()).await;
    for path in MODES {
        let page = content(&app, path).await;
        assert!(page.contains(">Sign in</button></form>"), "{path}: {page}");
        assert!(!page.contains("<template") && !page.contains("Hello"), "{path}: {page}");
    }
    app.sign_in("ada").await;
    for path in MODES {
        let page = content(&app, path).await;
        assert!(
            page.contains("Ada Lovelace") && page.contains("Sign out"),
            "{path}: {page}"
        );
        assert!(
            !page.contains("<template") && !page.contains("Sign in"),
            "{path}: {page}"
        );
    }
}

#[tokio::test]
async fn the_content_of_a_stored_session_needs_no_javascript_either() {
    let in_store = |web: logto_leptos::WebConfig| web.with_store(logto_leptos::store::MemoryStore::default());
    let app = App::with_pages(TestProvider::builder(), in_store, pages()).await;
    app.sign_in("ada").await;
    for path in MODES {
        let page = content(&app, path).await;
        assert!(
            page.contains("Ada Lovelace") && !page.contains("<template"),
            "{path}: {page}"
        );
    }
}

/// The browser hydrates from it.
#[tokio::test]
async fn the_page_holds_the_snapshot_and_the_session_script() {
    let app = App::with_pages(TestProvider::builder(), |web| web, pages()).await;
    let page = open(&app, "/out-of-order").await;
    assert!(page.contains("data-logto-session=\"signed-out\""), "{page}");
    app.sign_in("ada").await;
    let page = open(&app, "/out-of-order").await;
    assert!(page.contains("data-logto-session=\"signed-in\""), "{page}");
    assert!(page.contains("<script src=\"/logto-session.js\" defer"), "{page}");
    let (_, json) = page.split_once("data-logto-snapshot=\"").unwrap();
    let json = json.split('"').next().unwrap().replace("&quot;", "\"");
    let snapshot: logto_leptos::browser::Snapshot = serde_json::from_str(&json).unwrap();
    assert_eq!(snapshot.state, SessionView::Active);
    assert_eq!(snapshot.user.unwrap().name.as_deref(), Some("Ada Lovelace"));
    assert!(!page.contains("eyJ"), "a token is in the page: {page}");
}

/// The pages have no shell, so only the component can send it.
#[tokio::test]
async fn the_provider_sends_the_policy_with_the_nonce_of_the_page() {
    let app = App::with_pages(TestProvider::builder(), |web| web, pages()).await;
    for path in MODES {
        let answer = app.send(Request::get(path).body(Body::empty()).unwrap()).await;
        let policy = answer.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
        let (_, rest) = policy.split_once("'nonce-").expect(policy);
        let (nonce, _) = rest.split_once('\'').unwrap();
        let (_, script) = answer.body.split_once("<script src=\"/logto-session.js\"").unwrap();
        let (attributes, _) = script.split_once('>').unwrap();
        assert!(
            attributes.contains(&format!("nonce=\"{nonce}\"")),
            "{path}, {policy}: {attributes}"
        );
    }
}

#[tokio::test]
async fn the_forms_know_the_paths_of_the_routes() {
    let moved = |web: logto_leptos::WebConfig| {
        let paths = logto_leptos::Paths::default()
            .with_sign_in("/auth/in")
            .with_sign_out("/auth/out");
        web.with_paths(paths.with_session_script("/auth/session.js"))
    };
    let app = App::with_pages(TestProvider::builder(), moved, pages()).await;
    let page = open(&app, "/out-of-order").await;
    assert!(page.contains("<form method=\"post\" action=\"/auth/in\">"), "{page}");
    assert!(page.contains("src=\"/auth/session.js\""), "{page}");
}

/// A sign-in would lead to the same refusal.
#[tokio::test]
async fn a_user_who_has_lost_access_sees_the_reason_and_a_sign_out_but_no_sign_in() {
    let app = App::with_pages(TestProvider::builder(), |web| web, pages()).await;
    app.sign_in("ada").await;
    app.provider.update_user("ada", |user| user.access_denied = true);
    app.provider.clock().advance(3601);
    // The first request learns of it from the provider.
    let _ = app.post("/api/logto/session", "").await;
    for path in MODES {
        let page = content(&app, path).await;
        for part in [
            "You may no longer use this app",
            "action=\"/sign-out\"",
            "logto-no-access",
        ] {
            assert!(page.contains(part), "{path}, {part}: {page}");
        }
        assert!(
            !page.contains("action=\"/sign-in\"") && !page.contains("Hello"),
            "{path}: {page}"
        );
    }
}

#[test]
fn the_session_watch_marks_the_state_of_the_page() {
    for (state, marker) in [(SessionView::Stale, "signed-in"), (SessionView::Expired, "signed-out")] {
        let html = Owner::new().with(|| view! { <SessionWatch state /> }.to_html());
        assert!(html.contains(&format!("data-logto-session=\"{marker}\"")), "{html}");
        assert!(html.contains("<script src=\"/logto-session.js\" defer"), "{html}");
    }
}
