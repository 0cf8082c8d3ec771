//! The sessions that a logout ends.

use serde_json::json;

use super::{assert_accepted, assert_rejected, cookie_and_store_apps, cookie_and_store_apps_with, provider};
use crate::{
    app::{App, SESSION},
    faulty_store::FaultyStore,
    stores,
};

const HOUR: u64 = 3600;

#[tokio::test]
async fn a_logout_with_a_sid_ends_that_session_on_its_next_request() {
    for app in cookie_and_store_apps().await {
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        let (other, _) = app.signed_in_with_sid("ada").await;
        assert_accepted(&app.deliver(&app.token_for_session(&sid)).await);
        let answer = browser.get("/").await;
        assert_eq!(answer.body, "anonymous");
        assert!(!browser.has(SESSION), "the cookie is removed: {answer:?}");
        assert_eq!(other.get("/").await.body, "active", "the session of another browser");
    }
}

#[tokio::test]
async fn the_app_can_end_the_sessions_of_a_session_at_the_provider() {
    for app in cookie_and_store_apps().await {
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        let (other, _) = app.signed_in_with_sid("ada").await;
        app.logto.end_sessions_of_provider_session(&sid).await.unwrap();
        assert_eq!(browser.get("/").await.body, "anonymous");
        assert_eq!(other.get("/").await.body, "active", "the session of another browser");
    }
}

#[tokio::test]
async fn a_logout_without_a_sid_ends_all_sessions_of_the_user_but_no_later_one() {
    for app in cookie_and_store_apps().await {
        let (first, second) = (app.signed_in("ada").await, app.signed_in("ada").await);
        let bob = app.signed_in("bob").await;
        assert_accepted(&app.deliver(&app.token_for_user()).await);
        assert_eq!(first.get("/").await.body, "anonymous");
        assert_eq!(second.get("/").await.body, "anonymous");
        assert_eq!(bob.get("/").await.body, "active");
        app.provider.clock().advance(1);
        let again = app.signed_in("ada").await;
        assert_eq!(again.get("/").await.body, "active");
        assert_eq!(first.get("/").await.body, "anonymous");
    }
}

/// The sessions started before "session required" was enabled.
#[tokio::test]
async fn a_logout_with_a_sid_also_ends_sessions_of_the_user_without_a_sid() {
    for app in cookie_and_store_apps_with(stores::provider().await, stores::provider().await) {
        let (ada, bob) = (app.signed_in("ada").await, app.signed_in("bob").await);
        assert_accepted(
            &app.deliver(&app.provider.logout_token(None, Some("a-sid"), |_| {}))
                .await,
        );
        assert_eq!(
            ada.get("/").await.body,
            "active",
            "without a `sub` only the `sid` counts"
        );
        assert_accepted(&app.deliver(&app.token_for_session("a-sid")).await);
        assert_eq!(ada.get("/").await.body, "anonymous");
        assert_eq!(bob.get("/").await.body, "active");
        app.provider.clock().advance(1);
        let again = app.signed_in("ada").await;
        assert_eq!(again.get("/").await.body, "active");
        assert_eq!(ada.get("/").await.body, "anonymous");
    }
}

/// The provider's clock may be ahead, so the time of arrival counts.
#[tokio::test]
async fn a_logout_from_a_fast_clock_does_not_end_later_sign_ins() {
    for app in cookie_and_store_apps().await {
        let ahead = app.provider.clock().now() + 50;
        let token = app.provider.logout_token(Some("usr_ada"), None, |jwt| {
            jwt.claims.insert("iat".to_owned(), json!(ahead));
        });
        assert_accepted(&app.deliver(&token).await);
        app.provider.clock().advance(1);
        assert_eq!(app.signed_in("ada").await.get("/").await.body, "active");
    }
}

#[tokio::test]
async fn a_copied_cookie_stays_signed_out_for_the_whole_session_lifetime() {
    let app = App::with(provider().await, |web| web);
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let copy = browser.cookies.borrow()[SESSION].clone();
    app.deliver(&app.token_for_session(&sid)).await;
    let day = 24 * HOUR;
    for _ in 0..14 {
        browser.cookies.borrow_mut().insert(SESSION.into(), copy.clone());
        assert_eq!(browser.get("/").await.body, "anonymous");
        app.provider.clock().advance(day);
    }
}

#[tokio::test]
async fn a_shared_deny_list_signs_out_on_every_instance() {
    let list = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_deny_list(list.clone()));
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let token = app.token_for_session(&sid);
    let second = app.second_instance(|web| web.with_deny_list(list));
    let at_second = second.browser_with(browser.cookies.borrow().clone());
    assert_eq!(at_second.get("/").await.body, "active");
    assert_accepted(&app.deliver(&token).await);
    assert_eq!(at_second.get("/").await.body, "anonymous");
    assert_rejected(
        &second.deliver(&token).await,
        "invalid_request",
        "logout_token_replayed",
    );
}
