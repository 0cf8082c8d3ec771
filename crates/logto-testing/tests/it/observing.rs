use std::sync::Arc;

use logto_testing::{API, Endpoint, HttpFault, TestProvider, TokenFault};

use crate::client::{refresh, sign_in, sign_in_for_everything, text, user_info};

#[tokio::test]
async fn the_log_says_what_was_asked_for() {
    let provider = TestProvider::start().await;
    let token = sign_in_for_everything(&provider).await;
    provider.clear_log();
    refresh(
        &provider,
        &token,
        &[
            ("resource", API),
            ("organization_id", "acme"),
            ("scope", "read:products"),
        ],
    )
    .await;
    let log = provider.log();
    assert_eq!(log.len(), 1);
    assert_eq!(log[0].endpoint, Endpoint::Token);
    assert_eq!(log[0].grant_type(), Some("refresh_token"));
    assert_eq!(log[0].resource(), Some(API));
    assert_eq!(log[0].organization_id(), Some("acme"));
    assert_eq!(log[0].scope(), Some("read:products"));
    assert!(log[0].headers.contains_key("authorization"));
}

#[tokio::test]
async fn every_endpoint_counts_for_itself_and_failed_requests_count_too() {
    let provider = TestProvider::start().await;
    let tokens = sign_in(&provider, &[]).await;
    user_info(&provider, &text(&tokens, "access_token")).await;
    user_info(&provider, "garbage").await;
    let counts = Endpoint::ALL.map(|endpoint| provider.requests(endpoint));
    assert_eq!(counts, [0, 0, 1, 1, 2, 0, 0]);
}

#[tokio::test]
async fn held_requests_wait_for_the_gate_and_can_be_awaited() {
    let provider = Arc::new(TestProvider::start().await);
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.clear_log();
    let gate = provider.hold(Endpoint::Token);
    let held = tokio::spawn({
        let (provider, token) = (Arc::clone(&provider), token.clone());
        async move { refresh(&provider, &token, &[]).await.0 }
    });
    provider.wait_for_requests(Endpoint::Token, 1).await;
    provider.fault_once(TokenFault::Error(418, "set_while_it_was_held"));
    gate.release();
    assert_eq!(held.await.unwrap(), 418);
    assert_eq!(
        refresh(&provider, &token, &[]).await.0,
        200,
        "an open gate holds nobody"
    );
}

#[tokio::test]
async fn one_shot_faults_are_a_queue_and_lasting_ones_come_after_them() {
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
async fn a_dropped_provider_no_longer_answers() {
    let provider = TestProvider::start().await;
    let url = provider.url(Endpoint::Jwks);
    let http = crate::client::http();
    assert!(http.get(&url).send().await.is_ok());
    drop(provider);
    // The abort takes effect when the runtime comes to it.
    tokio::task::yield_now().await;
    assert!(http.get(&url).send().await.is_err());
}
