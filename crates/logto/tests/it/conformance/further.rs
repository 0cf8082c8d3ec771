//! Modules of `oidcc-client-test-plan` that are not part of a certification plan.

use logto::{CallbackError, IdTokenError};
use logto_testing::{Endpoint, IdTokenFault, JwksFault};
use serde_json::json;

use super::{refusal, sign_in};
use crate::harness::{Harness, text};

/// In newer versions of the suite `oidcc-client-missing-aud`.
#[tokio::test]
async fn rejects_oidcc_client_test_missing_aud() {
    let error = refusal(IdTokenFault::AudienceMissing).await;
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Audience));
}

/// Shared secrets are not accepted, whether the signature is valid or not.
#[tokio::test]
async fn rejects_oidcc_client_test_invalid_sig_hs256() {
    let error = refusal(IdTokenFault::Hs256WithClientSecret).await;
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Algorithm));
}

/// Uses ES384, the default algorithm of Logto.
#[tokio::test]
async fn rejects_oidcc_client_test_invalid_sig_es256() {
    let error = refusal(IdTokenFault::SignatureBad).await;
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Signature));
}

#[tokio::test]
async fn oidcc_client_test_userinfo_bearer_header() {
    let harness = Harness::start().await;
    let (signed_in, _) = sign_in(&harness).await;
    let request = harness.logged(Endpoint::UserInfo).remove(0);
    let expected = format!("Bearer {}", text(&signed_in.access_token.secret));
    assert_eq!(request.headers["authorization"], expected);
    assert_eq!(request.params.iter().count(), 0, "not in the address or the body");
}

#[tokio::test]
async fn oidcc_client_test_ignores_unparseable_key_in_jwks() {
    let harness = Harness::start().await;
    harness.provider.fault(JwksFault::keys(|keys| {
        for key in [
            json!({ "kty": "AKP", "alg": "ML-DSA-99", "pub": "AA", "kid": "post-quantum", "use": "sig" }),
            json!({ "kty": "made-up", "kid": "made-up", "x": 7 }),
        ] {
            keys.insert(0, key.as_object().unwrap().clone());
        }
    }));
    drop(sign_in(&harness).await);
}
