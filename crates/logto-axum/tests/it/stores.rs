//! Sessions in a store: the browser has only an ID, and an outage of the store ends no session.

use std::sync::atomic::Ordering;

use axum::body::Body;
use http::{Request, StatusCode};
use logto_testing::{Endpoint, RotationRule, TestProvider};

use crate::{
    app::{Answer, App, BASE, Browser, SESSION},
    faulty_store::FaultyStore,
};

const HOUR: u64 = 3600;

pub(crate) async fn provider() -> TestProvider {
    TestProvider::builder()
        .client("app", "secret")
        .rotation(RotationRule::EveryUse)
        .start()
        .await
}

async fn app_with_store() -> (App, FaultyStore) {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    (app, store)
}

pub(crate) async fn open_page(browser: &Browser<'_>) -> Answer {
    open_document(browser, "/").await
}

async fn open_document(browser: &Browser<'_>, path: &str) -> Answer {
    let request = Request::get(path)
        .header("sec-fetch-dest", "document")
        .body(Body::empty())
        .unwrap();
    browser.send(request).await
}

#[tokio::test]
async fn the_cookie_of_a_stored_session_is_a_short_sealed_id() {
    let (app, _) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    assert!(browser.cookies.borrow()[SESSION].len() < 160);
    assert_eq!(browser.get("/").await.body, "active");
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    assert_eq!(browser.post("/token", "").await.body, "read:products kept");
    browser.post("/sign-out", "").await;
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_copy_of_the_store_reveals_no_token_and_is_not_accepted_as_a_cookie() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    let tokens = browser.get("/tokens").await.body;
    let stored = store.last.lock().unwrap().take().unwrap();
    assert!(tokens.split(' ').count() > 2, "{tokens}");
    for token in tokens.split(' ') {
        // Sealed text does not contain ten given characters by chance.
        assert!(!stored.sealed.contains(&token[..10]), "{}", stored.sealed);
    }
    let other = app.second_instance(|web| web.with_store(store));
    for app in [&app, &other] {
        let thief = app.browser();
        thief.cookies.borrow_mut().insert(SESSION.into(), stored.sealed.clone());
        assert_eq!(thief.get("/").await.body, "anonymous");
    }
}

#[tokio::test]
async fn a_copied_cookie_does_not_work_on_any_instance_after_sign_out() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    let copy = browser.cookies.borrow()[SESSION].clone();
    browser.post("/sign-out", "").await;
    let other = app.second_instance(|web| web.with_store(store));
    let thief = other.browser();
    thief.cookies.borrow_mut().insert(SESSION.into(), copy);
    assert_eq!(thief.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn sessions_survive_a_store_outage_without_a_restart() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    store.set_down(true);
    let page = open_page(&browser).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(
        page.headers.contains_key("retry-after") && page.body.contains("Temporarily unavailable"),
        "{page:?}"
    );
    assert_eq!(page.headers["cache-control"], "private, no-store");
    let part = browser.get("/me").await;
    assert_eq!(part.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(part.cookies.is_empty() && page.cookies.is_empty(), "the cookie is kept");
    store.set_down(false);
    assert_eq!(open_page(&browser).await.body, "active");
}

#[tokio::test]
async fn static_files_and_visitors_without_a_session_do_not_use_the_store() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    let loads = store.loads.load(Ordering::SeqCst);
    store.set_down(true);
    assert_eq!(browser.get("/static").await.status, StatusCode::OK);
    // A file opened in a tab is a document, like a page.
    let opened = open_document(&browser, "/files/terms.pdf").await;
    assert_ne!(opened.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(open_page(&app.browser()).await.body, "anonymous");
    assert_eq!(store.loads.load(Ordering::SeqCst), loads);
}

#[tokio::test]
async fn a_sign_in_that_cannot_be_saved_fails() {
    let (app, store) = app_with_store().await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    let callback = browser.go_to_provider("/me").await;
    store.set_down(true);
    let answer = browser.get(&callback).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer.location(),
        format!("{BASE}/failed?code=store_unavailable&retry_after=5&return_to=%2Fme")
    );
    assert!(!browser.has(SESSION));
    assert_eq!(browser.transactions(), 0);
}

#[tokio::test]
async fn tokens_are_not_refreshed_while_the_store_is_down() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    app.provider.clear_log();
    store.set_down(true);
    assert_eq!(browser.post("/token", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
    store.set_down(false);
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn a_refreshed_token_survives_a_restart() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    let cookie = browser.cookies.borrow()[SESSION].clone();
    let again = app.second_instance(|web| web.with_store(store));
    let browser = again.browser();
    browser.cookies.borrow_mut().insert(SESSION.into(), cookie);
    app.provider.clock().advance(60);
    assert_eq!(browser.post("/token", "").await.body, "read:products kept");
}

#[tokio::test]
async fn a_visit_during_a_refresh_does_not_lose_the_rotated_token() {
    let store = FaultyStore::default();
    let app = App::with_long_time_limit(provider().await, |web| web.with_store(store.clone()));
    let other = app.second_instance(|web| web.with_store(store));
    let browser = app.signed_in("ada").await;
    let at_other = other.browser_with(browser.cookies.borrow().clone());
    app.provider.clear_log();
    let gate = app.provider.hold(Endpoint::Token);
    let meanwhile = async {
        app.provider.wait_for_requests(Endpoint::Token, 1).await;
        // Long enough for the visit to be recorded.
        app.provider.clock().advance(601);
        assert_eq!(at_other.get("/").await.body, "active");
        gate.release();
    };
    let (answer, ()) = tokio::join!(browser.post("/token", ""), meanwhile);
    assert_eq!(answer.body, "read:products refreshed");
    assert_eq!(at_other.post("/token", "").await.body, "read:products kept");
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(at_other.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn concurrent_reads_in_one_request_are_coalesced() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    let before = store.loads.load(Ordering::SeqCst);
    assert_eq!(browser.get("/twice").await.body, "active active");
    assert_eq!(store.loads.load(Ordering::SeqCst) - before, 1);
}

#[tokio::test]
async fn a_coalesced_read_is_retried_after_the_first_one_failed() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    store.fail_next_load.store(true, Ordering::SeqCst);
    let answer = browser.get("/twice").await;
    assert_eq!(answer.body, "store_unavailable active");
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn expiry_is_checked_after_the_store_has_answered() {
    let (app, store) = app_with_store().await;
    let browser = app.signed_in("ada").await;
    assert_eq!(browser.get("/").await.body, "active");
    *store.delay_next_load.lock().unwrap() = Some((app.provider.clock(), 2 * HOUR));
    assert_eq!(browser.get("/").await.body, "stale");
}
