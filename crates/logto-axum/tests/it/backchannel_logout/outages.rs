//! Logouts while the store or the deny list is down or full.

use std::sync::{Arc, atomic::Ordering};

use http::StatusCode;
use logto::session::store::MemoryStore;

use super::{RECORDS, assert_accepted, assert_rejected, provider, until_anonymous};
use crate::{
    app::{App, SESSION},
    faulty_store::FaultyStore,
};

/// Logto sends a logout once, so the instance retries the save.
#[tokio::test]
async fn a_logout_during_a_store_outage_ends_the_sessions_after_it() {
    type Logout = fn(&App) -> String;
    let logouts: [Logout; 2] = [
        |app| app.token_for_session(&app.provider.sid().unwrap()),
        |app| app.token_for_user(),
    ];
    for put in RECORDS {
        for logout in logouts {
            let store = FaultyStore::default();
            let app = App::with(provider().await, |web| put(web, store.clone()));
            let bob = app.signed_in("bob").await;
            let (browser, _) = app.signed_in_with_sid("ada").await;
            let other = app.second_instance(|web| put(web, store.clone()));
            let at_other = other.browser_with(browser.cookies.borrow().clone());
            assert_eq!(at_other.get("/").await.body, "active");
            store.set_down(true);
            assert_rejected(&app.deliver(&logout(&app)).await, "server_error", "store_unavailable");
            store.set_down(false);
            until_anonymous(&at_other, &store).await;
            assert_eq!(browser.get("/").await.body, "anonymous");
            assert_eq!(bob.get("/").await.body, "active");
            let again = other.browser();
            app.provider.sign_in_as("ada");
            again.sign_in("/").await;
            assert_eq!(again.get("/").await.body, "active");
        }
    }
}

#[tokio::test]
async fn a_logout_during_a_store_outage_takes_effect_at_once_on_the_receiving_instance() {
    for put in RECORDS {
        let store = FaultyStore::default();
        let app = App::with(provider().await, |web| put(web, store.clone()));
        let bob = app.signed_in("bob").await;
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        store.set_down(true);
        app.deliver(&app.token_for_session(&sid)).await;
        store.set_down(false);
        assert_eq!(browser.get("/").await.body, "anonymous");
        assert!(!browser.has(SESSION));
        assert_eq!(bob.get("/").await.body, "active");
    }
}

/// The logout is recorded, but the store fails to delete the sessions.
#[tokio::test]
async fn a_logout_ends_sessions_that_the_store_failed_to_delete() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    let other = app.second_instance(|web| web.with_store(store.clone()));
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let bob = app.signed_in("bob").await;
    let at_other = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(at_other.get("/").await.body, "active");
    store.fail_deletes.store(true, Ordering::SeqCst);
    assert_accepted(&app.deliver(&app.token_for_session(&sid)).await);
    for browser in [&at_other, &browser] {
        assert_eq!(browser.post("/token", "").await.body, "not_signed_in");
        assert_eq!(browser.get("/").await.body, "anonymous");
    }
    assert_eq!(bob.get("/").await.body, "active");
}

/// Without an answer of the deny list, a session is neither accepted nor removed.
#[tokio::test]
async fn a_deny_list_outage_fails_requests_with_a_session_and_keeps_the_session() {
    let list = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_deny_list(list.clone()));
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    app.deliver(&app.token_for_session(&sid)).await;
    let (other, _) = app.signed_in_with_sid("bob").await;
    list.set_down(true);
    for browser in [&browser, &other] {
        let answer = browser.get("/").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert!(answer.cookies.is_empty(), "{answer:?}");
    }
    assert_eq!(
        app.browser().get("/").await.body,
        "anonymous",
        "a visitor without a session needs no deny list"
    );
    list.set_down(false);
    assert_eq!(browser.get("/").await.body, "anonymous");
    assert_eq!(other.get("/").await.body, "active");
}

#[tokio::test]
async fn a_full_deny_list_keeps_the_newest_logout() {
    let list = Arc::new(MemoryStore::new(10));
    let app = App::with(provider().await, |web| web.with_shared_deny_list(list.clone()));
    for number in 0..50 {
        assert_accepted(&app.deliver(&app.token_for_session(&number.to_string())).await);
        // The order of eviction is undefined for records that expire in the same second.
        app.provider.clock().advance(1);
    }
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    app.deliver(&app.token_for_session(&sid)).await;
    // Another instance has only the list, and no logouts in memory.
    let other = app.second_instance(|web| web.with_shared_deny_list(list));
    let at_other = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(at_other.get("/").await.body, "anonymous");
}
