//! Discovery and keys.

use reqwest::header;
use serde_json::{Value, json};

use super::subject::Subject;

pub(super) async fn the_discovery_document_has_the_endpoints_and_capabilities_of_logto(subject: &Subject) {
    let url = subject.url("/.well-known/openid-configuration");
    let metadata: Value = subject.http.get(url).send().await.unwrap().json().await.unwrap();
    assert_eq!(metadata["issuer"], json!(subject.issuer()));
    for (name, path) in [
        ("authorization_endpoint", "/auth"),
        ("token_endpoint", "/token"),
        ("userinfo_endpoint", "/me"),
        ("jwks_uri", "/jwks"),
        ("revocation_endpoint", "/token/revocation"),
        ("end_session_endpoint", "/session/end"),
    ] {
        assert_eq!(metadata[name], json!(subject.url(path)), "{name}");
    }
    for (name, value) in [
        ("authorization_response_iss_parameter_supported", json!(true)),
        ("backchannel_logout_supported", json!(true)),
        ("backchannel_logout_session_supported", json!(true)),
        (
            "acr_values_supported",
            json!(["urn:logto:acr:1fa", "urn:logto:acr:mfa"]),
        ),
        ("claims_parameter_supported", json!(false)),
        ("code_challenge_methods_supported", json!(["S256"])),
        ("id_token_signing_alg_values_supported", json!(["ES384"])),
    ] {
        assert_eq!(metadata[name], value, "{name}");
    }
}

pub(super) async fn keys_are_served_with_an_etag_that_allows_a_304(subject: &Subject) {
    let first = subject.http.get(subject.url("/jwks")).send().await.unwrap();
    assert_eq!(first.headers()[header::CACHE_CONTROL], "no-cache");
    let etag = first.headers()[header::ETAG].clone();
    let keys: Value = first.json().await.unwrap();
    let key = &keys["keys"][0];
    assert_eq!(
        (&key["kty"], &key["crv"], &key["alg"]),
        (&json!("EC"), &json!("P-384"), &json!("ES384"))
    );
    assert!(key["d"].is_null() && keys["keys"].as_array().unwrap().len() == 1);
    let again = subject
        .http
        .get(subject.url("/jwks"))
        .header(header::IF_NONE_MATCH, etag);
    assert_eq!(again.send().await.unwrap().status(), 304);
}
