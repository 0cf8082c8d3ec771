//! The hook of the app that runs for each webhook.

use std::future::pending;

use http::StatusCode;
use logto_axum::{WebConfig, WebhookEvent, WebhookEventKind};
use logto_testing::TestWebhook;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{assert_accepted, assert_refused, provider, with_webhooks};
use crate::{app::App, faulty_store::FaultyStore, hooks::while_time_passes};

async fn app(change: impl FnOnce(WebConfig) -> WebConfig) -> (App, UnboundedReceiver<WebhookEvent>) {
    let (sender, events) = unbounded_channel();
    let app = App::with(provider().await, |web| {
        change(with_webhooks(web)).with_on_webhook(move |event| {
            let sender = sender.clone();
            async move { Ok(sender.send(event)?) }
        })
    });
    (app, events)
}

#[tokio::test]
async fn the_hook_gets_every_event_with_all_its_fields_once() {
    let (app, mut events) = app(|web| web).await;
    let webhook = TestWebhook::new("User.Merged").with("somethingNew", 7);
    for _ in 0..3 {
        assert_accepted(&app.receive(webhook.clone()).await);
    }
    let event = events.try_recv().unwrap();
    assert_eq!((event.name(), event.hook_id()), ("User.Merged", "hook_1"));
    assert_eq!(event.kind(), &WebhookEventKind::Other);
    assert_eq!(event.created_at().as_secs(), app.provider.clock().now());
    assert_eq!(event.read::<serde_json::Value>().unwrap()["somethingNew"], 7);
    assert!(events.try_recv().is_err(), "a repeated delivery is recognized");
    assert_accepted(&app.receive(TestWebhook::user_suspended("usr_ada", false)).await);
    let event = events.try_recv().unwrap();
    let WebhookEventKind::UserSuspensionStatusUpdated {
        user_id, is_suspended, ..
    } = event.kind()
    else {
        panic!("{event:?}");
    };
    assert_eq!((user_id.as_str(), *is_suspended), ("usr_ada", false));
}

#[tokio::test]
async fn the_sessions_end_and_the_hook_runs_but_not_for_a_forgery() {
    let (app, mut events) = app(|web| web).await;
    let forged = TestWebhook::user_deleted("usr_ada").at(app.provider.clock().now());
    app.send(forged.request("/webhook", "a key that is not the right one"))
        .await;
    assert!(events.try_recv().is_err());
    let browser = app.signed_in("ada").await;
    assert_accepted(&app.receive(TestWebhook::user_deleted("usr_ada")).await);
    assert!(events.try_recv().is_ok());
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn a_hook_that_fails_panics_or_hangs_is_reported_and_the_sessions_end_anyway() {
    let failing: [fn(WebConfig) -> WebConfig; 3] = [
        |web| web.with_on_webhook(|_| async { Err("no connection".into()) }),
        |web| web.with_on_webhook(|event| async move { panic!("about {}", event.name()) }),
        |web| web.with_on_webhook(|_| pending()),
    ];
    for fail in failing {
        let app = App::with(provider().await, |web| fail(with_webhooks(web)));
        let browser = app.signed_in("ada").await;
        let clock = app.provider.clock();
        let answer = while_time_passes(clock, app.receive(TestWebhook::user_deleted("usr_ada"))).await;
        assert_refused(&answer, StatusCode::INTERNAL_SERVER_ERROR, "webhook_hook_failed");
        assert!(!answer.body.contains("no connection"), "{answer:?}");
        assert_eq!(browser.get("/").await.body, "anonymous");
    }
}

#[tokio::test]
async fn the_hook_runs_while_the_store_is_down() {
    let store = FaultyStore::default();
    let (app, mut events) = app(|web| web.with_store(store.clone())).await;
    store.set_down(true);
    let answer = app.receive(TestWebhook::user_deleted("usr_ada")).await;
    assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(events.try_recv().is_ok(), "Logto would not send the event again");
    assert_accepted(&app.receive(TestWebhook::signed_in("usr_ada")).await);
    assert!(events.try_recv().is_ok());
}
