//! Responses that depend on a session or set a cookie are not stored by any cache.

use axum::{
    Router,
    body::Body,
    response::{Html, IntoResponse},
    routing::{get, post},
};
use http::{Method, Request, StatusCode, header};
use logto_axum::{AuthSession, Diagnose as _};
use logto_testing::{Endpoint, HttpFault};

use crate::{
    app::{Answer, App, BASE, layered},
    faulty_store::FaultyStore,
};

/// The response is private, must not be stored, and varies by cookie.
#[track_caller]
fn assert_not_stored(answer: &Answer, what: &str) {
    assert_eq!(
        answer.headers["cache-control"], "private, no-store",
        "{what}: {answer:?}"
    );
    assert_eq!(answer.headers["vary"], "Cookie", "{what}: {answer:?}");
}

#[tokio::test]
async fn responses_that_depend_on_the_session_are_private_and_not_stored() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    for path in ["/", "/me", "/page", "/claims", "/late-token"] {
        assert_not_stored(&browser.get(path).await, path);
        assert_not_stored(&app.browser().get(path).await, path);
        let request = Request::head(path).body(Body::empty()).unwrap();
        assert_not_stored(&browser.send(request).await, path);
    }
    assert_not_stored(&browser.post("/token", "").await, "a handler that fetched a token");
}

#[tokio::test]
async fn every_step_of_a_sign_in_and_a_sign_out_is_private_and_not_stored() {
    let app = App::start().await;
    let browser = app.browser();
    app.provider.sign_in_as("ada");
    let start = browser.post("/sign-in", "return_to=/").await;
    assert_not_stored(&start, "the start");
    let callback = app.provider.authorize(&start.location()).await;
    let callback = callback.strip_prefix(BASE).unwrap();
    assert_not_stored(&browser.get(callback).await, "the callback");
    assert_not_stored(&browser.get(callback).await, "the repeated callback");
    assert_not_stored(&app.browser().get(callback).await, "the callback in another browser");
    assert_not_stored(&browser.post("/sign-out", "").await, "the sign-out");
    let cross_site = Request::post("/sign-out").header("sec-fetch-site", "cross-site");
    assert_not_stored(
        &browser.send(cross_site.body(Body::empty()).unwrap()).await,
        "a rejection",
    );
    app.provider.fault(HttpFault::Status(503).at(Endpoint::Discovery));
    assert_not_stored(
        &browser.get("/callback?failed=access_denied").await,
        "the plain error page",
    );
}

#[tokio::test]
async fn responses_during_a_store_outage_are_private_and_not_stored() {
    let store = FaultyStore::default();
    let app = App::configured(|web| web.with_store(store.clone())).await;
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    let page = Request::get("/page")
        .header("accept", "text/html")
        .header("sec-fetch-dest", "document");
    let page = browser.send(page.body(Body::empty()).unwrap()).await;
    for (answer, what) in [
        (page, "a page"),
        (browser.get("/me").await, "a handler"),
        (browser.get("/").await, "an error"),
        (browser.post("/sign-out", "").await, "the sign-out"),
    ] {
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{what}: {answer:?}");
        assert_not_stored(&answer, what);
    }
}

#[tokio::test]
async fn responses_to_back_channel_logouts_are_not_stored() {
    let app = App::start().await;
    let answer = app.browser().post("/backchannel-logout", "logout_token=none").await;
    assert_eq!(answer.headers["cache-control"], "no-store");
}

#[tokio::test]
async fn responses_that_do_not_read_the_session_are_cacheable_and_set_no_cookie() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    let answer = browser.get("/static").await;
    assert!(!answer.headers.contains_key("cache-control"));
    assert!(!answer.headers.contains_key("vary"));
    assert!(answer.cookies.is_empty());
}

#[tokio::test]
async fn an_unchanged_session_sets_no_cookie() {
    let app = App::start().await;
    let browser = app.signed_in("ada").await;
    assert!(browser.get("/me").await.cookies.is_empty());
}

#[tokio::test]
async fn a_response_that_starts_a_sign_in_is_private_without_reading_the_session() {
    let app = App::start().await;
    let answer = app.browser().post("/go", "").await;
    assert_eq!(answer.cookies.len(), 1, "the transaction");
    assert_not_stored(&answer, "a sign-in");
}

