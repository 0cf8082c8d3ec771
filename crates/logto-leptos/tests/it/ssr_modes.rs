//! Tests that the content security policy allows the scripts of a page, in every rendering mode.

use std::{
    collections::BTreeSet,
    env, fs,
    path::PathBuf,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use axum::{
    Router,
    body::{Body, to_bytes},
};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use http::{HeaderMap, Request, StatusCode, header};
use leptos::prelude::*;
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list};
use leptos_router::{
    SsrMode,
    components::{Route, Router as Pages, Routes},
    path,
    static_routes::StaticRoute,
};
use logto_leptos::{ContentSecurityPolicy, CspDirective, Logto, LogtoConfig, SecurityHeaders, WebConfig, static_pages};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

/// Counts the renderings.
static RENDERED: AtomicU32 = AtomicU32::new(0);

/// A page with serialized data, an inline style, and injected scripts that must not run.
#[component]
fn Content() -> impl IntoView {
    let rendered = RENDERED.fetch_add(1, Ordering::Relaxed);
    let data = Resource::new(|| (), |()| async { "data of the page".to_owned() });
    view! {
        <style nonce=leptos::nonce::use_nonce()>"p { color: teal }"</style>
        <p>{format!("rendering {rendered}")}</p>
        <div inner_html="<script nonce=guessed>steal()</script><script>steal()</script>" />
        <Suspense>{move || Suspend::new(data.into_future())}</Suspense>
    }
}

/// A page that is not found. Leptos writes no file for it.
#[component]
fn Missing() -> impl IntoView {
    if let Some(response) = use_context::<ResponseOptions>() {
        response.set_status(StatusCode::NOT_FOUND);
    }
    Content()
}

#[component]
fn App() -> impl IntoView {
    let fixed = || SsrMode::Static(StaticRoute::new());
    view! {
        <Pages>
            <Routes fallback=|| "Not found">
                <Route path=path!("/out-of-order") view=Content ssr=SsrMode::OutOfOrder />
                <Route path=path!("/partially-blocked") view=Content ssr=SsrMode::PartiallyBlocked />
                <Route path=path!("/in-order") view=Content ssr=SsrMode::InOrder />
                <Route path=path!("/async") view=Content ssr=SsrMode::Async />
                <Route path=path!("/static") view=Content ssr=fixed() />
                <Route path=path!("/static/:name") view=Content ssr=fixed() />
                <Route path=path!("/missing/:name") view=Missing ssr=fixed() />
            </Routes>
        </Pages>
    }
}

