//! Incomplete and invalid token responses (RFC 6749 §5.1).

use logto::{Diagnose as _, RequestError, TokenError, TokenSet, TokenTarget};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault, TokenFault};
use serde_json::{Value, json};

use crate::harness::Harness;

struct Answer {
    harness: Harness,
    result: Result<TokenSet, TokenError>,
}

async fn answer(fault: TokenFault) -> Answer {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.fault(fault);
    let result = harness
        .refresh(&signed_in, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await;
    Answer { harness, result }
}

fn field(name: &'static str, value: impl Into<Value>) -> TokenFault {
    let value = value.into();
    TokenFault::response(move |response| drop(response.insert(name.to_owned(), value.clone())))
}

async fn assert_rejected(fault: TokenFault, part: &'static str) {
    let error = answer(fault).await.result.unwrap_err();
    assert_eq!(error, TokenError::Request(RequestError::InvalidResponse(part)));
    assert!(!error.is_transient() && !error.ends_grant());
}

#[tokio::test]
async fn rejects_a_token_type_other_than_bearer() {
    assert_rejected(TokenFault::TokenTypeOther, "the token type").await;
    assert_rejected(field("token_type", "DPoP"), "the token type").await;
}

#[tokio::test]
async fn rejects_a_missing_token_type() {
    assert_rejected(TokenFault::TokenTypeMissing, "the token response").await;
}

#[tokio::test]
async fn the_token_type_is_case_insensitive() {
    let _ = answer(field("token_type", "bearer")).await.result.unwrap();
}

#[tokio::test]
async fn rejects_a_missing_access_token() {
    assert_rejected(TokenFault::AccessTokenMissing, "the token response").await;
    assert_rejected(field("access_token", json!(null)), "the token response").await;
    assert_rejected(field("access_token", 7), "the token response").await;
}

#[tokio::test]
async fn rejects_an_empty_access_token() {
    assert_rejected(TokenFault::AccessTokenEmpty, "the access token").await;
}

#[tokio::test]
async fn rejects_a_negative_lifetime() {
    assert_rejected(TokenFault::ExpiresInNegative, "the token response").await;
}

/// A short default, because the lifetime is unknown.
#[tokio::test]
async fn a_token_without_lifetime_is_used_for_five_minutes() {
    let answer = answer(TokenFault::ExpiresInMissing).await;
    let expires = answer.result.unwrap().access_token.expires;
    assert_eq!(expires, answer.harness.client.now().plus(300));
}

#[tokio::test]
async fn the_maximum_lifetime_is_accepted() {
    let _ = answer(field("expires_in", u64::MAX)).await.result.unwrap();
}

#[tokio::test]
async fn a_token_with_a_lifetime_of_zero_is_expired() {
    let answer = answer(field("expires_in", 0)).await;
    assert_eq!(answer.result.unwrap().access_token.expires, answer.harness.client.now());
}

#[tokio::test]
async fn missing_scopes_default_to_the_requested_ones() {
    let answer = answer(TokenFault::response(|response| drop(response.remove("scope")))).await;
    let scopes = answer.result.unwrap().access_token.scopes;
    assert_eq!(scopes, answer.harness.client.config().scopes());
}

#[tokio::test]
async fn fewer_scopes_than_requested_are_the_granted_ones() {
    let answer = answer(field("scope", "read:products")).await;
    assert_eq!(answer.result.unwrap().access_token.scopes, ["read:products"]);
}

#[tokio::test]
async fn a_missing_refresh_token_is_none() {
    let answer = answer(TokenFault::RefreshTokenMissing).await;
    assert!(answer.result.unwrap().refresh_token.is_none());
}

#[tokio::test]
async fn unknown_fields_are_ignored() {
    let _ = answer(field("new_in_some_version", json!({ "a": [1] })))
        .await
        .result
        .unwrap();
}

#[tokio::test]
async fn rejects_a_response_that_is_not_json() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness
        .provider
        .fault(HttpFault::ContentType("text/html").at(Endpoint::Token));
    let error = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err();
    assert_eq!(
        error,
        TokenError::Request(RequestError::InvalidResponse("the token response"))
    );
}
