//! Failed refreshes: a transient error keeps the session, and the end of the grant ends it.

use std::{sync::Arc, time::Duration};

use logto::{
    Diagnose as _, IdTokenError, OAuthError, TokenError, TokenTarget,
    session::{Refreshed, SessionState},
};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault, IdTokenFault, RotationRule, TestProvider, TokenFault};

use crate::harness::{Harness, in_time, text};

fn api() -> TokenTarget {
    TokenTarget::resource(DEFAULT_RESOURCE)
}

fn error(answer: &Refreshed) -> &TokenError {
    answer.token.as_ref().unwrap_err()
}

#[tokio::test]
async fn a_transient_error_keeps_session_and_refresh_token() {
    let mut harness = Harness::start().await;
    let session = harness.session().await;
    harness.limit(Duration::from_millis(300)).await;
    let refresher = harness.refresher();
    for fault in [
        HttpFault::Status(500),
        HttpFault::RetryAfter(429, "30"),
        HttpFault::Status(503),
        HttpFault::Hang,
        HttpFault::Reset,
        HttpFault::LoseAnswer,
    ] {
        harness.provider.fault_once(fault.at(Endpoint::Token));
        // After the longest pause for the previous error.
        harness.provider.clock().advance(60);
        harness.provider.clear_log();
        let answer = in_time(refresher.token(Arc::clone(&session), &api())).await;
        assert_eq!(harness.provider.requests(Endpoint::Token), 1);
        assert!(error(&answer).is_transient(), "{:?}", error(&answer));
        let after = answer.session.unwrap();
        assert_eq!(after.version(), session.version());
        assert_eq!(after.state(harness.client.now()), SessionState::Active);
        let token = |session: &logto::session::Session| text(session.refresh_token().unwrap()).to_owned();
        assert_eq!(token(&after), token(&session));
        assert_eq!(after.access_tokens().count(), session.access_tokens().count());
    }
}

#[tokio::test]
async fn a_request_succeeds_after_a_transient_error_and_a_short_pause() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault_once(HttpFault::Status(503).at(Endpoint::Token));
    assert!(refresher.token(Arc::clone(&session), &api()).await.token.is_err());
    harness.provider.clock().advance(1);
    let next = refresher.token(session, &api()).await;
    assert!(next.token.is_ok());
    assert_eq!(next.session.unwrap().version(), 2);
}

#[tokio::test]
async fn a_provider_that_is_down_does_not_get_every_request() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness
        .provider
        .fault(HttpFault::RetryAfter(503, "20").at(Endpoint::Token));
    harness.provider.clear_log();
    for (seconds, asked) in [(0, 1), (0, 1), (19, 1), (1, 2), (19, 2), (1, 3)] {
        harness.provider.clock().advance(seconds);
        for target in [api(), TokenTarget::organization("acme")] {
            let answer = refresher.token(Arc::clone(&session), &target).await;
            assert!(error(&answer).is_transient());
            assert_eq!(error(&answer).retry_after(), Some(Duration::from_secs(20)));
            assert_eq!(answer.session.unwrap().version(), session.version());
        }
        assert_eq!(harness.provider.requests(Endpoint::Token), asked);
    }
}

#[tokio::test]
async fn one_session_does_not_wait_for_the_pause_of_another() {
    let harness = Harness::start().await;
    let (refresher, one, two) = (harness.refresher(), harness.session().await, harness.session().await);
    harness
        .provider
        .fault_once(HttpFault::RetryAfter(429, "20").at(Endpoint::Token));
    assert!(refresher.token(one, &api()).await.token.is_err());
    assert!(refresher.token(two, &api()).await.token.is_ok());
}

#[tokio::test]
async fn a_valid_token_is_returned_during_a_pause() {
    let harness = Harness::start().await;
    let refresher = harness.refresher();
    let session = refresher.token(harness.session().await, &api()).await.session.unwrap();
    harness.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    let other = refresher
        .token(Arc::clone(&session), &TokenTarget::organization("acme"))
        .await;
    assert!(other.token.is_err());
    assert!(refresher.token(session, &api()).await.token.is_ok());
}

#[tokio::test]
async fn a_stale_session_stays_signed_in_while_the_provider_is_down() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault(HttpFault::Status(503).at(Endpoint::Token));
    harness.provider.clock().advance(7200);
    let answer = refresher.token(session, &api()).await;
    assert!(error(&answer).is_transient());
    let state = answer.session.unwrap().state(harness.client.now());
    assert_eq!(state, SessionState::Stale);
    assert!(state.is_authenticated());
}

