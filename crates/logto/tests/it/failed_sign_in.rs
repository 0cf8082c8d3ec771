//! What a sign-in that fails leaves behind: a code that still works, or no grant at all.

use logto::{CallbackError, Diagnose as _, IdTokenError, TokenTarget};
use logto_testing::{Endpoint, Fault, HttpFault, IdTokenFault, JwksFault, SigningAlgorithm, TestProvider, TokenFault};

use crate::harness::{Harness, copy, text};

#[tokio::test]
async fn keys_that_are_unavailable_do_not_burn_the_code() {
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
async fn a_key_that_is_new_since_then_is_fetched_after_the_exchange() {
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
async fn tokens_of_an_answer_that_is_refused_are_revoked() {
    let harness = Harness::start().await;
    for fault in [
        IdTokenFault::SignatureBad,
        IdTokenFault::KeyUnpublished,
        IdTokenFault::AlgNone,
        IdTokenFault::NonceWrong,
        IdTokenFault::AudienceOther,
        IdTokenFault::ExpiryPast(3600),
        // The library cannot read these at all.
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

/// A key that is new, and no way to fetch it: the code is gone already.
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
async fn nothing_is_revoked_where_no_token_came() {
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
async fn a_revocation_that_fails_does_not_hide_why_the_sign_in_did() {
    let harness = Harness::of(TestProvider::builder().public_client()).await;
    harness.provider.fault(HttpFault::Reset.at(Endpoint::Revocation));
    harness.provider.fault(IdTokenFault::NonceWrong);
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(error, CallbackError::IdToken(IdTokenError::Nonce));
}

#[tokio::test]
async fn a_key_set_that_lacks_the_key_is_found_out_after_the_exchange_and_the_grant_revoked() {
    let harness = Harness::start().await;
    harness.provider.fault(JwksFault::OtherKeysOnly);
    let error = harness.try_sign_in().await.unwrap_err();
    assert_eq!(error, CallbackError::IdToken(IdTokenError::UnknownKey));
    assert_eq!(harness.provider.requests(Endpoint::Revocation), 1);
}
