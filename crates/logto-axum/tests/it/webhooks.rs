//! Webhooks: Logto reports an event, and the sessions of its user end or get new claims.

mod extractor;
mod hook;
mod hostile;
mod memberships;
mod outages;
mod users;

use axum::{Router, body::Body};
use http::{Request, StatusCode, header};
use logto_axum::{WebConfig, WebhookConfig};
use logto_testing::{TestProvider, TestWebhook};
use serde_json::Value;

use crate::{
    app::{Answer, App},
    faulty_store::FaultyStore,
};

const KEY: &str = "the signing key of these tests";

fn with_webhooks(web: WebConfig) -> WebConfig {
    web.with_webhooks(WebhookConfig::new([KEY.into()]))
}

async fn provider() -> TestProvider {
    TestProvider::builder().client("app", "secret").start().await
}

/// One app with sessions in cookies, one with sessions in a store.
async fn cookie_and_store_apps(change: impl Fn(WebConfig) -> WebConfig) -> [App; 2] {
    let store = FaultyStore::default();
    [
        App::with(provider().await, &change),
        App::with(provider().await, |web| change(web).with_store(store)),
    ]
}

impl App {
    /// Sends a webhook of this moment.
    async fn receive(&self, webhook: TestWebhook) -> Answer {
        let webhook = webhook.at(self.provider.clock().now());
        self.send(webhook.request("/webhook", KEY)).await
    }
}

/// A request with this body and its signature.
fn signed(body: impl Into<Vec<u8>>) -> Request<Body> {
    let body = body.into();
    Request::post("/webhook")
        .header(header::CONTENT_TYPE, "application/json")
        .header(TestWebhook::SIGNATURE, TestWebhook::signature(&body, KEY))
        .body(Body::from(body))
        .unwrap()
}

fn assert_accepted(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{answer:?}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert!(answer.cookies.is_empty() && answer.body.is_empty(), "{answer:?}");
}

fn assert_refused(answer: &Answer, status: StatusCode, code: &str) {
    assert_eq!(answer.status, status, "{answer:?}");
    assert_eq!(answer.headers[header::CACHE_CONTROL], "no-store");
    assert!(answer.cookies.is_empty(), "{answer:?}");
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body["code"], code);
    assert!(!body["message"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn an_app_without_webhooks_has_no_route_for_them() {
    let app = App::start().await;
    assert_eq!(
        app.receive(TestWebhook::user_deleted("usr_ada")).await.status,
        StatusCode::NOT_FOUND
    );
}

/// The route needs no layer, because the request has neither cookies nor an origin.
#[tokio::test]
async fn the_route_works_with_and_without_the_layer() {
    let app = App::with(provider().await, with_webhooks);
    let bare: Router = app.logto.routes();
    let webhook = TestWebhook::user_deleted("usr_ada").at(app.provider.clock().now());
    assert_eq!(webhook.deliver(&bare, "/webhook", KEY).await, StatusCode::NO_CONTENT);
    assert_accepted(&app.receive(TestWebhook::user_deleted("usr_bob")).await);
}
