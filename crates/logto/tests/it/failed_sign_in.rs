//! A failed sign-in leaves an unused code, or no grant.

use logto::{CallbackError, Diagnose as _, IdTokenError, TokenTarget};
use logto_testing::{Endpoint, Fault, HttpFault, IdTokenFault, JwksFault, SigningAlgorithm, TestProvider, TokenFault};

use crate::harness::{Harness, copy, text};

#[tokio::test]
async fn unavailable_keys_do_not_use_up_the_code() {
    for fault in [
        HttpFault::Status(503),
        HttpFault::RetryAfter(429, "7"),
        HttpFault::Reset,
        HttpFault::Close,
    ] {
        let harness = Harness::start().await;
        let start = harness.begin().await;
        let query = harness.visit(&start).await;
        harness.provider.fault(fault.at(Endpoint::Jwks));
        let error = harness.finish(&query, copy(&start.transaction)).await.unwrap_err();
        assert!(
            matches!(error, CallbackError::IdToken(IdTokenError::Keys(_))),
            "{error:?}"
        );
        assert!(error.is_transient());
        assert_eq!(harness.provider.requests(Endpoint::Token), 0, "the code was not sent");
        assert_eq!(
            harness.provider.requests(Endpoint::Revocation),
            0,
            "there is nothing to revoke"
        );

        harness.provider.clear_faults();
        let _ = harness.finish(&query, start.transaction).await.unwrap();
    }
}

#[tokio::test]
async fn a_new_key_is_fetched_after_the_exchange() {
    let harness = Harness::start().await;
    harness.assert_signs_in().await;
    harness.provider.sign_with(SigningAlgorithm::Es384);
    harness.provider.forget_previous_keys();
    harness.assert_signs_in().await;
    assert_eq!(harness.provider.requests(Endpoint::Jwks), 2);
    assert_eq!(harness.provider.requests(Endpoint::Revocation), 0);
}

async fn assert_revokes(harness: &Harness, fault: impl Into<Fault>, hint: &str) {
    let fault = fault.into();
    let name = format!("{fault:?}");
    harness.provider.clear_log();
    harness.provider.fault_once(fault);
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(harness.provider.requests(Endpoint::Token), 1, "{name}");
    let revocations = harness.logged(Endpoint::Revocation);
    assert_eq!(revocations.len(), 1, "{name}: {error:?}");
    assert_eq!(revocations[0].params.get("token_type_hint"), Some(hint), "{name}");
    assert!(!revocations[0].params.get("token").unwrap().is_empty());
}

#[tokio::test]
async fn the_tokens_of_a_rejected_response_are_revoked() {
    let harness = Harness::start().await;
    for fault in [
        IdTokenFault::SignatureBad,
        IdTokenFault::KeyUnpublished,
        IdTokenFault::AlgNone,
        IdTokenFault::NonceWrong,
        IdTokenFault::AudienceOther,
        IdTokenFault::ExpiryPast(3600),
        // openidconnect cannot parse these responses.
        IdTokenFault::IssuerMissing,
        IdTokenFault::NotAJwt,
    ] {
        assert_revokes(&harness, fault, "refresh_token").await;
    }
    for fault in [
        TokenFault::IdTokenMissing,
        TokenFault::TokenTypeOther,
        TokenFault::AccessTokenMissing,
    ] {
        assert_revokes(&harness, fault, "refresh_token").await;
    }
}

/// The key is new and cannot be fetched, but the code is already used.
#[tokio::test]
async fn tokens_are_revoked_when_the_keys_become_unavailable_after_the_exchange() {
    let harness = Harness::start().await;
    harness.assert_signs_in().await;
    harness.provider.rotate_keys();
    harness.provider.forget_previous_keys();
    assert_revokes(&harness, HttpFault::Status(503).at(Endpoint::Jwks), "refresh_token").await;
}

#[tokio::test]
async fn without_a_refresh_token_the_access_token_is_revoked() {
    let harness = Harness::start().await;
    harness.provider.fault(TokenFault::RefreshTokenMissing);
    assert_revokes(&harness, IdTokenFault::NonceWrong, "access_token").await;
}

#[tokio::test]
async fn the_revoked_grant_is_gone() {
    let harness = Harness::start().await;
    let signed_in = harness.sign_in().await;
    harness.client.revoke_sign_in(&signed_in).await;
    let error = harness.refresh(&signed_in, &TokenTarget::USER_INFO).await.unwrap_err();
    assert!(error.ends_grant());
    let revoked = harness.logged(Endpoint::Revocation).remove(0);
    assert_eq!(revoked.params.get("token"), signed_in.refresh_token.as_ref().map(text));
}

#[tokio::test]
async fn nothing_is_revoked_without_a_token() {
    let harness = Harness::start().await;
    for fault in [
        Fault::from(TokenFault::Error(400, "invalid_grant")),
        HttpFault::Reset.at(Endpoint::Token),
        HttpFault::Status(500).at(Endpoint::Token),
    ] {
        harness.provider.fault_once(fault);
        harness.try_sign_in().await.unwrap_err();
    }
    assert_eq!(harness.provider.requests(Endpoint::Revocation), 0);
}

#[tokio::test]
async fn a_failed_revocation_does_not_hide_the_error_of_the_sign_in() {
    let harness = Harness::of(TestProvider::builder().public_client()).await;
    harness.provider.fault(HttpFault::Reset.at(Endpoint::Revocation));
    harness.provider.fault(IdTokenFault::NonceWrong);
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Nonce));
}

#[tokio::test]
async fn a_missing_key_is_detected_after_the_exchange_and_the_grant_revoked() {
    let harness = Harness::start().await;
    harness.provider.fault(JwksFault::OtherKeysOnly);
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(error, CallbackError::IdToken(IdTokenError::UnknownKey));
    assert_eq!(harness.provider.requests(Endpoint::Revocation), 1);
}
