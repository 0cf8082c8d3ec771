//! How long sessions live, and what a page renews before it is rendered.

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
async fn a_session_ends_after_its_idle_time_and_a_visit_prolongs_it() {
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
async fn a_session_ends_after_its_absolute_time_whatever_the_visits() {
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
async fn a_page_renews_what_ends_soon_before_it_is_rendered() {
    let app = App::with(provider().await, |web| web);
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR - 31);
    app.provider.clear_log();
    open_page(&browser).await;
    assert_eq!(
        app.provider.requests(Endpoint::Token),
        0,
        "31 seconds before the end it is too early"
    );
    app.provider.clock().advance(2);
    assert_eq!(open_page(&browser).await, "active");
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    app.provider.clock().advance(60);
    assert_eq!(browser.get("/").await.body, "active", "renewed and saved");
}

#[tokio::test]
async fn how_long_before_its_end_a_token_is_renewed_can_be_set_and_switched_off() {
    for (seconds, renewals) in [(0, 0), (120, 1)] {
        let app = App::with(provider().await, |web| web.with_refresh_before(seconds));
        let browser = app.signed_in("ada").await;
        app.provider.clock().advance(HOUR - 100);
        app.provider.clear_log();
        open_page(&browser).await;
        assert_eq!(app.provider.requests(Endpoint::Token), renewals, "{seconds}");
    }
}

#[tokio::test]
async fn a_lifetime_that_was_made_shorter_holds_for_sessions_in_a_store_too() {
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
async fn the_provider_is_not_asked_by_every_request_while_it_has_a_fault() {
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
