//! The code exchange (RFC 6749 §4.1.3) with used, stolen and invented codes, and with incomplete
//! responses.

use logto::{CallbackError, Diagnose as _, Fault, OAuthError, RequestError, TokenError};
use logto_testing::{CallbackFault, Endpoint, HttpFault, TestProvider, TokenFault};
use serde_json::json;

use crate::harness::{Harness, copy, pair, without};

#[tokio::test]
async fn rejects_a_replayed_code() {
    let harness = Harness::start().await;
    let start = harness.begin().await;
    let query = harness.visit(&start).await;
    let _ = harness.finish(&query, copy(&start.transaction)).await.unwrap();
    let error = harness.finish(&query, start.transaction).await.unwrap_err();
    assert_eq!(
        error,
        CallbackError::Token(TokenError::Refused(OAuthError::InvalidGrant))
    );
}

/// RFC 9700 §4.5: PKCE prevents the use of a code from another sign-in.
#[tokio::test]
async fn rejects_a_code_injected_from_another_sign_in() {
    let harness = Harness::start().await;
    let (mine, stolen) = (harness.begin().await, harness.begin().await);
    let (my_query, stolen_query) = (harness.visit(&mine).await, harness.visit(&stolen).await);
    let injected = format!("{}&{}", without(&my_query, "code"), pair(&stolen_query, "code"));
    let error = harness.finish(&injected, mine.transaction).await.unwrap_err();
    assert_eq!(
        error,
        CallbackError::Token(TokenError::Refused(OAuthError::InvalidGrant))
    );
}

#[tokio::test]
async fn rejects_an_unknown_code() {
    let harness = Harness::start().await;
    harness.provider.fault(CallbackFault::CodeWrong);
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(
        error,
        CallbackError::Token(TokenError::Refused(OAuthError::InvalidGrant))
    );
    assert_eq!(error.fault(), Fault::User);
}

#[tokio::test]
async fn rejects_a_response_without_an_id_token() {
    let harness = Harness::start().await;
    harness.provider.fault(TokenFault::IdTokenMissing);
    assert_eq!(harness.try_sign_in().await.unwrap_err(), CallbackError::MissingIdToken);
    harness.provider.clear_faults();
    harness.provider.fault(TokenFault::response(|response| {
        response.insert("id_token".to_owned(), json!(null));
    }));
    assert_eq!(harness.try_sign_in().await.unwrap_err(), CallbackError::MissingIdToken);
}

#[tokio::test]
async fn a_wrong_app_secret_is_a_configuration_error() {
    let harness = Harness::with(TestProvider::builder(), |config| config.with_app_secret("wrong")).await;
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(
        error,
        CallbackError::Token(TokenError::Refused(OAuthError::InvalidClient))
    );
    assert_eq!((error.fault(), error.is_transient()), (Fault::Configuration, false));
}

#[tokio::test]
async fn a_provider_that_is_down_at_the_exchange_is_a_transient_error() {
    let harness = Harness::start().await;
    harness.provider.fault(HttpFault::Reset.at(Endpoint::Token));
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(
        error,
        CallbackError::Token(TokenError::Request(RequestError::Unreachable))
    );
    assert!(error.is_transient());
}
