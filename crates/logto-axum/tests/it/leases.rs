//! Two instances of an app, and a provider that rotates the refresh token and answers slowly.

use std::sync::Arc;

use logto::session::store::{MemoryStore, SessionStore};
use logto_axum::WebConfig;
use logto_testing::Endpoint;
use tokio::sync::Notify;

use crate::{
    app::{Answer, App, Browser},
    stores::provider,
};

const HOUR: u64 = 3600;

/// The provider takes six seconds to answer the refresh of `browser`. After five of them, the other
/// instance needs a token of the same session.
async fn refresh_at_both(app: &App, browser: &Browser<'_>, at_other: &Browser<'_>) -> (Answer, Answer) {
    let (provider, clock) = (&app.provider, app.provider.clock());
    let (first_ended, five_seconds) = (Notify::new(), Notify::new());
    provider.clear_log();
    let mut held = provider.hold_next_answer(Endpoint::Token);
    let instances = async {
        tokio::join!(
            async {
                let answer = browser.post("/token", "").await;
                first_ended.notify_one();
                answer
            },
            async {
                five_seconds.notified().await;
                at_other.post("/token", "").await
            }
        )
    };
    let time = async {
        held.wait_until_handled().await;
        clock.advance(5);
        five_seconds.notify_one();
        // The other instance waits for its turn, or spends the old refresh token. The first one
        // sleeps for longer, until it renews its lease.
        tokio::select! {
            () = clock.wait_for_sleeps_within(1, 1) => {}
            () = provider.wait_for_requests(Endpoint::Token, 2) => {}
        }
        held.release();
        first_ended.notified().await;
        loop {
            clock.end_sleep_within(1).await;
        }
    };
    tokio::select! {
        answers = instances => answers,
        () = time => unreachable!("time does not end"),
    }
}

/// Without a lease, the other instance would spend the old refresh token after the three seconds in
/// which Logto accepts it, and Logto would revoke the grant.
pub(crate) async fn stays_signed_in(change: impl Fn(WebConfig) -> WebConfig) {
    let app = App::with_long_time_limit(provider().await, &change);
    let other = app.second_instance(&change);
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    let at_other = other.browser_with(browser.cookies.borrow().clone());
    let (first, second) = refresh_at_both(&app, &browser, &at_other).await;
    assert_eq!(first.body, "read:products refreshed");
    assert_eq!(second.body, "read:products refreshed");
    assert_eq!(app.provider.requests(Endpoint::Token), 1);
    for browser in [&browser, &at_other] {
        assert_eq!(browser.get("/").await.body, "active", "the user is still signed in");
    }
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(at_other.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn a_slow_refresh_at_another_instance_keeps_the_user_signed_in() {
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::default());
    stays_signed_in(|web| web.with_shared_store(Arc::clone(&store))).await;
}

#[tokio::test]
async fn a_slow_refresh_at_another_instance_keeps_the_user_signed_in_with_cookies_and_a_deny_list() {
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::default());
    stays_signed_in(|web| web.with_shared_deny_list(Arc::clone(&store))).await;
}

/// The response with the new cookie got lost, or another tab has the old one.
#[tokio::test]
async fn an_old_cookie_at_another_instance_does_not_spend_the_old_refresh_token() {
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::default());
    let change = |web: WebConfig| web.with_shared_deny_list(Arc::clone(&store));
    let app = App::with(provider().await, change);
    let other = app.second_instance(change);
    let browser = app.signed_in("ada").await;
    app.provider.clock().advance(HOUR + 1);
    let at_other = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
    app.provider.clear_log();
    app.provider.clock().advance(30);
    assert_eq!(at_other.post("/token", "").await.body, "read:products refreshed");
    assert_eq!(app.provider.requests(Endpoint::Token), 0);
    assert_eq!(
        at_other.post("/token", "").await.body,
        "read:products kept",
        "the cookie was written"
    );
    app.provider.clock().advance(HOUR + 1);
    assert_eq!(at_other.post("/token", "").await.body, "read:products refreshed");
}

#[tokio::test]
async fn a_deny_list_in_the_memory_of_one_instance_changes_nothing() {
    let app = App::with(provider().await, |web| web.with_deny_list(MemoryStore::default()));
    let browser = app.signed_in("ada").await;
    for _ in 0..2 {
        app.provider.clock().advance(HOUR + 1);
        assert_eq!(browser.post("/token", "").await.body, "read:products refreshed");
        assert_eq!(browser.get("/").await.body, "active");
    }
    browser.post("/sign-out", "").await;
    assert_eq!(browser.get("/").await.body, "anonymous");
}
