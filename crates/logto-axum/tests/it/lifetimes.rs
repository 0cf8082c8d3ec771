//! Session lifetimes, and refreshes before a page is rendered.

use std::sync::Arc;

use axum::body::Body;
use http::Request;
use logto::session::store::MemoryStore;
use logto_axum::Lifetimes;
use logto_testing::{Endpoint, HttpFault, RotationRule, TestProvider};

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

#[tokio::test]
async fn a_page_waits_a_second_for_an_early_refresh_and_a_later_response_saves_it() {
    let builder = TestProvider::builder().rotation(RotationRule::EveryUse);
    let app = App::with_long_time_limit(builder.client("app", "secret").start().await, |web| web);
    let browser = app.signed_in("ada").await;
    let clock = app.provider.clock();
    clock.advance(HOUR - 20);
    app.provider.clear_log();
    let held = app.provider.hold(Endpoint::Token);
    let start = clock.now();
    let (page, ()) = tokio::join!(open_page(&browser), clock.end_sleep());
    assert_eq!((page.as_str(), clock.now() - start), ("active", 1));
    held.release();
    assert_eq!(open_page(&browser).await, "active");
    assert_eq!(
        app.provider.requests(Endpoint::Token),
        1,
        "both pages share the refresh"
    );
    clock.advance(30);
    // A new process has only the cookie.
    let other = app.second_instance(|web| web);
    let later = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(later.get("/").await.body, "active", "refreshed and saved");
}

#[tokio::test]
async fn an_early_refresh_that_ends_while_the_page_is_made_is_saved_with_the_page() {
    let builder = TestProvider::builder().rotation(RotationRule::EveryUse);
    let app = App::with_long_time_limit(builder.client("app", "secret").start().await, |web| web);
    let browser = app.signed_in("ada").await;
    let clock = app.provider.clock();
    clock.advance(HOUR - 120);
    // Records the visit, so that only the refresh changes the cookie.
    open_page(&browser).await;
    clock.advance(100);
    let held = app.provider.hold(Endpoint::Token);
    let meanwhile = async {
        clock.end_sleep().await;
        app.gate.arrived().await;
        held.release();
        // Waits for the same refresh.
        let same = app.browser_with(browser.cookies.borrow().clone());
        assert_eq!(open_page(&same).await, "active");
        app.gate.open();
    };
    let slow = Request::get("/slow").header("sec-fetch-dest", "document");
    let (slow, ()) = tokio::join!(browser.send(slow.body(Body::empty()).unwrap()), meanwhile);
    assert_eq!(slow.cookies.len(), 1, "{slow:?}");
    clock.advance(30);
    let other = app.second_instance(|web| web);
    let later = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(later.get("/").await.body, "active", "refreshed and saved");
}

#[tokio::test]
async fn a_page_waits_for_an_expired_id_token() {
    let builder = TestProvider::builder().client("app", "secret");
    let app = App::with_long_time_limit(builder.start().await, |web| web);
    let browser = app.signed_in("ada").await;
    let clock = app.provider.clock();
    clock.advance(HOUR + 1);
    app.provider.clear_log();
    let held = app.provider.hold(Endpoint::Token);
    let takes_long = async {
        app.provider.wait_for_requests(Endpoint::Token, 1).await;
        clock.advance(5);
        held.release();
    };
    let (page, ()) = tokio::join!(open_page(&browser), takes_long);
    assert_eq!(page, "active");
}

#[tokio::test]
async fn an_early_refresh_that_outlives_its_page_is_kept_for_an_hour() {
    let builder = TestProvider::builder().rotation(RotationRule::EveryUse);
    let app = App::with_long_time_limit(builder.client("app", "secret").start().await, |web| web);
    let browser = app.signed_in("ada").await;
    let clock = app.provider.clock();
    clock.advance(HOUR - 20);
    let held = app.provider.hold(Endpoint::Token);
    tokio::join!(open_page(&browser), clock.end_sleep());
    held.release();
    // Waits for the same refresh, without the cookie of this response reaching the browser.
    let other = app.browser_with(browser.cookies.borrow().clone());
    assert_eq!(open_page(&other).await, "active");
    clock.advance(HOUR - 100);
    assert_eq!(browser.get("/").await.body, "active");
}
