//! Signatures and keys of ID tokens: algorithms, `kid` and rotation. Some tests are in
//! `conformance`.

use futures_util::future::join_all;
use logto::{CallbackError, Diagnose as _, Fault, IdTokenError};
use logto_testing::{DiscoveryFault, Endpoint, IdTokenFault, JwksFault, SigningAlgorithm, TestProvider};
use serde_json::json;

use crate::harness::Harness;

async fn refusal_with(faults: impl FnOnce(&TestProvider)) -> IdTokenError {
    let harness = Harness::start().await;
    refusal_at(&harness, faults).await
}

async fn refusal_at(harness: &Harness, faults: impl FnOnce(&TestProvider)) -> IdTokenError {
    faults(&harness.provider);
    match harness.try_sign_in().await.unwrap_err() {
        CallbackError::IdToken(error) => {
            assert_eq!((error.fault(), error.is_transient()), (error_fault(&error), false));
            error
        }
        other => panic!("{other:?}"),
    }
}

fn error_fault(error: &IdTokenError) -> Fault {
    match error {
        IdTokenError::Malformed => Fault::Provider,
        _ => Fault::Mismatch,
    }
}

async fn rsa() -> Harness {
    Harness::of(TestProvider::builder().signing_algorithm(SigningAlgorithm::Rs256)).await
}

macro_rules! rejects {
    ($($(#[$meta:meta])* $name:ident: $fault:expr => $error:ident)*) => {$(
        $(#[$meta])*
        #[tokio::test]
        async fn $name() {
            let error = refusal_with(|provider| provider.fault($fault)).await;
            assert_eq!(error, IdTokenError::$error);
        }
    )*};
}

rejects! {
    rejects_hs256_with_the_public_key: IdTokenFault::Hs256WithPublicKey => Algorithm
    rejects_an_unpublished_key: IdTokenFault::KeyUnpublished => UnknownKey
    rejects_an_unknown_kid: IdTokenFault::KidUnknown => UnknownKey
    rejects_the_kid_of_a_key_of_another_type: IdTokenFault::KidOfAnotherKeyType => UnknownKey
    /// RFC 7515 §4.1.11
    rejects_an_unknown_critical_header: IdTokenFault::CritUnknown => Malformed
    rejects_a_key_set_without_keys: JwksFault::Empty => UnknownKey
    rejects_a_key_set_without_the_signing_key: JwksFault::OtherKeysOnly => UnknownKey
    rejects_a_key_for_encryption: JwksFault::EncryptionOnly => UnknownKey
    rejects_claims_changed_after_signing: IdTokenFault::jwt(|jwt| {
        jwt.claims.insert("sub".to_owned(), json!("usr_mallory"));
        jwt.break_signature();
    }) => Signature
}

#[tokio::test]
async fn rejects_an_unsigned_token_even_if_the_metadata_allows_it() {
    let error = refusal_with(|provider| {
        provider.fault(DiscoveryFault::Set(
            "id_token_signing_alg_values_supported",
            json!(["none", "HS256", "ES384"]),
        ));
        provider.fault(IdTokenFault::AlgNone);
    })
    .await;
    assert_eq!(error, IdTokenError::Algorithm);
}

#[tokio::test]
async fn rejects_a_shared_secret_even_if_metadata_and_keys_offer_one() {
    let error = refusal_with(|provider| {
        provider.fault(DiscoveryFault::Set(
            "id_token_signing_alg_values_supported",
            json!(["HS256", "ES384"]),
        ));
        provider.fault(JwksFault::SymmetricKey);
        // The secret of that key.
        provider.fault(IdTokenFault::jwt(|jwt| jwt.sign_hs256(b"secret")));
    })
    .await;
    assert_eq!(error, IdTokenError::Algorithm);
}

#[tokio::test]
async fn rejects_an_algorithm_that_is_not_in_the_metadata() {
    let error = refusal_with(|provider| {
        provider.fault(DiscoveryFault::Set(
            "id_token_signing_alg_values_supported",
            json!(["RS256"]),
        ));
    })
    .await;
    assert_eq!(error, IdTokenError::Algorithm);
}

#[tokio::test]
async fn rejects_a_token_without_kid_among_several_keys_even_if_one_has_its_type() {
    for harness in [Harness::start().await, rsa().await] {
        let error = refusal_at(&harness, |provider| {
            provider.fault(IdTokenFault::KidMissing);
            provider.fault(JwksFault::SeveralKeys);
        })
        .await;
        assert_eq!(error, IdTokenError::UnknownKey);
    }
}

#[tokio::test]
async fn rejects_a_token_without_kid_that_was_not_signed_by_the_only_key() {
    let error = refusal_with(|provider| {
        provider.fault(IdTokenFault::KidMissing);
        provider.fault(JwksFault::OtherKeysOnly);
    })
    .await;
    assert_eq!(error, IdTokenError::Signature);
}

#[tokio::test]
async fn a_key_set_may_have_other_keys_and_omit_optional_members() {
    for fault in [JwksFault::SeveralKeys, JwksFault::WithoutAlg, JwksFault::SymmetricKey] {
        let harness = Harness::start().await;
        harness.provider.fault(fault);
        harness.assert_signs_in().await;
    }
}

#[tokio::test]
async fn neither_a_token_nor_the_only_key_needs_a_kid() {
    let harness = Harness::start().await;
    harness.provider.fault(JwksFault::WithoutKid);
    harness.provider.fault(IdTokenFault::KidMissing);
    harness.assert_signs_in().await;
}

#[tokio::test]
async fn rejects_algorithm_confusion_at_a_tenant_that_signs_with_rsa() {
    let harness = rsa().await;
    for (fault, expected) in [
        (IdTokenFault::Hs256WithPublicKey, IdTokenError::Algorithm),
        (IdTokenFault::Hs256WithClientSecret, IdTokenError::Algorithm),
        (IdTokenFault::KidOfAnotherKeyType, IdTokenError::UnknownKey),
        (IdTokenFault::KidUnknown, IdTokenError::UnknownKey),
    ] {
        let error = refusal_at(&harness, |provider| provider.fault_once(fault)).await;
        assert_eq!(error, expected);
    }
}

/// Otherwise users could not sign in during a rotation.
#[tokio::test]
async fn concurrent_sign_ins_fetch_a_rotated_key_once() {
    let harness = Harness::start().await;
    harness.assert_signs_in().await;
    harness.provider.rotate_keys();
    harness.provider.forget_previous_keys();
    join_all((0..10).map(|_| harness.assert_signs_in())).await;
    assert_eq!(harness.provider.requests(Endpoint::Jwks), 2);
}

#[tokio::test]
async fn a_new_algorithm_in_the_metadata_is_accepted_at_once() {
    let harness = rsa().await;
    let before = DiscoveryFault::Set("id_token_signing_alg_values_supported", json!(["ES384"]));
    harness.provider.fault_once(before);
    harness.assert_signs_in().await;
    assert_eq!(harness.provider.requests(Endpoint::Discovery), 2);
}

#[tokio::test]
async fn an_algorithm_that_is_not_in_the_metadata_causes_at_most_one_fetch_per_cooldown() {
    let harness = Harness::start().await;
    harness.provider.fault(IdTokenFault::AlgNone);
    for (seconds, fetched) in [(0, 2), (29, 2), (1, 3)] {
        harness.provider.clock().advance(seconds);
        for _ in 0..2 {
            assert_eq!(refusal_at(&harness, |_| {}).await, IdTokenError::Algorithm);
        }
        assert_eq!(harness.provider.requests(Endpoint::Discovery), fetched);
    }
}