#[tokio::test]
async fn responses_that_set_a_cookie_of_the_app_are_not_stored() {
    let own = |headers: [(http::HeaderName, &'static str); 2]| get(move || async move { (headers, "text") });
    let caching = (header::CACHE_CONTROL, "public, max-age=600");
    let app = layered(
        Router::new()
            .route("/cookie", own([(header::SET_COOKIE, "theme=dark"), caching.clone()]))
            .route("/plain", own([(header::ACCEPT_RANGES, "none"), caching])),
    );
    assert_not_stored(&app.get("/cookie").await, "a cookie");
    assert_eq!(app.get("/plain").await.headers["cache-control"], "public, max-age=600");
}

#[tokio::test]
async fn cache_control_and_vary_of_the_app_are_only_made_stricter() {
    async fn handler(session: AuthSession) -> impl IntoResponse {
        let _ = session.state().await;
        let headers = [
            (header::CACHE_CONTROL, "public, max-age=600, no-transform"),
            (header::VARY, "Accept-Language"),
        ];
        (StatusCode::NOT_MODIFIED, headers)
    }
    let app = layered(Router::new().route("/", get(handler)).route("/", post(handler)));
    for method in [Method::GET, Method::HEAD, Method::POST] {
        let request = Request::builder().method(method).uri("/").body(Body::empty()).unwrap();
        let answer = app.send(request).await;
        assert_eq!(answer.status, StatusCode::NOT_MODIFIED);
        assert_eq!(answer.headers["cache-control"], "private, no-store, no-transform");
        let vary: Vec<_> = answer.headers.get_all("vary").iter().collect();
        assert_eq!(vary, ["Accept-Language", "Cookie"]);
    }
}

const PUBLIC: (header::HeaderName, &str) = (header::CACHE_CONTROL, "public, max-age=600");

/// Pages that say `public` and use the session in different ways.
fn public_pages() -> Router {
    async fn later(session: AuthSession) -> impl IntoResponse {
        let state = async move {
            let state = session.state().await;
            let state = state.map_or_else(|error| error.code(), |state| state.as_str());
            Ok::<_, std::convert::Infallible>(format!("<p>{state}</p>"))
        };
        let body = Body::from_stream(futures_util::stream::once(state));
        ([PUBLIC, (header::CONTENT_TYPE, "text/html")], body)
    }
    async fn before(session: AuthSession) -> impl IntoResponse {
        let state = session.state().await.unwrap();
        ([PUBLIC], Html(state.as_str()))
    }
    Router::new()
        .route("/never", get(|| async { ([PUBLIC], Html("<p>for all</p>")) }))
        .route(
            "/unused",
            get(|_: AuthSession| async { ([PUBLIC], Html("<p>for all</p>")) }),
        )
        .route("/later", get(later))
        .route("/before", get(before))
        .route("/silent", get(|| async { Html("<p>for all</p>") }))
        .route(
            "/contradiction",
            get(|| async { ([(header::CACHE_CONTROL, "public, private")], Html("<p>for one</p>")) }),
        )
}

/// The app, with these pages below `/public`.
async fn app_with_public_pages() -> App {
    let app = App::start().await;
    let pages = public_pages().layer(app.logto.layer());
    app.map_router(|router| Router::new().nest("/public", pages).merge(router))
}

/// Requested by a visitor, and by a user whose session the layer reads in order to refresh it.
#[tokio::test]
async fn a_public_page_that_does_not_read_the_session_stays_public() {
    let app = app_with_public_pages().await;
    let user = app.signed_in("ada").await;
    for browser in [&app.browser(), &user] {
        for path in ["/public/never", "/public/unused"] {
            let page = Request::get(path)
                .header("accept", "text/html")
                .header("sec-fetch-dest", "document");
            let answer = browser.send(page.body(Body::empty()).unwrap()).await;
            assert_eq!(answer.headers["cache-control"], PUBLIC.1, "{path}");
            assert!(!answer.headers.contains_key("vary"), "{path}");
            assert!(answer.cookies.is_empty(), "{path}");
        }
    }
}

#[tokio::test]
async fn a_page_that_reads_the_session_is_private_even_if_it_says_public_or_has_no_session() {
    let app = layered(public_pages());
    let answer = app.get("/before").await;
    assert_eq!(answer.body, "anonymous");
    assert_not_stored(&answer, "reads the session before the head");
    assert_not_stored(&app.get("/silent").await, "says nothing about caching");
    assert_not_stored(&app.get("/contradiction").await, "says public and private");
}

#[tokio::test]
async fn the_body_of_a_public_response_cannot_read_the_session() {
    let app = app_with_public_pages().await;
    let browser = app.signed_in("ada").await;
    let answer = browser.get("/public/later").await;
    assert_eq!(answer.headers["cache-control"], PUBLIC.1);
    assert_eq!(answer.body, "<p>response_public</p>");
}

#[tokio::test]
async fn a_refresh_before_a_public_page_makes_it_private() {
    let app = app_with_public_pages().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(3590);
    let page = Request::get("/public/never").header("accept", "text/html");
    let answer = browser.send(page.body(Body::empty()).unwrap()).await;
    assert_eq!(answer.cookies.len(), 1, "{answer:?}");
    assert_not_stored(&answer, "with a cookie");
}
