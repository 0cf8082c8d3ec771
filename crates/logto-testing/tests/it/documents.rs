use logto_testing::{Endpoint, SigningAlgorithm, TestProvider};
use reqwest::{Response, header};
use serde_json::{Value, json};

use crate::client::{http, sign_in, text, verify};

async fn get(provider: &TestProvider, endpoint: Endpoint) -> Response {
    http().get(provider.url(endpoint)).send().await.unwrap()
}

#[tokio::test]
async fn discovery_lists_every_endpoint() {
    let provider = TestProvider::start().await;
    let document: Value = get(&provider, Endpoint::Discovery).await.json().await.unwrap();
    assert_eq!(document["issuer"], format!("{}/oidc", provider.endpoint()));
    for (field, endpoint) in [
        ("authorization_endpoint", Endpoint::Authorization),
        ("token_endpoint", Endpoint::Token),
        ("userinfo_endpoint", Endpoint::UserInfo),
        ("jwks_uri", Endpoint::Jwks),
        ("revocation_endpoint", Endpoint::Revocation),
        ("end_session_endpoint", Endpoint::EndSession),
    ] {
        assert_eq!(document[field], provider.url(endpoint));
    }
    assert_eq!(document["authorization_response_iss_parameter_supported"], true);
    assert_eq!(document["code_challenge_methods_supported"], json!(["S256"]));
    assert_eq!(document["id_token_signing_alg_values_supported"], json!(["ES384"]));
}

#[tokio::test]
async fn metadata_fields_can_be_set_and_removed() {
    let builder = TestProvider::builder()
        .metadata("end_session_endpoint", Value::Null)
        .metadata("x", json!(1));
    let provider = builder.start().await;
    let document: Value = get(&provider, Endpoint::Discovery).await.json().await.unwrap();
    assert_eq!(document.get("end_session_endpoint"), None);
    assert_eq!(document["x"], 1);
}

#[tokio::test]
async fn the_key_set_has_one_p384_key_and_an_etag() {
    let provider = TestProvider::start().await;
    let response = get(&provider, Endpoint::Jwks).await;
    assert_eq!(response.headers()[header::CACHE_CONTROL], "no-cache");
    let etag = response.headers()[header::ETAG].clone();
    let keys: Value = response.json().await.unwrap();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    for (field, value) in [("kty", "EC"), ("crv", "P-384"), ("alg", "ES384"), ("use", "sig")] {
        assert_eq!(keys["keys"][0][field], value);
    }
    let again = http()
        .get(provider.url(Endpoint::Jwks))
        .header(header::IF_NONE_MATCH, etag)
        .send()
        .await
        .unwrap();
    assert_eq!(again.status(), 304);
}

#[tokio::test]
async fn rotated_keys_stay_published_until_they_are_forgotten() {
    let provider = TestProvider::start().await;
    let before = text(&sign_in(&provider, &[]).await, "id_token");
    provider.rotate_keys();
    let after = text(&sign_in(&provider, &[]).await, "id_token");
    assert_ne!(
        crate::client::header(&before)["kid"],
        crate::client::header(&after)["kid"]
    );
    verify(&provider, &before).unwrap();
    verify(&provider, &after).unwrap();
    provider.forget_previous_keys();
    assert_eq!(provider.jwks()["keys"].as_array().unwrap().len(), 1);
    verify(&provider, &after).unwrap();
}

#[tokio::test]
async fn tokens_can_be_signed_with_rsa() {
    let provider = TestProvider::builder()
        .signing_algorithm(SigningAlgorithm::Rs256)
        .start()
        .await;
    let id_token = text(&sign_in(&provider, &[]).await, "id_token");
    assert_eq!(crate::client::header(&id_token)["alg"], "RS256");
    assert_eq!(verify(&provider, &id_token).unwrap()["sub"], "usr_ada");
    let document: Value = get(&provider, Endpoint::Discovery).await.json().await.unwrap();
    assert_eq!(document["id_token_signing_alg_values_supported"], json!(["RS256"]));
}
