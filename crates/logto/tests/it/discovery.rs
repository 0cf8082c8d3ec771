//! When metadata and keys are fetched, and what happens if that fails.

use std::{
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};

use futures_util::future::join_all;
use logto::{
    AccessTokenError, AccessTokenRules, Diagnose as _, DiscoveryError, RequestError, SecretString, SignInError,
    TokenTarget,
};
use logto_testing::{DEFAULT_RESOURCE, DiscoveryFault, Endpoint, HttpFault, Lifetimes, TestProvider};
use serde_json::json;
use tokio::net::TcpSocket;

use crate::{
    harness::{Harness, in_time, text},
    session::reopened,
};

fn rules() -> AccessTokenRules {
    AccessTokenRules::resource(DEFAULT_RESOURCE)
}

fn token(harness: &Harness) -> SecretString {
    harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &[], |_| {})
        .into()
}

/// A token that is signed with the provider's key, but has an unknown `kid`.
fn with_unknown_kid(harness: &Harness) -> SecretString {
    harness
        .provider
        .access_token("ada", DEFAULT_RESOURCE, &[], |jwt| {
            jwt.header.insert("kid".to_owned(), json!("nobody-knows"));
        })
        .into()
}

/// The number of fetches of the metadata and the keys.
fn fetches(harness: &Harness) -> (usize, usize) {
    let requests = |endpoint| harness.provider.requests(endpoint);
    (requests(Endpoint::Discovery), requests(Endpoint::Jwks))
}

#[tokio::test]
async fn metadata_and_keys_are_fetched_once() {
    let harness = Harness::start().await;
    for _ in 0..2 {
        let signed_in = harness.sign_in().await;
        let _ = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
    }
    assert_eq!(fetches(&harness), (1, 1));
}

#[tokio::test]
async fn a_page_on_the_warm_path_makes_no_network_call() {
    let harness = Harness::start().await;
    let refresher = harness.refresher();
    let target = TokenTarget::resource(DEFAULT_RESOURCE);
    let first = refresher.token(harness.session().await, &target).await;
    let session = reopened(&first.session.unwrap());
    harness.provider.clear_log();

    let again = refresher.token(session.into(), &target).await;
    assert!(!again.refreshed);
    let token = again.token.unwrap();
    assert_eq!(text(&token.secret), text(&first.token.unwrap().secret));
    let claims = harness
        .client
        .verify_access_token(&token.secret, &rules())
        .await
        .unwrap();
    assert_eq!(claims.sub, "usr_ada");
    let _ = harness.begin().await;
    let hint = again.session.unwrap();
    harness
        .client
        .end_session_url(Some(hint.id_token()), harness.provider.post_logout_redirect_uri())
        .await
        .unwrap();
    assert_eq!(harness.provider.log().len(), 0, "{:?}", harness.provider.log());
}

#[tokio::test]
async fn concurrent_requests_for_metadata_are_coalesced() {
    let harness = Harness::start().await;
    let gate = harness.provider.hold(Endpoint::Discovery);
    let asking = join_all((0..20).map(|_| harness.client.metadata()));
    let (answers, ()) = in_time(async {
        tokio::join!(asking, async {
            harness.provider.wait_for_requests(Endpoint::Discovery, 1).await;
            gate.release();
        })
    })
    .await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(fetches(&harness), (1, 0));
}

#[tokio::test]
async fn concurrent_requests_for_keys_are_coalesced() {
    let harness = Harness::start().await;
    let (token, rules) = (token(&harness), rules());
    let gate = harness.provider.hold(Endpoint::Jwks);
    let asking = join_all((0..20).map(|_| harness.client.verify_access_token(&token, &rules)));
    let (answers, ()) = in_time(async {
        tokio::join!(asking, async {
            harness.provider.wait_for_requests(Endpoint::Jwks, 1).await;
            gate.release();
        })
    })
    .await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(fetches(&harness), (1, 1));
}

#[tokio::test]
async fn a_failed_discovery_is_transient_and_not_cached() {
    let harness = Harness::start().await;
    harness
        .provider
        .fault_once(HttpFault::RetryAfter(503, "7").at(Endpoint::Discovery));
    let error = harness.client.start_sign_in(harness.options()).await.unwrap_err();
    let down = RequestError::Unavailable {
        status: 503,
        retry_after: Some(Duration::from_secs(7)),
    };
    assert_eq!(error, SignInError::Discovery(DiscoveryError::Request(down)));
    assert!(error.is_transient());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    harness.assert_signs_in().await;
}

