//! A user is deleted or suspended.

use logto_axum::{SessionEndReason, WebhookConfig};
use logto_testing::TestWebhook;
use tokio::sync::mpsc;

use super::{KEY, assert_accepted, cookie_and_store_apps, provider, with_webhooks};
use crate::{app::App, faulty_store::FaultyStore};

#[tokio::test]
async fn a_deleted_or_suspended_user_is_signed_out_at_once() {
    for webhook in [
        TestWebhook::user_deleted("usr_ada"),
        TestWebhook::user_deleted("usr_ada").without("params"),
        TestWebhook::user_deleted("usr_ada").without("data"),
        TestWebhook::user_suspended("usr_ada", true),
    ] {
        for app in cookie_and_store_apps(with_webhooks).await {
            let (phone, laptop) = (app.signed_in("ada").await, app.signed_in("ada").await);
            let other = app.signed_in("bob").await;
            assert_accepted(&app.receive(webhook.clone()).await);
            for browser in [&phone, &laptop] {
                assert_eq!(browser.get("/").await.body, "anonymous");
            }
            assert_eq!(other.get("/").await.body, "active");
        }
    }
}

#[tokio::test]
async fn other_events_end_no_session() {
    for app in cookie_and_store_apps(with_webhooks).await {
        let browser = app.signed_in("ada").await;
        for webhook in [
            TestWebhook::user_suspended("usr_ada", false),
            TestWebhook::user_updated("usr_ada", serde_json::json!({"id": "usr_ada", "name": "Ada"})),
            TestWebhook::signed_in("usr_ada"),
            TestWebhook::new("User.Something.New").with("userId", "usr_ada"),
            TestWebhook::new("Role.Deleted"),
        ] {
            assert_accepted(&app.receive(webhook).await);
        }
        assert_eq!(browser.get("/").await.body, "active");
    }
}

#[tokio::test]
async fn a_user_who_is_no_longer_suspended_can_sign_in_and_stays_signed_in() {
    for app in cookie_and_store_apps(with_webhooks).await {
        let suspended = TestWebhook::user_suspended("usr_ada", true).at(app.provider.clock().now());
        assert_accepted(&app.send(suspended.request("/webhook", KEY)).await);
        app.provider.clock().advance(1);
        let browser = app.signed_in("ada").await;
        assert_eq!(browser.get("/").await.body, "active");
        // Logto sends no id of the delivery, so the body identifies it.
        for _ in 0..2 {
            assert_accepted(&app.send(suspended.request("/webhook", KEY)).await);
            assert_eq!(browser.get("/").await.body, "active", "a replay has no effect");
        }
    }
}

#[tokio::test]
async fn a_webhook_ends_the_sessions_in_every_process_that_shares_the_deny_list() {
    let list = FaultyStore::default();
    let app = App::with(provider().await, |web| with_webhooks(web).with_deny_list(list.clone()));
    let other = app.second_instance(|web| web.with_deny_list(list.clone()));
    let browser = app.signed_in("ada").await;
    let elsewhere = other.browser_with(browser.cookies.borrow().clone());
    assert_eq!(elsewhere.get("/").await.body, "active");
    assert_accepted(&app.receive(TestWebhook::user_deleted("usr_ada")).await);
    assert_eq!(elsewhere.get("/").await.body, "anonymous");
}

/// The documented limit: the deny list is then in the memory of each process.
#[tokio::test]
async fn without_a_shared_deny_list_the_sessions_in_cookies_end_in_one_process_only() {
    let app = App::with(provider().await, with_webhooks);
    let other = app.second_instance(|web| web);
    let browser = app.signed_in("ada").await;
    let elsewhere = other.browser_with(browser.cookies.borrow().clone());
    assert_accepted(&app.receive(TestWebhook::user_deleted("usr_ada")).await);
    assert_eq!(browser.get("/").await.body, "anonymous");
    assert_eq!(elsewhere.get("/").await.body, "active");
}

#[tokio::test]
async fn the_hook_for_ended_sessions_learns_of_a_webhook() {
    let (sender, mut events) = mpsc::unbounded_channel();
    let app = App::with(provider().await, |web| {
        with_webhooks(web).with_on_session_end(move |event| {
            let sender = sender.clone();
            async move { Ok(sender.send(event)?) }
        })
    });
    app.receive(TestWebhook::user_deleted("usr_ada")).await;
    let event = events.recv().await.unwrap();
    assert_eq!(
        (event.reason(), event.user_id()),
        (SessionEndReason::Webhook, Some("usr_ada"))
    );
}

#[tokio::test]
async fn two_keys_are_accepted_while_one_replaces_the_other() {
    let keys = ["the next signing key".into(), KEY.into()];
    let app = App::with(provider().await, |web| web.with_webhooks(WebhookConfig::new(keys)));
    for key in ["the next signing key", KEY] {
        let webhook = TestWebhook::user_deleted("usr_ada").at(app.provider.clock().now());
        let webhook = webhook.with("hookId", key);
        assert_accepted(&app.send(webhook.request("/webhook", key)).await);
    }
}
