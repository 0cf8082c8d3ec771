//! A provider with a public address for browsers and an internal one for this server, as in a
//! network of containers.

use logto::{DiscoveryError, LogtoClient, LogtoConfig, Registration, TokenTarget};
use logto_testing::{Endpoint, TestProvider, TestProviderBuilder};
use serde_json::json;

use crate::harness::{Harness, client, config, environment};

/// Nothing listens at this address, so a request of this server fails.
const PUBLIC: &str = "https://auth.example.com";

fn reached_inside(provider: &TestProvider) -> impl FnOnce(LogtoConfig) -> LogtoConfig {
    let internal = provider.endpoint().to_owned();
    move |config| config.with_internal_endpoint(internal)
}

/// The configured endpoint is the public one.
async fn harness(builder: TestProviderBuilder) -> Harness {
    let provider = builder.public_endpoint(PUBLIC).start().await;
    let change = reached_inside(&provider);
    let client = client(&provider, |config| change(config.with_endpoint(PUBLIC)));
    Harness { provider, client }
}

#[tokio::test]
async fn browsers_go_to_the_public_address_and_this_server_to_the_internal_one() {
    let harness = harness(TestProvider::builder()).await;
    let metadata = harness.client.metadata().await.unwrap();
    assert_eq!(metadata.issuer, format!("{PUBLIC}/oidc"));
    let public = [
        Some(&metadata.authorization_endpoint),
        metadata.end_session_endpoint.as_ref(),
    ];
    for endpoint in public {
        assert!(endpoint.unwrap().as_str().starts_with(&format!("{PUBLIC}/oidc/")));
    }
    let internal = format!("{}/oidc/", harness.provider.endpoint());
    let endpoints = [
        Some(&metadata.token_endpoint),
        Some(&metadata.userinfo_endpoint),
        Some(&metadata.jwks_uri),
        metadata.revocation_endpoint.as_ref(),
    ];
    for endpoint in endpoints {
        assert!(endpoint.unwrap().as_str().starts_with(&internal));
    }
}

#[tokio::test]
async fn sign_in_refresh_userinfo_and_revocation_work_by_the_internal_address() {
    let harness = harness(TestProvider::builder()).await;
    let signed_in = harness.sign_in().await;
    let target = TokenTarget::resource(logto_testing::DEFAULT_RESOURCE);
    drop(harness.refresh(&signed_in, &target).await.unwrap());
    let user_info = harness.client.user_info(&signed_in.access_token, "usr_ada").await;
    assert_eq!(user_info.unwrap().sub, "usr_ada");
    let refresh_token = signed_in.refresh_token.as_ref().unwrap();
    harness.client.revoke(refresh_token).await.unwrap();
    for endpoint in [
        Endpoint::Discovery,
        Endpoint::Jwks,
        Endpoint::Token,
        Endpoint::Revocation,
    ] {
        assert!(harness.provider.requests(endpoint) > 0, "{endpoint:?}");
    }
}

#[tokio::test]
async fn a_document_with_public_urls_only_is_accepted() {
    let mut builder = TestProvider::builder();
    for (field, path) in [
        ("authorization_endpoint", "auth"),
        ("token_endpoint", "token"),
        ("userinfo_endpoint", "me"),
        ("jwks_uri", "jwks"),
    ] {
        builder = builder.metadata(field, json!(format!("{PUBLIC}/oidc/{path}")));
    }
    harness(builder).await.assert_signs_in().await;
}

#[tokio::test]
async fn registration_checks_use_the_internal_address() {
    let harness = harness(TestProvider::builder()).await;
    let registration = harness.client.registration(harness.provider.redirect_uri()).await;
    assert_eq!(registration, Ok(Registration::Registered));
    let elsewhere = "https://elsewhere.example/";
    let registration = harness.client.sign_out_registration(elsewhere).await;
    assert_eq!(registration, Ok(Registration::RedirectUriUnknown));
}

#[tokio::test]
async fn rejects_an_endpoint_at_a_third_host() {
    let evil = json!("https://evil.example/oidc/token");
    let harness = harness(TestProvider::builder().metadata("token_endpoint", evil)).await;
    let error = harness.client.metadata().await.unwrap_err();
    assert_eq!(error, DiscoveryError::ForeignEndpoint("token_endpoint"));
}

#[tokio::test]
async fn the_error_for_a_wrong_issuer_names_both_issuers() {
    let provider = TestProvider::builder().public_endpoint(PUBLIC).start().await;
    let config = config(&provider);
    let limits = config.http_limits();
    let client = LogtoClient::new(config, environment(&provider, limits)).unwrap();
    let text = client.metadata().await.unwrap_err().to_string();
    for issuer in [format!("{PUBLIC}/oidc"), format!("{}/oidc", provider.endpoint())] {
        assert!(text.contains(&issuer), "{text}");
    }
    assert!(text.contains("internal_endpoint"), "{text}");
}
