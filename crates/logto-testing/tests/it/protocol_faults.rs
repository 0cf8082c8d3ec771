//! Faults of discovery document, key set, callback, token response and userinfo response.

use logto_testing::{
    CallbackFault, DiscoveryFault, Endpoint, HOSTILE_TEXT, JwksFault, TestProvider, TokenFault, UserInfoFault,
};
use serde_json::{Value, json};

use crate::client::{authorization_url, code, exchange, failure, http, param, refresh, sign_in, text, user_info};

async fn document(provider: &TestProvider, endpoint: Endpoint) -> Value {
    http()
        .get(provider.url(endpoint))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap()
}

#[tokio::test]
async fn discovery_faults_change_the_document() {
    let provider = TestProvider::start().await;
    let issuer = provider.issuer();
    let correct = document(&provider, Endpoint::Discovery).await;
    let cases = [
        (
            DiscoveryFault::IssuerOther,
            "issuer",
            json!("https://evil.example.com/oidc"),
        ),
        (DiscoveryFault::IssuerWithSlash, "issuer", json!(format!("{issuer}/"))),
        (DiscoveryFault::Without("token_endpoint"), "token_endpoint", Value::Null),
        (
            DiscoveryFault::InsecureEndpoint("jwks_uri"),
            "jwks_uri",
            json!("http://insecure.example.com/oidc"),
        ),
        (DiscoveryFault::Set("jwks_uri", json!(7)), "jwks_uri", json!(7)),
        (
            DiscoveryFault::document(|it| drop(it.insert("x".into(), json!(1)))),
            "x",
            json!(1),
        ),
    ];
    for (fault, field, value) in cases {
        provider.fault_once(fault);
        let wrong = document(&provider, Endpoint::Discovery).await;
        assert_eq!(wrong[field], value);
        assert_ne!(wrong, correct);
    }
    assert_eq!(document(&provider, Endpoint::Discovery).await, correct);
}

#[tokio::test]
async fn jwks_faults_change_the_key_set() {
    let provider = TestProvider::start().await;
    let signing_key = provider.jwks()["keys"][0].clone();
    let with = async |fault: JwksFault| {
        provider.fault_once(fault);
        document(&provider, Endpoint::Jwks).await["keys"]
            .as_array()
            .unwrap()
            .clone()
    };
    assert!(with(JwksFault::Empty).await.is_empty());
    let several = with(JwksFault::SeveralKeys).await;
    assert_eq!(
        several
            .iter()
            .map(|key| key["kty"].as_str().unwrap())
            .collect::<Vec<_>>(),
        ["EC", "RSA", "EC"]
    );
    assert_eq!(several[2], signing_key);
    let others = with(JwksFault::OtherKeysOnly).await;
    assert!(others.len() == 2 && !others.contains(&signing_key));
    assert_eq!(with(JwksFault::WithoutKid).await[0].get("kid"), None);
    assert_eq!(with(JwksFault::WithoutAlg).await[0].get("alg"), None);
    assert_eq!(with(JwksFault::EncryptionOnly).await[0]["use"], "enc");
    let symmetric = with(JwksFault::SymmetricKey).await;
    assert_eq!(
        (&symmetric[0]["kty"], &symmetric[0]["kid"]),
        (&json!("oct"), &signing_key["kid"])
    );
    assert_eq!(with(JwksFault::keys(|keys| keys.push(keys[0].clone()))).await.len(), 2);
}

#[tokio::test]
async fn callback_faults_change_the_redirect() {
    let provider = TestProvider::start().await;
    let callback = async |fault: CallbackFault| {
        provider.fault_once(fault);
        provider.authorize(&authorization_url(&provider, &[])).await
    };
    let iss = |url: &str| param(url, "iss");
    assert_eq!(
        iss(&callback(CallbackFault::IssuerWrong).await).as_deref(),
        Some("https://evil.example.com/oidc")
    );
    assert_eq!(iss(&callback(CallbackFault::IssuerMissing).await), None);
    assert_ne!(
        param(&callback(CallbackFault::StateWrong).await, "state").as_deref(),
        Some("the-state")
    );
    assert_eq!(param(&callback(CallbackFault::StateMissing).await, "state"), None);
    assert_eq!(param(&callback(CallbackFault::CodeMissing).await, "code"), None);
    let unknown = param(&callback(CallbackFault::CodeWrong).await, "code").unwrap();
    assert_eq!(exchange(&provider, &unknown).await.0, 400);
    assert!(param(&provider.authorize(&authorization_url(&provider, &[])).await, "code").is_some());
}

