//! The ID token of a refresh (OIDC Core §12.2): it is verified like the first one, and has to be
//! about the same user.

use logto::{Diagnose as _, IdTokenError, RequestError, TokenError, TokenSet, TokenTarget};
use logto_testing::{
    DEFAULT_RESOURCE, Endpoint, HttpFault, IdTokenFault, JwksFault, RotationRule, TestProvider, TokenFault,
};
use serde_json::json;

use crate::harness::{Harness, text};

async fn refreshed_with(fault: IdTokenFault) -> Result<TokenSet, TokenError> {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.fault(fault);
    harness
        .refresh(&signed_in, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await
}

macro_rules! rejects {
    ($($name:ident: $fault:expr => $error:ident)*) => {$(
        #[tokio::test]
        async fn $name() {
            let error = refreshed_with($fault).await.unwrap_err();
            assert_eq!(error, TokenError::IdToken(IdTokenError::$error));
            assert!(!error.is_transient() && !error.ends_grant());
        }
    )*};
}

rejects! {
    rejects_a_bad_signature: IdTokenFault::SignatureBad => Signature
    rejects_an_unsigned_token: IdTokenFault::AlgNone => Algorithm
    rejects_a_shared_secret: IdTokenFault::Hs256WithClientSecret => Algorithm
    rejects_an_expired_token: IdTokenFault::ExpiryPast(60) => Expired
    rejects_a_token_issued_in_the_future: IdTokenFault::IssuedAtFuture(61) => NotYetValid
    rejects_another_nonce: IdTokenFault::NonceWrong => Nonce
    rejects_an_empty_subject: IdTokenFault::SubjectEmpty => Malformed
}

#[tokio::test]
async fn rejects_text_that_is_not_an_id_token() {
    for fault in [
        IdTokenFault::NotAJwt,
        IdTokenFault::SubjectMissing,
        IdTokenFault::ExpiryMissing,
    ] {
        let error = refreshed_with(fault).await.unwrap_err();
        let unreadable = RequestError::InvalidResponse("the token response");
        assert_eq!(error, TokenError::Request(unreadable));
        assert!(!error.is_transient() && !error.ends_grant());
    }
}

#[tokio::test]
async fn a_refreshed_token_may_omit_the_nonce() {
    let _ = refreshed_with(IdTokenFault::NonceMissing).await.unwrap();
}

#[tokio::test]
async fn a_refresh_without_an_id_token_keeps_the_current_one() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.fault(TokenFault::IdTokenMissing);
    let tokens = harness
        .refresh(&signed_in, &TokenTarget::resource(DEFAULT_RESOURCE))
        .await
        .unwrap();
    assert!(tokens.id_token.is_none());
}

/// After a restart the keys are unavailable: the ID token cannot be verified, but the refresh token
/// has been rotated.
#[tokio::test]
async fn a_rotated_refresh_token_is_kept_if_the_keys_are_unavailable() {
    let harness = Harness::of(TestProvider::builder().rotation(RotationRule::EveryUse)).await;
    let signed_in = harness.sign_in().await;
    let restarted = harness.another_client();
    harness.provider.fault(HttpFault::Status(503).at(Endpoint::Jwks));
    let token = signed_in.refresh_token.as_ref().unwrap();
    let tokens = restarted
        .refresh(token, &TokenTarget::USER_INFO, &signed_in.id_token)
        .await
        .unwrap();
    assert!(tokens.id_token.is_none(), "an unverified ID token is dropped");
    assert_ne!(text(&tokens.refresh_token.unwrap()), text(token));
}

#[tokio::test]
async fn an_id_token_with_an_unknown_key_is_dropped_and_the_rotated_refresh_token_kept() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    let restarted = harness.another_client();
    harness.provider.fault(JwksFault::OtherKeysOnly);
    let token = signed_in.refresh_token.as_ref().unwrap();
    harness.provider.fault(TokenFault::RotateRefreshToken);
    let tokens = restarted
        .refresh(token, &TokenTarget::USER_INFO, &signed_in.id_token)
        .await
        .unwrap();
    assert!(tokens.id_token.is_none());
    assert!(tokens.refresh_token.is_some());
}

#[tokio::test]
async fn the_nonce_is_compared_only_if_the_earlier_token_has_one() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.provider.fault_once(IdTokenFault::NonceMissing);
    let without = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap();
    let without = without.id_token.unwrap();
    assert_eq!(without.claims().nonce, None);
    harness.provider.fault(IdTokenFault::claims(|claims| {
        claims.insert("nonce".to_owned(), json!("a-new-one"));
    }));
    let token = signed_in.refresh_token.as_ref().unwrap();
    let _ = harness
        .client
        .refresh(token, &TokenTarget::USER_INFO, &without)
        .await
        .unwrap();
    let error = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err();
    assert_eq!(error, TokenError::IdToken(IdTokenError::Nonce));
}
