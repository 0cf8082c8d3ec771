//! A refresh with a rejected response, or a refusal: the rotated refresh token is kept, and nothing
//! else.

use std::sync::Arc;

use logto::{
    Diagnose as _, TokenTarget,
    session::{Session, SessionState},
};
use logto_testing::{
    DEFAULT_RESOURCE, Endpoint, Fault, HttpFault, IdTokenFault, RotationRule, TestProvider, TokenFault,
};

use crate::harness::{Harness, in_time, text};

fn refresh_token(session: &Session) -> &str {
    text(session.refresh_token().unwrap())
}

/// Longer than the pause after a failure, and than the three seconds in which Logto accepts a
/// rotated token.
const LATER: u64 = 10;

#[tokio::test]
async fn a_rejected_response_does_not_lose_the_rotated_refresh_token() {
    let faults: [Fault; 8] = [
        IdTokenFault::SignatureBad.into(),
        IdTokenFault::IssuerWrong.into(),
        IdTokenFault::NonceWrong.into(),
        IdTokenFault::AlgNone.into(),
        IdTokenFault::NotAJwt.into(),
        IdTokenFault::ExpiryMissing.into(),
        TokenFault::TokenTypeOther.into(),
        TokenFault::AccessTokenEmpty.into(),
    ];
    for fault in faults {
        let name = format!("{fault:?}");
        let harness = Harness::of(TestProvider::builder().rotation(RotationRule::EveryUse)).await;
        let (refresher, session) = (harness.refresher(), harness.session().await);
        harness.provider.fault_once(fault);
        let refused = refresher
            .token(Arc::clone(&session), &TokenTarget::resource(DEFAULT_RESOURCE))
            .await;
        let error = refused.token.unwrap_err();
        assert!(!error.is_transient() && !error.ends_grant(), "{name}: {error:?}");
        let after = refused.session.unwrap();
        assert_eq!(after.version(), session.version() + 1, "{name}: it has to be saved");
        assert_ne!(refresh_token(&after), refresh_token(&session), "{name}");
        assert_eq!(after.access_tokens().count(), session.access_tokens().count(), "{name}");
        assert_eq!(after.state(harness.client.now()), SessionState::Active, "{name}");
        harness.provider.clock().advance(LATER);
        // The old cookie works as well, because this process has cached the state.
        for (carried, target) in [
            (session, TokenTarget::resource(DEFAULT_RESOURCE)),
            (after, TokenTarget::USER_INFO),
        ] {
            assert!(refresher.token(carried, &target).await.token.is_ok(), "{name}");
        }
    }
}

/// Logto rotates before it checks the resource and runs the tenant's script for custom claims. The
/// refusal lacks the new refresh token, and reusing the old one later would end the grant.
#[tokio::test]
async fn a_refusal_after_the_rotation_does_not_lose_the_refresh_token() {
    let (api, unknown) = (DEFAULT_RESOURCE, "https://unknown.example.com");
    for (resource, fault, code) in [
        (unknown, None, "invalid_target"),
        (api, Some(TokenFault::FailedByScript), "invalid_request"),
        (api, Some(TokenFault::DeniedByScript), "access_denied"),
    ] {
        let harness = Harness::of(TestProvider::builder().rotation(RotationRule::EveryUse)).await;
        let (refresher, session) = (harness.refresher(), harness.session().await);
        if let Some(fault) = fault {
            harness.provider.fault(fault);
        }
        harness.provider.clear_log();
        let refused = refresher.token(session, &TokenTarget::resource(resource)).await;
        assert_eq!(refused.token.unwrap_err().code(), code);
        assert_eq!(harness.provider.requests(Endpoint::Token), 2, "{code}");
        let after = refused.session.unwrap();
        assert_eq!(after.state(harness.client.now()), SessionState::Active, "{code}");
        harness.provider.clear_faults();
        harness.provider.clock().advance(LATER);
        let token = refresher.token(after, &TokenTarget::resource(api)).await.token;
        assert!(token.is_ok(), "{code}: {token:?}");
    }
}

#[tokio::test]
async fn a_failure_after_a_refused_target_does_not_hide_the_refusal() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.clear_log();
    let refusal = harness.provider.hold(Endpoint::Token);
    let fails = async {
        harness.provider.wait_for_requests(Endpoint::Token, 1).await;
        let plain = harness.provider.hold(Endpoint::Token);
        refusal.release();
        harness.provider.wait_for_requests(Endpoint::Token, 2).await;
        harness.provider.fault_once(HttpFault::Status(503).at(Endpoint::Token));
        plain.release();
    };
    let unknown = TokenTarget::resource("https://unknown.example.com");
    let (refused, ()) = in_time(async { tokio::join!(refresher.token(session, &unknown), fails) }).await;
    assert_eq!(refused.token.unwrap_err().code(), "invalid_target");
    assert!(refused.session.unwrap().refresh_token().is_some());
}

#[tokio::test]
async fn rejects_the_refresh_token_of_a_response_about_another_user() {
    let harness = Harness::of(TestProvider::builder().rotation(RotationRule::EveryUse)).await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault_once(IdTokenFault::SubjectOther);
    let refused = refresher.token(session, &TokenTarget::resource(DEFAULT_RESOURCE)).await;
    assert!(refused.session.unwrap().refresh_token().is_none());
}

#[tokio::test]
async fn a_provider_with_invalid_responses_does_not_get_every_request() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault(IdTokenFault::SignatureBad);
    harness.provider.clear_log();
    for _ in 0..10 {
        let refused = refresher
            .token(Arc::clone(&session), &TokenTarget::resource(DEFAULT_RESOURCE))
            .await;
        assert!(refused.token.is_err());
    }
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
}
