//! A hostile provider. No session is created, no request waits beyond the time limit, and the next
//! sign-in at an honest provider works.

use std::time::Duration;

use http::StatusCode;
use logto_testing::{CallbackFault, DiscoveryFault, Endpoint, Fault, HttpFault, IdTokenFault, JwksFault, TokenFault};
use serde_json::json;

use crate::app::{App, BASE, SESSION};

/// Time limit of tests that do not depend on time, with room for a busy machine.
const AMPLE: Duration = Duration::from_secs(4);

/// A sign-in with this fault fails with `code`; the next one without a fault succeeds.
async fn assert_rejected(fault: impl Into<Fault>, code: &str) {
    assert_rejected_within(AMPLE, fault, code).await;
}

async fn assert_rejected_within(limit: Duration, fault: impl Into<Fault>, code: &str) {
    let app = App::with_time_limit(limit).await;
    app.provider.sign_in_as("ada");
    let browser = app.browser();
    app.provider.fault(fault);
    let callback = browser.go_to_provider("/").await;
    // A callback makes two requests.
    let answer = tokio::time::timeout(2 * limit + AMPLE, browser.get(&callback)).await;
    let answer = answer.expect("the callback ends within its time limit");
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(answer.location(), format!("{BASE}/failed?code={code}"));
    assert!(!browser.has(SESSION), "{code}");
    // Without a matching `state`, the pending sign-in stays.
    let left = usize::from(code == "transaction_missing");
    assert_eq!(browser.transactions(), left, "{code}");
    assert_eq!(browser.get("/").await.body, "anonymous");

    app.provider.clear_faults();
    // Missing keys are requested again after the cool-down.
    app.provider.clock().advance(30);
    browser.sign_in("/").await;
    assert_eq!(browser.get("/").await.body, "active");
}

#[tokio::test]
async fn rejects_every_invalid_id_token() {
    for (fault, code) in [
        (IdTokenFault::IssuerWrong, "id_token_issuer"),
        (IdTokenFault::IssuerMissing, "provider_invalid_response"),
        (IdTokenFault::AudienceOther, "id_token_audience"),
        (IdTokenFault::AudienceMissing, "id_token_audience"),
        (IdTokenFault::AzpOther, "id_token_authorized_party"),
        (IdTokenFault::SubjectMissing, "provider_invalid_response"),
        (IdTokenFault::SubjectEmpty, "id_token_malformed"),
        (IdTokenFault::IssuedAtMissing, "provider_invalid_response"),
        (IdTokenFault::IssuedAtFuture(3600), "id_token_not_yet_valid"),
        (IdTokenFault::ExpiryMissing, "provider_invalid_response"),
        (IdTokenFault::ExpiryPast(3600), "id_token_expired"),
        (IdTokenFault::NonceMissing, "id_token_nonce"),
        (IdTokenFault::NonceWrong, "id_token_nonce"),
        (IdTokenFault::SignatureBad, "id_token_signature"),
        (IdTokenFault::AlgNone, "id_token_algorithm"),
        (IdTokenFault::Hs256WithPublicKey, "id_token_algorithm"),
        (IdTokenFault::Hs256WithClientSecret, "id_token_algorithm"),
        (IdTokenFault::KeyUnpublished, "id_token_unknown_key"),
        (IdTokenFault::KidUnknown, "id_token_unknown_key"),
        (IdTokenFault::CritUnknown, "id_token_malformed"),
        (IdTokenFault::NotAJwt, "provider_invalid_response"),
    ] {
        assert_rejected(fault, code).await;
    }
}

#[tokio::test]
async fn rejects_every_invalid_callback() {
    for (fault, code) in [
        (CallbackFault::IssuerWrong, "issuer_mismatch"),
        (CallbackFault::IssuerMissing, "issuer_mismatch"),
        (CallbackFault::StateWrong, "transaction_missing"),
        (CallbackFault::StateMissing, "transaction_missing"),
        (CallbackFault::CodeMissing, "missing_code"),
        (CallbackFault::CodeWrong, "invalid_grant"),
    ] {
        assert_rejected(fault, code).await;
    }
}

#[tokio::test]
async fn rejects_every_invalid_token_response_and_key_set() {
    assert_rejected(TokenFault::IdTokenMissing, "missing_id_token").await;
    assert_rejected(TokenFault::AccessTokenMissing, "provider_invalid_response").await;
    assert_rejected(TokenFault::TokenTypeOther, "provider_invalid_response").await;
    assert_rejected(TokenFault::Error(400, "invalid_grant"), "invalid_grant").await;
    assert_rejected(JwksFault::Empty, "id_token_unknown_key").await;
    assert_rejected(JwksFault::EncryptionOnly, "id_token_unknown_key").await;
}

#[tokio::test]
async fn rejects_every_broken_response_within_the_time_limit() {
    for (fault, code) in [
        (HttpFault::HugeBody(2_000_000), "provider_response_too_large"),
        (HttpFault::HugeBodyInChunks(2_000_000), "provider_response_too_large"),
        (HttpFault::EndlessBody, "provider_response_too_large"),
        (HttpFault::GzipBomb(10_000_000), "provider_invalid_response"),
        (HttpFault::InvalidJson, "provider_invalid_response"),
        (HttpFault::Redirect(307), "provider_unexpected_status"),
        (HttpFault::SlowBody(Duration::from_millis(50)), "provider_timed_out"),
        (HttpFault::StallBody, "provider_timed_out"),
        (HttpFault::Hang, "provider_timed_out"),
        (HttpFault::Reset, "provider_unreachable"),
        (HttpFault::Status(503), "provider_unavailable"),
    ] {
        let limit = match code {
            "provider_timed_out" => Duration::from_millis(500),
            _ => AMPLE,
        };
        for endpoint in [Endpoint::Token, Endpoint::Jwks] {
            assert_rejected_within(limit, fault.clone().at(endpoint), code).await;
        }
    }
}

#[tokio::test]
async fn rejects_metadata_with_an_endpoint_of_another_origin() {
    let app = App::start().await;
    let browser = app.browser();
    let foreign = json!("https://evil.example.com/oidc/auth");
    app.provider
        .fault(DiscoveryFault::Set("authorization_endpoint", foreign));
    let answer = browser.post("/sign-in", "return_to=/").await;
    assert_eq!(
        answer.location(),
        format!("{BASE}/failed?code=discovery_foreign_endpoint")
    );
    assert_eq!(browser.transactions(), 0);
}

/// Another sign-in would fail in the same way.
#[tokio::test]
async fn a_provider_with_a_wrong_clock_leads_to_the_error_page_instead_of_a_redirect_loop() {
    for fault in [IdTokenFault::IssuedAtFuture(3600), IdTokenFault::ExpiryPast(3600)] {
        let app = App::start().await;
        app.provider.sign_in_as("ada");
        app.provider.fault(fault);
        let browser = app.browser();
        let failed = browser.sign_in("/me").await.location();
        assert!(failed.starts_with(&format!("{BASE}/failed?code=id_token_")), "{failed}");
        assert_eq!(browser.transactions(), 0);
        assert_eq!(app.provider.requests(Endpoint::Authorization), 1);
    }
}