fn shell(options: LeptosOptions) -> impl IntoView {
    logto_leptos::send_content_security_policy(&options);
    view! {
        <!DOCTYPE html>
        <html>
            <head>
                <HydrationScripts options />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// A directory for the files of static pages. Dropping it removes the files.
pub(crate) struct SiteRoot(pub(crate) PathBuf);

impl SiteRoot {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = env::temp_dir().join(format!("logto-leptos-static-{}-{count}", process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }
}

impl Drop for SiteRoot {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Starts an app, whose site root may contain files of an earlier process.
fn app(root: &SiteRoot) -> Router {
    let options = LeptosOptions::builder()
        .output_name("app")
        .site_root(root.0.to_str().unwrap())
        .build();
    let policy = ContentSecurityPolicy::default().allow(CspDirective::ImgSrc, "https:");
    let web = WebConfig::new("http://localhost:3000", ["a secret of these tests, long enough".into()])
        .with_security_headers(SecurityHeaders::strict().with_content_security_policy(policy));
    let logto = Logto::new(LogtoConfig::new("https://tenant.logto.app", "app", "secret"), web).unwrap();
    let for_shell = options.clone();
    let routes = generate_route_list(App);
    let layer = logto.layer().with_static_pages(static_pages(&routes));
    Router::new()
        .leptos_routes(&options, routes, move || shell(for_shell.clone()))
        .fallback(leptos_axum::file_and_error_handler(shell))
        .layer(layer)
        .with_state(options)
}

async fn get(app: &Router, path: &str) -> (HeaderMap, String) {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (parts, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let expected = if path.starts_with("/missing") {
        StatusCode::NOT_FOUND
    } else {
        StatusCode::OK
    };
    assert_eq!(parts.status, expected, "{path}");
    let body = to_bytes(body, 1 << 20).await.unwrap();
    (parts.headers, String::from_utf8(body.to_vec()).unwrap())
}

/// Returns the sources of a directive.
fn sources<'a>(headers: &'a HeaderMap, directive: &str) -> BTreeSet<&'a str> {
    let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    let mut directives = policy.split("; ").filter_map(|line| line.split_once(' '));
    let (_, sources) = directives.find(|(name, _)| *name == directive).unwrap();
    sources.split(' ').collect()
}

/// Returns the inline scripts or styles that a browser runs, and those that it blocks (CSP Level 3
/// §6.7.3.3).
fn inline<'a>(page: &'a str, element: &str, allowed: &BTreeSet<&str>) -> (Vec<&'a str>, Vec<&'a str>) {
    let (start, end) = (format!("<{element}"), format!("</{element}>"));
    let elements = page.split(start.as_str()).skip(1).map(|rest| {
        let (tag, rest) = rest.split_once('>').unwrap();
        (tag, rest.split_once(end.as_str()).unwrap().0)
    });
    let inline = elements.filter(|(tag, _)| !tag.contains(" src="));
    let runs = |(tag, content): &(&str, &str)| {
        let hash = format!("'sha256-{}'", BASE64_STANDARD.encode(Sha256::digest(content)));
        let nonce = tag.split_once("nonce=\"").and_then(|(_, rest)| rest.split_once('"'));
        let nonce = nonce.map(|(nonce, _)| format!("'nonce-{nonce}'"));
        allowed.contains(hash.as_str()) || nonce.is_some_and(|nonce| allowed.contains(nonce.as_str()))
    };
    let (run, blocked): (Vec<_>, Vec<_>) = inline.partition(runs);
    let contents = |elements: Vec<(&'a str, &'a str)>| elements.into_iter().map(|(_, content)| content).collect();
    (contents(run), contents(blocked))
}

/// Asserts that the browser runs the page's own scripts and styles, and no injected script.
#[track_caller]
fn hydrates(headers: &HeaderMap, page: &str, what: &str) {
    let (run, blocked) = inline(page, "script", &sources(headers, "script-src"));
    for part in ["mod.hydrate()", "__RESOLVED_RESOURCES=[", "__INCOMPLETE_CHUNKS=["] {
        assert!(run.iter().any(|script| script.contains(part)), "{what}: {part} {page}");
    }
    assert_eq!(blocked, ["steal()"; 2], "{what}: {page}");
    let (run, blocked) = inline(page, "style", &sources(headers, "style-src"));
    assert_eq!((run.len(), blocked.len()), (1, 0), "{what}: {page}");
    assert!(sources(headers, "img-src").contains("https:"), "{what}");
    let scripts = sources(headers, "script-src");
    assert!(
        scripts.contains("'self'") && scripts.contains("'wasm-unsafe-eval'"),
        "{what}"
    );
    assert!(!scripts.contains("'unsafe-inline'"), "{what}");
}

fn rendering(page: &str) -> &str {
    let (_, rest) = page.split_once("rendering ").unwrap();
    rest.split_once('<').unwrap().0
}

#[tokio::test]
async fn a_page_hydrates_in_every_mode() {
    let root = SiteRoot::new();
    let app = app(&root);
    for path in ["/out-of-order", "/partially-blocked", "/in-order", "/async"] {
        let mut nonces = BTreeSet::new();
        for _ in ["once", "twice"] {
            let (headers, page) = get(&app, path).await;
            hydrates(&headers, &page, path);
            let policy = sources(&headers, "script-src");
            let nonce = policy.iter().find(|source| source.starts_with("'nonce-"));
            nonces.insert((*nonce.unwrap()).to_owned());
        }
        assert_eq!(nonces.len(), 2, "{path}");
    }
}

#[tokio::test]
async fn a_static_page_hydrates_when_rendered_from_its_file_and_after_a_restart() {
    let root = SiteRoot::new();
    let first = app(&root);
    let restarted = app(&root);
    for path in ["/static", "/static/page"] {
        let mut policies = BTreeSet::new();
        let mut renderings = BTreeSet::new();
        for (app, what) in [
            (&first, "rendered"),
            (&first, "from its file"),
            (&restarted, "restarted"),
        ] {
            let (headers, page) = get(app, path).await;
            hydrates(&headers, &page, &format!("{path} {what}"));
            let policy = headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
            assert!(!policy.contains("'nonce-"), "{path} {what}: {policy}");
            policies.insert(policy.to_owned());
            renderings.insert(rendering(&page).to_owned());
        }
        assert_eq!(renderings.len(), 1, "{path}: Leptos renders it once");
        assert_eq!(policies.len(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_static_page_that_is_not_found_hydrates() {
    let root = SiteRoot::new();
    let app = app(&root);
    for what in ["once", "twice"] {
        let (headers, page) = get(&app, "/missing/page").await;
        hydrates(&headers, &page, what);
    }
}

/// A static page does not depend on the session.
#[tokio::test]
async fn the_layer_sets_no_cache_headers_on_a_static_page() {
    let root = SiteRoot::new();
    let app = app(&root);
    for what in ["rendered", "from its file"] {
        let (headers, _) = get(&app, "/static").await;
        assert!(!headers.contains_key(header::CACHE_CONTROL), "{what}: {headers:?}");
        assert!(!headers.contains_key(header::VARY), "{what}: {headers:?}");
    }
}