/// The response with the rotated token was lost. Logto accepts the old one for three more seconds.
#[tokio::test]
async fn an_immediate_retry_recovers_a_lost_rotation() {
    let harness = Harness::of(TestProvider::builder().rotation(RotationRule::EveryUse)).await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault_once(HttpFault::LoseAnswer.at(Endpoint::Token));
    assert!(error(&refresher.token(Arc::clone(&session), &api()).await).is_transient());
    harness.provider.clock().advance(3);
    assert!(refresher.token(Arc::clone(&session), &api()).await.token.is_ok());
    harness.provider.clock().advance(10);
    let next = refresher.token(session, &TokenTarget::organization("acme")).await;
    assert!(
        next.token.is_ok(),
        "the token from the second answer is the one that counts"
    );
}

#[tokio::test]
async fn invalid_grant_ends_the_grant_and_no_request_follows() {
    let harness = Harness::start().await;
    let (refresher, cookie) = (harness.refresher(), harness.session().await);
    harness.provider.revoke_grants("ada");
    let ended = refresher.token(Arc::clone(&cookie), &api()).await;
    assert_eq!(*error(&ended), TokenError::Refused(OAuthError::InvalidGrant));
    let session = ended.session.unwrap();
    let state = session.state(harness.client.now());
    assert_eq!(state, SessionState::SignInNeeded);
    assert!(!state.is_authenticated());
    assert!(session.refresh_token().is_none());
    assert_eq!(session.access_tokens().count(), 0);
    assert_eq!(
        session.id_token().claims().sub,
        "usr_ada",
        "it still tells who the user was"
    );

    harness.provider.clear_log();
    for session in [session, cookie] {
        let again = refresher.token(session, &api()).await;
        assert_eq!(*error(&again), TokenError::NoRefreshToken);
        assert_eq!(
            again.session.unwrap().state(harness.client.now()),
            SessionState::SignInNeeded
        );
    }
    assert_eq!(harness.provider.log().len(), 0);
}

#[tokio::test]
async fn a_refusal_for_one_target_keeps_the_grant() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    for target in [
        TokenTarget::organization("initech"),
        TokenTarget::resource("https://unknown.example.com"),
    ] {
        let refused = refresher.token(Arc::clone(&session), &target).await;
        assert!(matches!(error(&refused), TokenError::Refused(_)));
        let session = refused.session.unwrap();
        assert_eq!(session.state(harness.client.now()), SessionState::Active);
        assert!(session.refresh_token().is_some());
    }
    assert!(refresher.token(session, &api()).await.token.is_ok());
}

#[tokio::test]
async fn rejects_a_refresh_for_another_user() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault(IdTokenFault::SubjectOther);
    let answer = refresher.token(session, &api()).await;
    assert_eq!(*error(&answer), TokenError::SubjectChanged);
    let session = answer.session.unwrap();
    assert_eq!(session.id_token().claims().sub, "usr_ada");
    assert_eq!(session.state(harness.client.now()), SessionState::SignInNeeded);
}

#[tokio::test]
async fn rejects_a_refresh_with_an_invalid_id_token() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault(IdTokenFault::SignatureBad);
    let answer = refresher.token(Arc::clone(&session), &api()).await;
    assert_eq!(*error(&answer), TokenError::IdToken(IdTokenError::Signature));
    let after = answer.session.unwrap();
    assert_eq!(
        after.access_tokens().count(),
        session.access_tokens().count(),
        "its tokens are not kept"
    );
    assert_eq!(after.id_token().claims(), session.id_token().claims());
}

#[tokio::test]
async fn a_refresh_token_that_the_response_omits_is_kept() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault(TokenFault::RefreshTokenMissing);
    let renewed = refresher.token(Arc::clone(&session), &api()).await.session.unwrap();
    assert_eq!(
        text(renewed.refresh_token().unwrap()),
        text(session.refresh_token().unwrap())
    );
}

#[tokio::test]
async fn without_a_refresh_token_a_session_lasts_until_its_id_token_expires() {
    let harness = Harness::with(TestProvider::builder(), |config| {
        config.with_reserved_scopes(false).with_scopes(["openid"])
    })
    .await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.clear_log();
    let asked = refresher.token(Arc::clone(&session), &api()).await;
    assert_eq!(*error(&asked), TokenError::NoRefreshToken);
    assert_eq!(asked.session.unwrap().state(harness.client.now()), SessionState::Active);
    assert!(
        refresher
            .token(Arc::clone(&session), &TokenTarget::USER_INFO)
            .await
            .token
            .is_ok()
    );
    assert_eq!(harness.provider.log().len(), 0);
    harness.provider.clock().advance(3600);
    assert_eq!(session.state(harness.client.now()), SessionState::Expired);
}
