//! Logouts during a refresh, a code exchange or a migration.

use logto_testing::Endpoint;

use super::{assert_accepted, cookie_and_store_apps, during_a_refresh, provider};
use crate::{
    app::{App, BASE, SESSION},
    faulty_store::FaultyStore,
};

#[tokio::test]
async fn a_refresh_in_flight_does_not_resurrect_the_session() {
    for app in cookie_and_store_apps().await {
        let (browser, sid) = app.signed_in_with_sid("ada").await;
        during_a_refresh(&app, &browser, || async {
            assert_accepted(&app.deliver(&app.token_for_session(&sid)).await);
        })
        .await;
        assert_eq!(browser.get("/").await.body, "anonymous");
        assert!(!browser.has(SESSION));
    }
}

/// The provider issued the code before the logout; the app redeems it afterwards.
#[tokio::test]
async fn a_logout_during_the_code_exchange_leaves_no_session() {
    type Logout = fn(&App) -> String;
    let logouts: [Logout; 2] = [
        |app| app.token_for_session(&app.provider.sid().unwrap()),
        |app| app.token_for_user(),
    ];
    for app in cookie_and_store_apps().await {
        for logout in logouts {
            app.provider.sign_in_as("ada");
            let browser = app.browser();
            let callback = browser.go_to_provider("/").await;
            app.provider.clear_log();
            let gate = app.provider.hold(Endpoint::Token);
            let meanwhile = async {
                app.provider.wait_for_requests(Endpoint::Token, 1).await;
                assert_accepted(&app.deliver(&logout(&app)).await);
                // A later redemption must not count as a sign-in after the logout.
                app.provider.clock().advance(1);
                gate.release();
            };
            let (answer, ()) = tokio::join!(browser.get(&callback), meanwhile);
            assert_eq!(answer.location(), format!("{BASE}/"));
            assert_eq!(browser.get("/").await.body, "anonymous");
            assert!(!browser.has(SESSION));
            app.provider.clock().advance(1);
        }
    }
}

#[tokio::test]
async fn a_refresh_cached_by_another_instance_does_not_resurrect_the_session() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| web.with_store(store.clone()));
    let (browser, sid) = app.signed_in_with_sid("ada").await;
    let second = app.second_instance(|web| web.with_store(store));
    let at_second = second.browser_with(browser.cookies.borrow().clone());
    assert_eq!(at_second.post("/token", "").await.body, "read:products refreshed");
    assert_accepted(&app.deliver(&app.token_for_session(&sid)).await);
    assert_eq!(at_second.post("/token", "").await.body, "not_signed_in");
    assert_eq!(at_second.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_cookie_session_is_not_migrated_to_the_store_after_its_logout() {
    let before = App::with(provider().await, |web| web);
    let (browser, sid) = before.signed_in_with_sid("ada").await;
    let cookies = browser.cookies.borrow().clone();
    let store = FaultyStore::default();
    let app = before.second_instance(|web| web.with_store(store.clone()));
    assert_eq!(app.browser_with(cookies.clone()).get("/").await.body, "active");
    assert_accepted(&app.deliver(&app.token_for_session(&sid)).await);
    let at_other = before.second_instance(|web| web.with_store(store));
    for app in [&app, &at_other] {
        assert_eq!(app.browser_with(cookies.clone()).get("/").await.body, "anonymous");
    }
}