#[tokio::test]
async fn an_error_fault_replaces_the_code_and_has_a_hostile_description() {
    let provider = TestProvider::start().await;
    provider.sign_out_browser();
    provider.fault_once(CallbackFault::error("access_denied"));
    let callback = provider.authorize(&authorization_url(&provider, &[])).await;
    assert_eq!(param(&callback, "error").as_deref(), Some("access_denied"));
    assert_eq!(param(&callback, "error_description").as_deref(), Some(HOSTILE_TEXT));
    assert_eq!(param(&callback, "state").as_deref(), Some("the-state"));
    assert_eq!(param(&callback, "code"), None);
}

#[tokio::test]
async fn token_faults_change_the_response() {
    let provider = TestProvider::start().await;
    let cases = [
        (TokenFault::IdTokenMissing, "id_token", None),
        (TokenFault::AccessTokenMissing, "access_token", None),
        (TokenFault::AccessTokenEmpty, "access_token", Some(json!(""))),
        (TokenFault::RefreshTokenMissing, "refresh_token", None),
        (TokenFault::TokenTypeOther, "token_type", Some(json!("mac"))),
        (TokenFault::TokenTypeMissing, "token_type", None),
        (TokenFault::ExpiresInMissing, "expires_in", None),
        (TokenFault::ExpiresInNegative, "expires_in", Some(json!(-3600))),
        (TokenFault::ExpiresInString, "expires_in", Some(json!("3600"))),
        (
            TokenFault::response(|it| drop(it.insert("scope".into(), json!(null)))),
            "scope",
            Some(json!(null)),
        ),
    ];
    for (fault, field, value) in cases {
        provider.fault_once(fault);
        assert_eq!(sign_in(&provider, &[]).await.get(field), value.as_ref(), "{field}");
    }
    assert!(sign_in(&provider, &[]).await["id_token"].is_string());
}

#[tokio::test]
async fn a_token_error_does_not_use_up_the_code() {
    let provider = TestProvider::start().await;
    let code = code(&provider, &[]).await;
    provider.fault_once(TokenFault::Error(500, "server_error"));
    let refused = exchange(&provider, &code).await;
    assert_eq!(failure(&refused), (500, "server_error"));
    assert_eq!(exchange(&provider, &code).await.0, 200);
}

#[tokio::test]
async fn a_lasting_fault_applies_to_every_response() {
    let provider = TestProvider::start().await;
    let token = text(&sign_in(&provider, &[]).await, "refresh_token");
    provider.fault(TokenFault::IdTokenMissing);
    for _ in 0..2 {
        assert_eq!(refresh(&provider, &token, &[]).await.1.get("id_token"), None);
    }
}

#[tokio::test]
async fn user_info_faults_change_the_response() {
    let provider = TestProvider::start().await;
    let token = text(&sign_in(&provider, &[]).await, "access_token");
    let with = async |fault: UserInfoFault| {
        provider.fault_once(fault);
        user_info(&provider, &token).await
    };
    assert_eq!(with(UserInfoFault::SubjectOther).await.1["sub"], "usr_mallory");
    assert_eq!(with(UserInfoFault::SubjectMissing).await.1.get("sub"), None);
    assert_eq!(with(UserInfoFault::Unauthorized).await.0, 401);
    let tweak = UserInfoFault::claims(|claims| drop(claims.insert("x".into(), json!(1))));
    assert_eq!(with(tweak).await.1["x"], 1);
    assert_eq!(user_info(&provider, &token).await.1["sub"], "usr_ada");
}
