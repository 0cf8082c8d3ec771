//! `oidcc-client-basic-certification-test-plan`

use logto::{CallbackError, Diagnose as _, Fault, IdTokenError, RequestError, TokenError, UserInfoError};
use logto_testing::{Endpoint, IdTokenFault, TestProvider, UserInfoFault};

use super::{refusal, refusal_at, rs256, sign_in};
use crate::harness::{Harness, all_text, value};

/// A token without `sub` or `iat` is not an ID token.
const UNREADABLE: CallbackError =
    CallbackError::Token(TokenError::Request(RequestError::InvalidResponse("the token response")));

#[tokio::test]
async fn oidcc_client_test() {
    let harness = Harness::start().await;
    let (signed_in, user_info) = sign_in(&harness).await;
    assert_eq!(signed_in.id_token.claims().sub, user_info.sub);
    let start = harness.begin().await;
    assert_eq!(value(&start.authorization_url, "response_type"), "code");
    let scope = value(&start.authorization_url, "scope");
    assert!(scope.split(' ').any(|scope| scope == "openid"), "{scope}");
}

#[tokio::test]
async fn rejects_oidcc_client_test_invalid_iss() {
    let error = refusal(IdTokenFault::IssuerWrong).await;
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Issuer));
}

#[tokio::test]
async fn rejects_oidcc_client_test_missing_sub() {
    assert_eq!(refusal(IdTokenFault::SubjectMissing).await, UNREADABLE);
}

#[tokio::test]
async fn rejects_oidcc_client_test_invalid_aud() {
    let error = refusal(IdTokenFault::AudienceOther).await;
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Audience));
}

#[tokio::test]
async fn rejects_oidcc_client_test_missing_iat() {
    assert_eq!(refusal(IdTokenFault::IssuedAtMissing).await, UNREADABLE);
}

#[tokio::test]
async fn oidcc_client_test_kid_absent_single_jwks() {
    for harness in [Harness::start().await, rs256().await] {
        harness.provider.fault(IdTokenFault::KidMissing);
        drop(sign_in(&harness).await);
    }
}

/// The suite allows a client to try all keys or to reject the token. This one rejects it.
#[tokio::test]
async fn rejects_oidcc_client_test_kid_absent_multiple_jwks() {
    for harness in [Harness::start().await, rs256().await] {
        // The right key comes first, so that trying the first one would succeed.
        harness.provider.rotate_keys();
        let error = refusal_at(&harness, IdTokenFault::KidMissing).await;
        assert_eq!(error, CallbackError::IdToken(IdTokenError::UnknownKey));
    }
}

#[tokio::test]
async fn oidcc_client_test_idtoken_sig_rs256() {
    drop(sign_in(&rs256().await).await);
}

/// The suite allows it for a client that is registered for it, which Logto does not support.
#[tokio::test]
async fn rejects_oidcc_client_test_idtoken_sig_none() {
    for harness in [Harness::start().await, rs256().await] {
        let error = refusal_at(&harness, IdTokenFault::AlgNone).await;
        assert_eq!(error, CallbackError::IdToken(IdTokenError::Algorithm));
    }
}

#[tokio::test]
async fn rejects_oidcc_client_test_invalid_sig_rs256() {
    let error = refusal_at(&rs256().await, IdTokenFault::SignatureBad).await;
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Signature));
}

#[tokio::test]
async fn rejects_oidcc_client_test_userinfo_invalid_sub() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.fault(UserInfoFault::SubjectOther);
    let answer = harness.client.user_info(&signed_in.access_token, "usr_ada").await;
    let error = answer.unwrap_err();
    assert_eq!(error, UserInfoError::SubjectMismatch);
    assert_eq!((error.fault(), error.is_transient()), (Fault::Mismatch, false));
    assert!(!all_text(&error).contains("mallory"));
}

#[tokio::test]
async fn rejects_oidcc_client_test_nonce_invalid() {
    let error = refusal(IdTokenFault::NonceWrong).await;
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Nonce));
}

#[tokio::test]
async fn oidcc_client_test_scope_userinfo_claims() {
    let harness = Harness::start().await;
    let (_, user_info) = sign_in(&harness).await;
    assert_eq!(user_info.profile.name.as_deref(), Some("Ada Lovelace"));
    assert_eq!(user_info.profile.email.as_deref(), Some("ada@example.com"));

    let harness = Harness::with(TestProvider::builder(), |config| config.with_scopes::<String>([])).await;
    let (_, user_info) = sign_in(&harness).await;
    assert_eq!(
        user_info.profile.name.as_deref(),
        Some("Ada Lovelace"),
        "`profile` is always asked for"
    );
    assert_eq!(user_info.profile.email, None);
}

#[tokio::test]
async fn oidcc_client_test_client_secret_basic() {
    let harness = Harness::start().await;
    harness.assert_signs_in().await;
    let exchange = harness.logged(Endpoint::Token).remove(0);
    let header = exchange.headers["authorization"].to_str().unwrap();
    assert!(header.starts_with("Basic "));
    assert_eq!(exchange.params.get("client_secret"), None, "nowhere else");
    let redirect_uri = exchange.params.get("redirect_uri");
    assert_eq!(redirect_uri, Some(harness.provider.redirect_uri()));
}
