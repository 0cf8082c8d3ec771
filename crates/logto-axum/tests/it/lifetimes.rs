//! Session lifetimes, and refreshes before a page is rendered.

use std::sync::Arc;

use axum::body::Body;
use http::Request;
use logto::session::store::MemoryStore;
use logto_axum::Lifetimes;
use logto_testing::{Endpoint, HttpFault, TestProvider};

use crate::app::{App, Browser};

const DAY: u64 = 24 * 60 * 60;
const HOUR: u64 = 3600;

pub(crate) async fn open_page(browser: &Browser<'_>) -> String {
    let request = Request::get("/")
        .header("sec-fetch-dest", "document")
        .body(Body::empty())
        .unwrap();
    browser.send(request).await.body
}

async fn provider() -> TestProvider {
    TestProvider::builder().client("app", "secret").start().await
}

#[tokio::test]
async fn a_session_expires_after_its_idle_time_and_a_visit_extends_it() {
    let app = App::with(provider().await, |web| {
        web.with_lifetimes(Lifetimes::default().with_idle(2 * DAY).with_absolute(14 * DAY))
    });
    let browser = app.signed_in("ada").await;
    for _ in 0..5 {
        app.provider.clock().advance(DAY + HOUR);
        assert_eq!(open_page(&browser).await, "active");
    }
    app.provider.clock().advance(2 * DAY);
    assert_eq!(open_page(&browser).await, "anonymous");
}

#[tokio::test]
async fn a_session_expires_after_its_absolute_lifetime_despite_visits() {
    let app = App::with(provider().await, |web| web);
    let browser = app.signed_in("ada").await;
    for _ in 0..13 {
        app.provider.clock().advance(DAY);
        assert_eq!(open_page(&browser).await, "active");
    }
    app.provider.clock().advance(DAY);
    assert_eq!(open_page(&browser).await, "anonymous");
}

#[tokio::test]
async fn a_token_about_to_expire_is_refreshed_before_the_page_is_rendered() {
    let app = App::with(provider().await, |web| web);
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR - 31);
    app.provider.clear_log();
    open_page(&browser).await;
    assert_eq!(
        app.provider.requests(Endpoint::Token),
        0,
        "no refresh 31 seconds before expiry"
    );
    app.provider.clock().advance(2);
    assert_eq!(open_page(&browser).await, "active");
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    app.provider.clock().advance(60);
    assert_eq!(browser.get("/").await.body, "active", "refreshed and saved");
}

#[tokio::test]
async fn the_early_refresh_can_be_configured_and_disabled() {
    for (seconds, refreshes) in [(0, 0), (120, 1)] {
        let app = App::with(provider().await, |web| web.with_refresh_before(seconds));
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(HOUR - 100);
        app.provider.clear_log();
        open_page(&browser).await;
        assert_eq!(app.provider.requests(Endpoint::Token), refreshes, "{seconds}");
    }
}

#[tokio::test]
async fn a_shorter_lifetime_also_applies_to_stored_sessions() {
    let store = Arc::new(MemoryStore::default());
    let app = App::with(provider().await, |web| web.with_shared_store(store.clone()));
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR / 2);
    let shorter = app.second_instance(|web| {
        let lifetimes = web.lifetimes().with_idle(60);
        web.with_shared_store(store.clone()).with_lifetimes(lifetimes)
    });
    let same = shorter.browser_with(browser.cookies.borrow().clone());
    assert_eq!(same.get("/").await.body, "anonymous");
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn a_shorter_lifetime_also_applies_to_sessions_in_cookies() {
    let app = App::with(provider().await, |web| web);
    let shorter = app.second_instance(|web| web.with_lifetimes(Lifetimes::default().with_idle(DAY)));
    let cookies = app.signed_in("ada").await.cookies.take();
    app.provider.clock().advance(DAY - 1);
    assert_ne!(shorter.browser_with(cookies.clone()).get("/").await.body, "anonymous");
    app.provider.clock().advance(1);
    assert_eq!(shorter.browser_with(cookies).get("/").await.body, "anonymous");
}

#[tokio::test]
async fn failed_refreshes_back_off_instead_of_running_on_every_request() {
    let app = App::with(provider().await, |web| web);
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    app.provider.fault(HttpFault::RetryAfter(503, "20").at(Endpoint::Token));
    app.provider.clear_log();
    for _ in 0..10 {
        assert_eq!(open_page(&browser).await, "stale");
    }
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    app.provider.clear_faults();
    app.provider.clock().advance(20);
    assert_eq!(open_page(&browser).await, "active");
}
