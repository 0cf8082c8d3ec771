//! Tests of what the browser knows about the user, as the app decides.

use axum::{Router, body::Body};
use http::{Request, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
    static_routes::StaticRoute,
};
use logto_leptos::{
    AppData, AuthError, LogtoProvider, User, UserView, WebConfig,
    browser::{SessionView, Snapshot},
    use_user,
};
use logto_testing::{CapturedLogs, TestProvider};
use serde::{Deserialize, Serialize};

use crate::{app::App, ssr_modes::SiteRoot};

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Account {
    plan: String,
    seats: u32,
}

/// Changes the account, as an app does when the user buys another plan.
#[server(prefix = "/api", endpoint = "test/buy")]
async fn buy(plan: String) -> Result<(), AuthError> {
    let account = Account { plan, seats: 9 };
    Ok(logto_leptos::auth_session()?.set_data(&account).await?)
}

#[component]
fn Plan() -> impl IntoView {
    let user = use_user();
    let account = move || user.get().and_then(|user| user.claim::<Account>("account"));
    view! {
        <p>{move || account().map(|account| format!("plan {} with {} seats", account.plan, account.seats))}</p>
        <p>{move || user.get().and_then(|user| user.email)}</p>
    }
}

#[component]
fn Site() -> impl IntoView {
    view! {
        <LogtoProvider>
            <Pages>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/") view=Plan />
                    <Route path=path!("/static") view=Plan ssr=SsrMode::Static(StaticRoute::new()) />
                </Routes>
            </Pages>
        </LogtoProvider>
    }
}

/// The one place where the app decides.
fn decide(user: &User, mut view: UserView) -> UserView {
    view.email = None;
    let account = user.data::<Account>().ok().flatten();
    view.with_claim("account", account)
}

fn with_account(web: WebConfig) -> WebConfig {
    web.with_on_sign_in(|_| async {
        let plan = "</script>\"'<b>".to_owned();
        Ok(AppData::new(&Account { plan, seats: 5 })?)
    })
}

async fn start(root: &SiteRoot, change: impl FnOnce(WebConfig) -> WebConfig) -> App {
    let site_root = root.0.to_str().unwrap();
    let options = LeptosOptions::builder().output_name("app").site_root(site_root).build();
    let pages = Router::new()
        .leptos_routes(&options, generate_route_list(Site), Site)
        .with_state(options);
    let app = App::with_pages(TestProvider::builder(), |web| change(with_account(web)), pages).await;
    app.sign_in("ada").await;
    app
}

async fn page(app: &App, path: &str) -> String {
    let request = Request::get(path).header(header::ACCEPT, "text/html");
    app.send(request.body(Body::empty()).unwrap()).await.body
}

/// The snapshot that the page contains for the browser.
fn snapshot_in(page: &str) -> Snapshot {
    let (_, rest) = page.split_once("data-logto-snapshot=\"").unwrap();
    let attribute = rest.split_once('"').unwrap().0;
    let json = [
        ("&quot;", "\""),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .iter()
    .fold(attribute.to_owned(), |json, (entity, text)| json.replace(entity, text));
    serde_json::from_str(&json).unwrap()
}

async fn refetched(app: &App) -> Snapshot {
    let body = app.post("/api/logto/session", "").await.body;
    serde_json::from_str(&body).unwrap()
}

#[tokio::test]
async fn a_page_and_the_session_function_have_the_claims_that_the_app_chose() {
    let root = SiteRoot::new();
    let app = start(&root, |web| web.with_user_view(decide)).await;
    let page = page(&app, "/").await;
    assert!(page.contains("plan &lt;/script&gt;\"'&lt;b&gt; with 5 seats"), "{page}");
    assert!(!page.contains("<b>"), "a claim cannot become HTML: {page}");
    let in_page = snapshot_in(&page);
    let user = in_page.user.clone().unwrap();
    assert_eq!(user.claim::<Account>("account").unwrap().seats, 5);
    assert_eq!((user.display_name(), user.organizations.len()), ("Ada Lovelace", 2));
    assert!(!page.contains("ada@"), "the app has removed the email address: {page}");
    assert_eq!(refetched(&app).await, in_page);
}

#[tokio::test]
async fn the_default_has_no_claims_of_the_app() {
    let root = SiteRoot::new();
    let app = start(&root, |web| web).await;
    let page = page(&app, "/").await;
    assert!(page.contains("ada@") && !page.contains("seats"), "{page}");
    assert!(snapshot_in(&page).user.unwrap().claims().is_empty());
}

#[tokio::test]
async fn a_refetch_has_the_claims_after_a_change() {
    let root = SiteRoot::new();
    let app = start(&root, |web| web.with_user_view(decide)).await;
    app.post("/api/test/buy", "plan=Team").await;
    let user = refetched(&app).await.user.unwrap();
    let account = Account {
        plan: "Team".into(),
        seats: 9,
    };
    assert_eq!(user.claim("account"), Some(account));
}

/// All users get the same file.
#[tokio::test]
async fn a_static_page_has_no_claims_and_the_browser_asks_for_them() {
    let root = SiteRoot::new();
    let app = start(&root, |web| web.with_user_view(decide)).await;
    for _ in ["rendered", "from its file"] {
        let page = page(&app, "/static").await;
        let snapshot = snapshot_in(&page);
        assert_eq!((snapshot.state, snapshot.user), (SessionView::Loading, None));
        assert!(!page.contains("seats") && !page.contains("Ada"), "{page}");
    }
    let user = refetched(&app).await.user.unwrap();
    assert_eq!(user.claim::<Account>("account").unwrap().seats, 5);
}

#[tokio::test]
async fn a_claim_that_does_not_fit_is_left_out_and_logged() {
    let (logs, _guard) = CapturedLogs::of_this_thread();
    let root = SiteRoot::new();
    let too_large = |_: &User, view: UserView| {
        let history = "x".repeat(UserView::MAX_CLAIM_BYTES);
        view.with_claim("history", history).with_claim("seats", 5)
    };
    let app = start(&root, |web| web.with_user_view(too_large)).await;
    let page = page(&app, "/").await;
    let user = snapshot_in(&page).user.unwrap();
    assert_eq!(user.claims().keys().collect::<Vec<_>>(), ["seats"]);
    let logs = logs.text();
    assert!(
        logs.contains("ERROR") && logs.contains("user_view_claim_left_out"),
        "{logs}"
    );
    assert!(logs.contains("`history`") && !logs.contains("xxx"), "{logs}");
}
