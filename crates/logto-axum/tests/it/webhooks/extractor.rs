//! The extractor, in a handler of the app.

use axum::{Router, extract::State, routing::post};
use http::StatusCode;
use logto_axum::{Logto, SessionError, Webhook};
use logto_testing::TestWebhook;

use super::{KEY, assert_refused, provider, with_webhooks};
use crate::app::App;

async fn receive(State(logto): State<Logto>, Webhook(event): Webhook) -> Result<String, SessionError> {
    logto.react_to_webhook(&event).await?;
    Ok(event.name().to_owned())
}

/// The app with a handler of its own for webhooks, at `/events`.
pub(super) fn with_handler(app: App) -> App {
    let own = Router::new()
        .route("/events", post(receive))
        .with_state(app.logto.clone());
    let (inside, outside) = (own.clone().layer(app.logto.layer()), Router::new().nest("/bare", own));
    app.map_router(|router| router.merge(inside).merge(outside))
}

#[tokio::test]
async fn a_handler_of_the_app_reacts_itself() {
    let app = with_handler(App::with(provider().await, with_webhooks));
    let browser = app.signed_in("ada").await;
    let webhook = TestWebhook::user_deleted("usr_ada").at(app.provider.clock().now());
    let refused = app
        .send(webhook.request("/events", "a key that is not the right one"))
        .await;
    assert_refused(&refused, StatusCode::UNAUTHORIZED, "webhook_signature");
    assert_eq!(browser.get("/").await.body, "active");
    let answer = app.send(webhook.request("/events", KEY)).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "User.Deleted"));
    assert_eq!(browser.get("/").await.body, "anonymous");
}

#[tokio::test]
async fn the_extractor_needs_the_layer_and_a_signing_key() {
    let app = with_handler(App::with(provider().await, with_webhooks));
    let webhook = || TestWebhook::user_deleted("usr_ada").at(app.provider.clock().now());
    let answer = app.send(webhook().request("/bare/events", KEY)).await;
    assert_refused(&answer, StatusCode::INTERNAL_SERVER_ERROR, "layer_missing");
    let unconfigured = with_handler(app.second_instance(|web| web));
    let answer = unconfigured.send(webhook().request("/events", KEY)).await;
    assert_refused(&answer, StatusCode::INTERNAL_SERVER_ERROR, "webhook_not_configured");
}
