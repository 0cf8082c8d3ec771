//! Invalid discovery documents (OIDC Discovery §4.3).

use logto::{Diagnose as _, DiscoveryError, Fault, ProviderMetadata, RequestError};
use logto_testing::{DiscoveryFault, Endpoint};
use serde_json::json;

use crate::harness::Harness;

const NO_DOCUMENT: DiscoveryError = DiscoveryError::Request(RequestError::InvalidResponse("the discovery document"));

async fn judged(fault: DiscoveryFault) -> Result<std::sync::Arc<ProviderMetadata>, DiscoveryError> {
    let harness = Harness::start().await;
    harness.provider.fault(fault);
    let metadata = harness.client.metadata().await;
    // No further step of the sign-in follows.
    if metadata.is_err() {
        assert!(harness.client.start_sign_in(harness.options()).await.is_err());
        assert_eq!(
            harness.provider.log().len(),
            harness.provider.requests(Endpoint::Discovery)
        );
    }
    metadata
}

async fn refusal(fault: DiscoveryFault) -> DiscoveryError {
    let error = judged(fault).await.unwrap_err();
    assert!(!error.is_transient());
    assert_eq!(error.fault(), Fault::Provider);
    error
}

#[tokio::test]
async fn rejects_metadata_whose_issuer_differs_by_a_slash() {
    let DiscoveryError::IssuerMismatch { expected, found } = refusal(DiscoveryFault::IssuerWithSlash).await else {
        panic!("another refusal");
    };
    assert_eq!(found, format!("{expected}/"));
}

#[tokio::test]
async fn rejects_an_endpoint_without_tls() {
    for field in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "revocation_endpoint",
    ] {
        let error = refusal(DiscoveryFault::InsecureEndpoint(field)).await;
        assert_eq!(error, DiscoveryError::InsecureEndpoint(field));
    }
}

/// Would be an open redirect, or server-side request forgery.
#[tokio::test]
async fn rejects_an_endpoint_at_another_host() {
    for field in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
        "end_session_endpoint",
        "revocation_endpoint",
    ] {
        for address in [
            "https://evil.example.com/oidc",
            "http://127.0.0.1:9/oidc",
            "https://169.254.169.254/",
        ] {
            let error = refusal(DiscoveryFault::Set(field, json!(address))).await;
            assert_eq!(error, DiscoveryError::ForeignEndpoint(field), "{address}");
        }
    }
}

#[tokio::test]
async fn rejects_an_endpoint_that_is_not_http() {
    for address in [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "data:text/html,x",
    ] {
        let error = refusal(DiscoveryFault::Set("authorization_endpoint", json!(address))).await;
        assert_eq!(
            error,
            DiscoveryError::InsecureEndpoint("authorization_endpoint"),
            "{address}"
        );
    }
    for value in [json!("/oidc/token"), json!(""), json!(7), json!(null)] {
        assert_eq!(refusal(DiscoveryFault::Set("token_endpoint", value)).await, NO_DOCUMENT);
    }
}

#[tokio::test]
async fn rejects_metadata_without_a_required_field() {
    for field in [
        "issuer",
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "jwks_uri",
    ] {
        assert_eq!(refusal(DiscoveryFault::Without(field)).await, NO_DOCUMENT, "{field}");
    }
}

#[tokio::test]
async fn the_sign_out_endpoints_are_optional() {
    for field in ["end_session_endpoint", "revocation_endpoint"] {
        assert!(judged(DiscoveryFault::Without(field)).await.is_ok(), "{field}");
    }
}

#[tokio::test]
async fn rejects_a_provider_without_an_accepted_signing_algorithm() {
    for algorithms in [json!(["none"]), json!(["HS256", "HS512"]), json!([]), json!(["es384"])] {
        let error = refusal(DiscoveryFault::Set("id_token_signing_alg_values_supported", algorithms)).await;
        assert_eq!(error, DiscoveryError::NoAcceptedAlgorithm);
    }
    let error = refusal(DiscoveryFault::Without("id_token_signing_alg_values_supported")).await;
    assert_eq!(error, DiscoveryError::NoAcceptedAlgorithm);
}
