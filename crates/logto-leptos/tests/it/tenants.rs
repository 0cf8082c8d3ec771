//! Two tenants below one `LogtoProvider`: each has its own sessions and paths.

use axum::{Router, routing::any};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_leptos::{
    Logto, LogtoConfig, LogtoProvider, Paths, RouterExt as _, SignIn, SignedIn, SignedOut, Tenants, WebConfig,
    browser::{SessionView, Snapshot},
    use_user,
};
use logto_testing::{Browser, TestProvider};

const ACME: &str = "http://acme.localhost:3000";
const GLOBEX: &str = "http://globex.localhost:3000";

#[component]
fn App() -> impl IntoView {
    view! {
        <LogtoProvider>
            <Pages>
                <Routes fallback=|| "Not found">
                    <Route path=path!("/") view=Home />
                </Routes>
            </Pages>
        </LogtoProvider>
    }
}

#[component]
fn Home() -> impl IntoView {
    let user = use_user();
    view! {
        <SignedIn>
            <p id="user">{move || user.get().map(|user| user.id)}</p>
        </SignedIn>
        <SignedOut>
            <SignIn />
        </SignedOut>
    }
}

async fn tenant(base_url: &str, paths: Paths) -> (TestProvider, Logto) {
    let provider = TestProvider::builder()
        .client("app", "secret")
        .redirect_uri(&format!("{base_url}/callback"))
        .start()
        .await;
    let config = LogtoConfig::new(provider.endpoint(), "app", "secret");
    let web = WebConfig::new(base_url, ["a secret that both tenants share".into()]).with_paths(paths);
    (provider, Logto::new(config, web).unwrap())
}

fn app(tenants: &Tenants) -> Router {
    let options = LeptosOptions::builder().output_name("app").build();
    Router::new()
        .route("/api/{*path}", any(leptos_axum::handle_server_fns))
        .leptos_routes(&options, generate_route_list(App), App)
        .with_logto(tenants)
        .with_state(options)
}

async fn snapshot(browser: &Browser, host: &str) -> Snapshot {
    browser
        .fetch(&format!("{host}/api/logto/session"))
        .form([])
        .await
        .json()
}

#[tokio::test]
async fn pages_and_the_session_function_belong_to_the_tenant_of_the_request() {
    let (of_acme, acme) = tenant(ACME, Paths::default()).await;
    let moved = Paths::default().with_sign_in("/auth/sign-in");
    let (of_globex, globex) = tenant(GLOBEX, moved).await;
    let router = app(&Tenants::of([acme, globex]));
    let browser = Browser::of(router.clone())
        .at(ACME)
        .with_site(GLOBEX, router)
        .with_provider(&of_acme)
        .with_provider(&of_globex);
    of_acme.sign_in_as("ada");

    let visitor = browser.get("/").await;
    assert!(visitor.body().contains("action=\"/sign-in\""), "{}", visitor.body());
    let page = browser.post_form("/sign-in", [("return_to", "/")]).await;
    assert!(page.body().contains("usr_ada"), "{}", page.body());
    assert_eq!(snapshot(&browser, ACME).await.user.unwrap().id, "usr_ada");

    let elsewhere = browser.get(&format!("{GLOBEX}/")).await;
    assert!(
        elsewhere.body().contains("action=\"/auth/sign-in\""),
        "{}",
        elsewhere.body()
    );
    let snapshot = snapshot(&browser, GLOBEX).await;
    assert_eq!((snapshot.state, snapshot.user), (SessionView::Anonymous, None));
    assert_eq!(snapshot.paths.sign_in, "/auth/sign-in");
}
