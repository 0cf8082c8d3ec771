use std::sync::Arc;

use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault, TestProvider, TokenFault};

use crate::client::{refresh, sign_in, sign_in_for_everything, text, user_info};

#[tokio::test]
async fn the_log_contains_the_requested_parameters() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    provider.clear_log();
    refresh(
        &provider,
        &token,
        &[
            ("resource", DEFAULT_RESOURCE),
            ("organization_id", "acme"),
            ("scope", "read:products"),
        ],
    )
    .await;
    let log = provider.log();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].endpoint, Endpoint::Token);
    assert_eq!(log[0].grant_type(), Some("refresh_token"));
    assert_eq!(log[0].resource(), Some(DEFAULT_RESOURCE));
    assert_eq!(log[0].organization_id(), Some("acme"));
    assert_eq!(log[0].scope(), Some("read:products"));
    assert!(log[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn requests_are_counted_per_endpoint_even_if_they_fail() {
    let provider = TestProvider::start().await;
    let tokens = sign_in(&provider, &[]).await;
    user_info(&provider, &text(&tokens, "access_token")).await;
    user_info(&provider, "garbage").await;
    let counts = Endpoint::ALL.map(|endpoint| provider.requests(endpoint));
    assert_eq!(counts, [0, 0, 1, 1, 2, 0, 0, 0, 0]);
}

#[tokio::test]
async fn held_requests_wait_until_they_are_released() {
    let provider = Arc::new(TestProvider::start().await);
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.clear_log();
    let held = provider.hold(Endpoint::Token);
    let response = tokio::spawn({
        let (provider, token) = (Arc::clone(&provider), token.clone());
        async move { refresh(&provider, &token, &[]).await.0 }
    });
    provider.wait_for_requests(Endpoint::Token, 1).await;
    provider.fault_once(TokenFault::Error(418, "set_while_held"));
    held.release();
    assert_eq!(response.await.unwrap(), 418);
    assert_eq!(
        refresh(&provider, &token, &[]).await.0,
        200,
        "released requests are no longer held"
    );
}

#[tokio::test]
async fn faults_for_one_use_apply_in_order_before_lasting_ones() {
    let provider = TestProvider::start().await;
    let status = async || {
        let url = provider.url(Endpoint::Jwks);
        crate::client::http().get(url).send().await.unwrap().status().as_u16()
    };
    provider.fault(HttpFault::Status(502).at(Endpoint::Jwks));
    provider.fault(HttpFault::Status(500).at(Endpoint::Jwks));
    provider.fault_once(HttpFault::Status(503).at(Endpoint::Jwks));
    provider.fault_once(HttpFault::Status(429).at(Endpoint::Jwks));
    assert_eq!(
        [status().await, status().await, status().await, status().await],
        [503, 429, 500, 500]
    );
    provider.clear_faults();
    assert_eq!(status().await, 200);
}

#[tokio::test]
async fn a_dropped_provider_stops_listening() {
    let provider = TestProvider::start().await;
    let url = provider.url(Endpoint::Jwks);
    let http = crate::client::http();
    assert!(http.get(&url).send().await.is_ok());
    drop(provider);
    // The server's task is aborted when the runtime runs it next.
    tokio::task::yield_now().await;
    assert!(http.get(&url).send().await.is_err());
}