#[tokio::test]
async fn a_failed_fetch_of_keys_is_transient_and_not_cached() {
    let harness = Harness::start().await;
    harness.provider.fault_once(HttpFault::Status(500).at(Endpoint::Jwks));
    let error = harness
        .client
        .verify_access_token(&token(&harness), &rules())
        .await
        .unwrap_err();
    assert!(
        matches!(error, AccessTokenError::Keys(DiscoveryError::Request(_))),
        "{error:?}"
    );
    assert!(error.is_transient());
    harness
        .client
        .verify_access_token(&token(&harness), &rules())
        .await
        .unwrap();
}

#[tokio::test]
async fn metadata_and_keys_are_fetched_again_after_their_lifetime() {
    let harness = Harness::with(TestProvider::builder(), |config| {
        config.with_metadata_lifetime(Duration::from_secs(100))
    })
    .await;
    harness.assert_signs_in().await;
    harness.provider.clock().advance(99);
    harness.assert_signs_in().await;
    assert_eq!(fetches(&harness), (1, 1));
    harness.provider.clock().advance(1);
    harness.assert_signs_in().await;
    assert_eq!(fetches(&harness), (2, 2));
}

#[tokio::test]
async fn the_lifetime_is_an_hour_unless_configured() {
    let harness = Harness::start().await;
    harness.assert_signs_in().await;
    harness.provider.clock().advance(3599);
    harness.assert_signs_in().await;
    assert_eq!(fetches(&harness), (1, 1));
    harness.provider.clock().advance(1);
    harness.assert_signs_in().await;
    assert_eq!(fetches(&harness), (2, 2));
}

#[tokio::test]
async fn an_unknown_key_causes_at_most_one_fetch_per_cooldown() {
    let harness = Harness::start().await;
    harness.assert_signs_in().await;
    let (forged, rules) = (with_unknown_kid(&harness), rules());
    for (seconds, fetched) in [(0, 2), (29, 2), (1, 3), (0, 3), (29, 3), (1, 4)] {
        harness.provider.clock().advance(seconds);
        for _ in 0..3 {
            let judged = harness.client.verify_access_token(&forged, &rules).await;
            assert_eq!(judged.unwrap_err(), AccessTokenError::Invalid);
        }
        let at_once = join_all((0..5).map(|_| harness.client.verify_access_token(&forged, &rules))).await;
        assert!(at_once.iter().all(Result::is_err));
        assert_eq!(fetches(&harness), (1, fetched));
    }
}

#[tokio::test]
async fn stale_metadata_and_keys_are_used_while_the_provider_is_down() {
    let lifetimes = Lifetimes::default().with_access_token(86_400);
    let harness = Harness::of(TestProvider::builder().lifetimes(lifetimes)).await;
    harness.assert_signs_in().await;
    let token = token(&harness);
    for endpoint in [Endpoint::Discovery, Endpoint::Jwks] {
        harness.provider.fault(HttpFault::Status(503).at(endpoint));
    }
    harness.provider.clock().advance(3600);
    for _ in 0..3 {
        harness.client.verify_access_token(&token, &rules()).await.unwrap();
        harness.assert_signs_in().await;
    }
    assert_eq!(fetches(&harness), (2, 2), "one more try each in a cool-down");

    harness.provider.clear_faults();
    harness.provider.clock().advance(29);
    harness.assert_signs_in().await;
    assert_eq!(fetches(&harness), (2, 2));
    harness.provider.clock().advance(1);
    harness.assert_signs_in().await;
    assert_eq!(fetches(&harness), (3, 3), "the provider is back");
}

#[tokio::test]
async fn rejects_invalid_new_metadata_and_keeps_the_old() {
    let harness = Harness::start().await;
    let good = harness.client.metadata().await.unwrap();
    harness.provider.fault(DiscoveryFault::IssuerOther);
    harness.provider.fault(DiscoveryFault::Set(
        "token_endpoint",
        json!("https://evil.example.com/oidc/token"),
    ));
    harness.provider.clock().advance(3600);
    assert_eq!(harness.client.metadata().await.unwrap(), good);
    harness.assert_signs_in().await;
}

#[tokio::test]
async fn an_unreachable_provider_is_a_transient_error() {
    // It is bound, so that no other test gets its port, but it does not listen.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let endpoint = format!("http://{}", socket.local_addr().unwrap());
    let harness = Harness::with(TestProvider::builder(), |config| config.with_endpoint(endpoint)).await;
    let error = in_time(harness.client.metadata()).await.unwrap_err();
    assert_eq!(error, DiscoveryError::Request(RequestError::Unreachable));
    assert!(error.is_transient());
}
