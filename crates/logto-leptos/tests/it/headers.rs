//! Tests of the cache and policy headers of pages and server functions.

use std::{pin::pin, sync::Arc};

use axum::{
    Router,
    body::{Body, to_bytes},
};
use futures_util::FutureExt as _;
use http::{HeaderMap, Request, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
};
use logto_leptos::{Logto, LogtoConfig, SecurityHeaders, WebConfig};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use crate::app::App;

#[component]
fn Late() -> impl IntoView {
    let state = Resource::new(|| (), |()| logto_leptos::session_snapshot());
    view! { <Suspense>{move || Suspend::new(async move { format!("{:?}", state.await.ok()) })}</Suspense> }
}

/// The same page in every rendering mode of Leptos.
#[component]
fn InEveryMode() -> impl IntoView {
    view! {
        <Pages>
            <Routes fallback=|| "Not found">
                <Route path=path!("/out-of-order") view=Late ssr=SsrMode::OutOfOrder />
                <Route path=path!("/partially-blocked") view=Late ssr=SsrMode::PartiallyBlocked />
                <Route path=path!("/in-order") view=Late ssr=SsrMode::InOrder />
                <Route path=path!("/async") view=Late ssr=SsrMode::Async />
            </Routes>
        </Pages>
    }
}

fn shell(options: LeptosOptions) -> impl IntoView {
    logto_leptos::send_content_security_policy(&options);
    view! {
        <head>
            <HydrationScripts options />
        </head>
        <body>
            <InEveryMode />
        </body>
    }
}

fn logto(headers: SecurityHeaders) -> Logto {
    let web = WebConfig::new("http://localhost:3000", ["a secret of these tests, long enough".into()])
        .with_security_headers(headers);
    Logto::new(LogtoConfig::new("https://tenant.logto.app", "app", "secret"), web).unwrap()
}

fn in_every_mode(headers: SecurityHeaders) -> Router {
    let logto = logto(headers);
    let options = LeptosOptions::builder().output_name("app").build();
    let for_shell = options.clone();
    Router::new()
        .leptos_routes(&options, generate_route_list(InEveryMode), move || {
            shell(for_shell.clone())
        })
        .fallback(leptos_axum::file_and_error_handler(shell))
        .layer(logto.layer())
        .with_state(options)
}

const MODES: [&str; 4] = ["/out-of-order", "/partially-blocked", "/in-order", "/async"];

async fn get(app: &Router, path: &str) -> (HeaderMap, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let body = to_bytes(body, 1 << 20).await.unwrap();
    (parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

/// Returns the nonce of the policy, the number of scripts, and how many of them have the nonce.
fn nonce(headers: &HeaderMap, page: &str) -> (String, usize, usize) {
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    let (_, rest) = policy
        .split_once("script-src 'self' 'wasm-unsafe-eval' 'nonce-")
        .unwrap();
    let nonce = rest.split('\'').next().unwrap().to_owned();
    let scripts = page.matches("<script").count();
    let with_nonce = page.matches(&format!("nonce=\"{nonce}\"")).count();
    (nonce, scripts, with_nonce)
}

#[tokio::test]
async fn a_page_is_not_cacheable_in_any_mode() {
    let app = in_every_mode(SecurityHeaders::strict());
    for path in MODES {
        let (headers, page) = get(&app, path).await;
        assert!(page.contains("Anonymous"), "{path}: {page}");
        assert_eq!(headers[header::CACHE_CONTROL], "private, no-store", "{path}");
        assert_eq!(headers[header::VARY], "Cookie", "{path}");
    }
}

#[tokio::test]
async fn a_response_of_a_server_function_is_not_cacheable() {
    let app = App::start().await;
    for path in ["organizations", "sign-in", "sign-out"] {
        let answer = app.post(&format!("/api/test/{path}"), "").await;
        assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-store", "{path}");
        assert_eq!(answer.headers[header::VARY], "Cookie", "{path}");
    }
    let answer = app.post("/api/logto/session", "").await;
    assert_eq!(answer.headers[header::CACHE_CONTROL], "private, no-store");
}

#[tokio::test]
async fn every_inline_script_has_the_nonce_of_its_page() {
    let app = in_every_mode(SecurityHeaders::strict());
    let mut nonces = Vec::new();
    for path in MODES {
        let (headers, page) = get(&app, path).await;
        let (nonce, scripts, with_nonce) = nonce(&headers, &page);
        assert!(scripts > 0, "{path}: {page}");
        assert_eq!(scripts, with_nonce, "{path}: {page}");
        nonces.push(nonce);
    }
    nonces.dedup();
    assert_eq!(nonces.len(), MODES.len());
}

/// A page that waits for a permit.
#[component]
fn Waiting() -> impl IntoView {
    let gate = use_context::<Arc<Semaphore>>();
    let state = Resource::new(
        || (),
        move |()| {
            let gate = gate.clone();
            async move {
                if let Some(gate) = gate {
                    let _ = gate.acquire().await;
                }
                logto_leptos::session_snapshot().await
            }
        },
    );
    view! {
        <Pages>
            <Routes fallback=|| "Not found">
                <Route
                    path=path!("/")
                    view=move || {
                        view! { <Suspense>{move || Suspend::new(async move { format!("{:?}", state.await.ok()) })}</Suspense> }
                    }
                    ssr=SsrMode::Async
                />
            </Routes>
        </Pages>
    }
}

#[tokio::test]
async fn a_page_keeps_its_policy_while_a_file_is_sent() {
    fn waiting(options: LeptosOptions) -> impl IntoView {
        logto_leptos::send_content_security_policy(&options);
        view! {
            <HydrationScripts options />
            <Waiting />
        }
    }
    let gate = Arc::new(Semaphore::new(0));
    let options = LeptosOptions::builder()
        .output_name("app")
        .site_root(env!("CARGO_MANIFEST_DIR"))
        .build();
    let for_shell = options.clone();
    let for_pages = Arc::clone(&gate);
    let app = Router::new()
        .leptos_routes_with_context(
            &options,
            generate_route_list(Waiting),
            move || provide_context(Arc::clone(&for_pages)),
            move || waiting(for_shell.clone()),
        )
        .fallback(leptos_axum::file_and_error_handler(waiting))
        .layer(logto(SecurityHeaders::strict()).layer())
        .with_state(options);

    let mut page = pin!(get(&app, "/"));
    assert!(page.as_mut().now_or_never().is_none());
    let (file, _) = get(&app, "/Cargo.toml").await;
    assert!(!file.contains_key(header::CONTENT_SECURITY_POLICY), "{file:?}");
    gate.add_permits(1);
    let (headers, page) = page.await;
    let (_, scripts, with_nonce) = nonce(&headers, &page);
    assert!(scripts > 0 && scripts == with_nonce, "{page}");
}

#[tokio::test]
async fn an_app_without_a_policy_sends_none() {
    let app = in_every_mode(SecurityHeaders::none());
    let (headers, _) = get(&app, "/async").await;
    assert!(!headers.contains_key(header::CONTENT_SECURITY_POLICY));
}

#[tokio::test]
async fn a_page_that_is_not_found_has_the_policy_with_its_nonce() {
    let app = in_every_mode(SecurityHeaders::strict());
    let (headers, page) = get(&app, "/no-such-page").await;
    let (_, scripts, with_nonce) = nonce(&headers, &page);
    assert!(scripts > 0 && scripts == with_nonce, "{page}");
}
