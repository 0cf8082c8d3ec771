//! Tests with the fallback of the Leptos template, `file_and_error_handler`. It can apply the
//! `ResponseOptions` of a page that is still rendering to the response for a file, so this crate
//! stores nothing in them.

use std::sync::Arc;

use axum::{Router, body::Body};
use http::{HeaderMap, Request, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_leptos::{AuthError, SignInOptions, SignOutOptions};
use logto_testing::{Endpoint, TestProvider};
use tokio::sync::{Notify, Semaphore};
use tower::ServiceExt as _;

use crate::app::provider_and_logto;

/// Stops a page between its redirect and its response.
#[derive(Clone, Default)]
struct Gate {
    arrived: Arc<Notify>,
    open: Arc<Notify>,
}

async fn wait(done: Result<(), AuthError>) -> String {
    // The route list is generated without this context.
    if let Some(gate) = use_context::<Gate>() {
        gate.arrived.notify_one();
        gate.open.notified().await;
    }
    format!("{done:?}")
}

#[component]
fn SigningIn() -> impl IntoView {
    let done = Resource::new_blocking(
        || (),
        |()| async { wait(logto_leptos::sign_in(SignInOptions::default()).await).await },
    );
    view! { <Suspense>{move || Suspend::new(done.into_future())}</Suspense> }
}

#[component]
fn SigningOut() -> impl IntoView {
    let done = Resource::new_blocking(
        || (),
        |()| async { wait(logto_leptos::sign_out(SignOutOptions::default()).await).await },
    );
    view! { <Suspense>{move || Suspend::new(done.into_future())}</Suspense> }
}

/// Starts a sign-in and a sign-out after the response head was sent.
#[component]
fn TooLate() -> impl IntoView {
    let done = Resource::new(
        || (),
        |()| async {
            if let Some(gate) = use_context::<Arc<Semaphore>>() {
                let _ = gate.acquire().await;
            }
            let sign_in = logto_leptos::sign_in(SignInOptions::default()).await;
            let sign_out = logto_leptos::sign_out(SignOutOptions::default()).await;
            let code = |done: Result<(), AuthError>| done.map_err(|error| error.code().to_owned());
            format!("{:?} {:?}", code(sign_in), code(sign_out))
        },
    );
    view! { <Suspense>{move || Suspend::new(done.into_future())}</Suspense> }
}

#[component]
fn App() -> impl IntoView {
    view! {
        <Pages>
            <Routes fallback=|| "Not found">
                <Route path=path!("/in") view=SigningIn ssr=SsrMode::Async />
                <Route path=path!("/out") view=SigningOut ssr=SsrMode::Async />
                <Route path=path!("/too-late") view=TooLate />
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

async fn app<C: Clone + Send + Sync + 'static>(context: C) -> (TestProvider, Router) {
    let (provider, logto) = provider_and_logto(TestProvider::builder()).await;
    let options = LeptosOptions::builder()
        .output_name("app")
        .site_root(env!("CARGO_MANIFEST_DIR"))
        .build();
    let for_shell = options.clone();
    let router = Router::new()
        .leptos_routes_with_context(
            &options,
            generate_route_list(App),
            move || provide_context(context.clone()),
            move || shell(for_shell.clone()),
        )
        .fallback(leptos_axum::file_and_error_handler(shell))
        .layer(logto.layer())
        .with_state(options);
    (provider, router)
}

fn page(path: &str) -> Request<Body> {
    let request = Request::get(path).header(header::ACCEPT, "text/html");
    request.body(Body::empty()).unwrap()
}

async fn get(app: &Router, path: &str) -> (StatusCode, HeaderMap) {
    let (parts, _) = app.clone().oneshot(page(path)).await.unwrap().into_parts();
    (parts.status, parts.headers)
}

#[tokio::test]
async fn a_file_has_no_redirect_cookie_or_policy_of_a_page_that_is_rendering() {
    for (path, endpoint) in [("/in", Endpoint::Authorization), ("/out", Endpoint::EndSession)] {
        let gate = Gate::default();
        let (provider, app) = app(gate.clone()).await;
        let mut page = Box::pin(get(&app, path));
        tokio::select! {
            _ = &mut page => panic!("the page waits"),
            () = gate.arrived.notified() => {}
        }
        // Let the page continue to its gate.
        assert!(futures_util::poll!(&mut page).is_pending());
        let (status, file) = get(&app, "/Cargo.toml").await;
        assert_eq!(status, StatusCode::OK, "{path}");
        for name in [
            header::LOCATION,
            header::SET_COOKIE,
            header::CONTENT_SECURITY_POLICY,
            header::VARY,
        ] {
            assert!(!file.contains_key(&name), "{path}: {file:?}");
        }
        gate.open.notify_one();
        let (status, headers) = page.await;
        assert_eq!(status, StatusCode::SEE_OTHER, "{path}");
        let target = headers[header::LOCATION].to_str().unwrap();
        assert!(target.starts_with(&format!("{}?", provider.url(endpoint))), "{target}");
        assert!(headers.contains_key(header::SET_COOKIE), "{path}: {headers:?}");
    }
}

#[tokio::test]
async fn sign_in_and_sign_out_fail_while_a_page_streams() {
    let gate = Arc::new(Semaphore::new(0));
    let (_provider, app) = app(Arc::clone(&gate)).await;
    let response = app.oneshot(page("/too-late")).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    gate.add_permits(1);
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert!(
        body.contains(r#"Err("response_started") Err("response_started")"#),
        "{body}"
    );
}

#[tokio::test]
async fn an_address_that_is_not_a_valid_file_name_returns_404_with_a_page() {
    let (_provider, app) = app(()).await;
    for name in ["a".repeat(300), "%00".to_owned(), "%2e%2e%2fCargo.toml".to_owned()] {
        let (status, headers) = get(&app, &format!("/{name}")).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{name}");
        assert_eq!(headers[header::CONTENT_TYPE], "text/html; charset=utf-8", "{name}");
    }
}
