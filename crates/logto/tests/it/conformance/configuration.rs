//! `oidcc-client-config-certification-test-plan`. Its module `oidcc-client-test-idtoken-sig-none`
//! is in `basic`.

use logto::{Diagnose as _, DiscoveryError, Fault, SignInError};
use logto_testing::{DiscoveryFault, Endpoint};
use serde_json::json;

use super::sign_in;
use crate::harness::{Harness, value};

/// Makes the provider publish another URL for this endpoint.
fn rename(harness: &Harness, field: &'static str, endpoint: Endpoint) {
    let address = format!("{}?from=discovery", harness.provider.url(endpoint));
    harness.provider.fault(DiscoveryFault::Set(field, json!(address)));
}

#[tokio::test]
async fn oidcc_client_test_discovery_openid_config() {
    let harness = Harness::start().await;
    rename(&harness, "authorization_endpoint", Endpoint::Authorization);
    let url = harness.begin().await.authorization_url;
    assert_eq!(value(&url, "from"), "discovery");
    assert_eq!(harness.provider.requests(Endpoint::Discovery), 1);
    drop(sign_in(&harness).await);
}

#[tokio::test]
async fn oidcc_client_test_discovery_jwks_uri_keys() {
    let harness = Harness::start().await;
    rename(&harness, "jwks_uri", Endpoint::Jwks);
    drop(sign_in(&harness).await);
    let keys = harness.logged(Endpoint::Jwks);
    assert_eq!(keys.len(), 1);
    assert_eq!(keys[0].params.get("from"), Some("discovery"));
}

#[tokio::test]
async fn rejects_oidcc_client_test_discovery_issuer_mismatch() {
    let harness = Harness::start().await;
    harness.provider.fault(DiscoveryFault::IssuerOther);
    let error = harness.client.start_sign_in(harness.options()).await.unwrap_err();
    let mismatch = matches!(error, SignInError::Discovery(DiscoveryError::IssuerMismatch { .. }));
    assert!(mismatch, "{error}");
    assert_eq!((error.fault(), error.is_transient()), (Fault::Provider, false));
    // No further step of the sign-in follows.
    let discovery = harness.provider.requests(Endpoint::Discovery);
    assert_eq!(harness.provider.log().len(), discovery);
}

/// The keys are cached from the first sign-in.
#[tokio::test]
async fn oidcc_client_test_signing_key_rotation_just_before_signing() {
    let harness = Harness::start().await;
    drop(sign_in(&harness).await);
    let start = harness.begin().await;
    let query = harness.visit(&start).await;
    harness.provider.rotate_keys();
    harness.provider.forget_previous_keys();
    let _ = harness.finish(&query, start.transaction).await.unwrap();
    assert_eq!(harness.provider.requests(Endpoint::Jwks), 2);
}

#[tokio::test]
async fn oidcc_client_test_signing_key_rotation() {
    let harness = Harness::start().await;
    drop(sign_in(&harness).await);
    harness.provider.rotate_keys();
    harness.provider.forget_previous_keys();
    drop(sign_in(&harness).await);
    assert_eq!(harness.provider.requests(Endpoint::Jwks), 2, "fetched again, at once");
    drop(sign_in(&harness).await);
    assert_eq!(harness.provider.requests(Endpoint::Jwks), 2);
}
