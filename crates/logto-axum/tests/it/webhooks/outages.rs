//! Webhooks while the store or the deny list is down. Logto sends each of them once.

use http::StatusCode;
use logto_axum::{MembershipReaction, WebhookConfig};
use logto_testing::TestWebhook;
use tokio::sync::oneshot;

use super::{KEY, assert_accepted, assert_refused, extractor::with_handler, provider, with_webhooks};
use crate::{
    app::App,
    backchannel_logout::{RECORDS, until_anonymous},
    faulty_store::FaultyStore,
};

fn end_sessions() -> WebhookConfig {
    WebhookConfig::new([KEY.into()]).with_membership_reaction(MembershipReaction::EndSessions)
}

#[tokio::test]
async fn a_webhook_during_a_store_outage_ends_the_sessions_after_it() {
    for put in RECORDS {
        for webhook in [
            TestWebhook::user_deleted("usr_ada"),
            TestWebhook::membership_updated("acme", &[], &["usr_carol", "usr_ada", "usr_dave"]),
        ] {
            let store = FaultyStore::default();
            let change = |web: logto_axum::WebConfig| put(web.with_webhooks(end_sessions()), store.clone());
            let app = App::with(provider().await, change);
            let (browser, bob) = (app.signed_in("ada").await, app.signed_in("bob").await);
            let other = app.second_instance(change);
            let at_other = other.browser_with(browser.cookies.borrow().clone());
            assert_eq!(at_other.get("/").await.body, "active");
            store.set_down(true);
            assert_refused(
                &app.receive(webhook).await,
                StatusCode::SERVICE_UNAVAILABLE,
                "store_unavailable",
            );
            store.set_down(false);
            assert_eq!(browser.get("/").await.body, "anonymous", "here at once");
            until_anonymous(&at_other, &store).await;
            assert_eq!(bob.get("/").await.body, "active");
        }
    }
}

#[tokio::test]
async fn a_change_of_members_during_a_store_outage_takes_effect_after_it() {
    for put in RECORDS {
        let store = FaultyStore::default();
        let app = App::with(provider().await, |web| put(with_webhooks(web), store.clone()));
        let browser = app.signed_in("ada").await;
        app.provider.update_user("ada", |user| user.memberships.clear());
        store.set_down(true);
        let webhook = TestWebhook::membership_updated("acme", &[], &["usr_ada"]);
        assert_refused(
            &app.receive(webhook).await,
            StatusCode::SERVICE_UNAVAILABLE,
            "store_unavailable",
        );
        store.set_down(false);
        assert_eq!(browser.get("/organizations").await.body, "");
    }
}

#[tokio::test]
async fn a_webhook_that_failed_may_be_sent_again() {
    let store = FaultyStore::default();
    let app = App::with(provider().await, |web| with_webhooks(web).with_store(store.clone()));
    let browser = app.signed_in("ada").await;
    let webhook = || TestWebhook::user_deleted("usr_ada");
    store.set_down(true);
    assert_eq!(app.receive(webhook()).await.status, StatusCode::SERVICE_UNAVAILABLE);
    store.set_down(false);
    assert_accepted(&app.receive(webhook()).await);
    assert_eq!(browser.get("/").await.body, "anonymous");
}

/// Logto disconnects after ten seconds.
#[tokio::test]
async fn a_reaction_for_several_users_completes_after_logto_has_disconnected() {
    for (put, path) in RECORDS
        .into_iter()
        .flat_map(|put| [(put, "/webhook"), (put, "/events")])
    {
        let store = FaultyStore::default();
        let app = App::with(provider().await, |web| {
            put(web.with_webhooks(end_sessions()), store.clone())
        });
        let app = with_handler(app);
        let browser = app.signed_in("ada").await;
        let ((started, has_started), (resume, resumed)) = (oneshot::channel(), oneshot::channel());
        *store.pause_next_save.lock().unwrap() = Some((started, resumed));
        let webhook = TestWebhook::membership_updated("acme", &[], &["usr_carol", "usr_ada"]);
        let webhook = webhook.at(app.provider.clock().now());
        tokio::select! {
            answer = app.send(webhook.request(path, KEY)) => panic!("{answer:?} before the first user's end was saved"),
            started = has_started => started.unwrap(),
        }
        resume.send(()).expect("the save is still in progress");
        until_anonymous(&browser, &store).await;
    }
}
