//! Webhooks of a provider in the test process. Their content is in `contract/webhooks.rs`.

use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode},
    routing::post,
};
use logto_testing::{Endpoint, MachineApp, TestProvider, TestWebhook};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::client::{answer, http};

const SIGNING_KEY: &str = "a signing key for this test";

/// An app that accepts what is signed with the key, at the returned URL.
async fn app() -> (String, JoinHandle<()>) {
    let receive = async |headers: HeaderMap, body: Bytes| {
        let signature = TestWebhook::signature(&body, SIGNING_KEY);
        if headers[TestWebhook::SIGNATURE] == *signature && headers["user-agent"].as_bytes().starts_with(b"Logto") {
            StatusCode::NO_CONTENT
        } else {
            StatusCode::UNAUTHORIZED
        }
    };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/webhook?tenant=demo", listener.local_addr().unwrap());
    let router = Router::new().route("/webhook", post(receive));
    (
        url,
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() }),
    )
}

async fn provider() -> TestProvider {
    let machine = MachineApp::new("machine", "a secret").with_management_api();
    TestProvider::builder().machine_app(machine).start().await
}

async fn management(provider: &TestProvider, method: &str, path: &str, body: &Value) -> StatusCode {
    let fields = [
        ("grant_type", "client_credentials"),
        ("resource", "https://default.logto.app/api"),
        ("scope", "all"),
    ];
    let request = http()
        .post(provider.url(Endpoint::Token))
        .basic_auth("machine", Some("a secret"));
    let (_, token) = answer(request.form(&fields).send().await.unwrap()).await;
    let url = format!("{}{path}", provider.url(Endpoint::Management));
    let request = http().request(method.parse().unwrap(), url).json(body);
    let request = request.bearer_auth(token["access_token"].as_str().unwrap());
    request.send().await.unwrap().status()
}

#[tokio::test]
async fn a_webhook_of_the_test_is_signed_with_its_key() {
    let (provider, (url, app)) = (provider().await, app().await);
    provider.add_webhook(&url, &["User.SuspensionStatus.Updated"], SIGNING_KEY);
    provider.add_webhook(&url, &["User.Deleted"], "another key");
    let suspension = json!({ "isSuspended": true });
    let status = management(&provider, "PATCH", "/users/usr_ada/is-suspended", &suspension).await;
    assert_eq!(status, 200);
    let deliveries = provider.wait_for_webhooks(1).await;
    let seen = deliveries
        .iter()
        .map(|one| (one.event.as_str(), one.url.as_str(), one.status));
    assert_eq!(
        seen.collect::<Vec<_>>(),
        [("User.SuspensionStatus.Updated", url.as_str(), Some(204))]
    );
    assert_eq!(provider.browser_user(), None, "the session at the provider has ended");
    assert!(provider.user("ada").suspended);

    assert_eq!(
        management(&provider, "DELETE", "/users/usr_ada", &Value::Null).await,
        204
    );
    assert_eq!(provider.wait_for_webhooks(2).await[1].status, Some(401));
    app.abort();
}

#[tokio::test]
async fn a_webhook_that_cannot_be_sent_has_no_status() {
    let provider = provider().await;
    for url in [
        "http://127.0.0.1:1/webhook",
        "https://app.example.com/webhook",
        "not a URL",
    ] {
        provider.add_webhook(url, &["User.Deleted"], SIGNING_KEY);
    }
    assert_eq!(
        management(&provider, "DELETE", "/users/usr_bob", &Value::Null).await,
        204
    );
    let deliveries = provider.wait_for_webhooks(3).await;
    assert!(deliveries.iter().all(|one| one.status.is_none()), "{deliveries:?}");
}
