//! A user who loses access to the application is not signed in until access is restored.

use std::sync::Arc;

use logto::{
    Diagnose as _, OAuthError, TokenError, TokenTarget,
    session::{Refreshed, Session, SessionState},
};
use logto_testing::{DEFAULT_RESOURCE, Endpoint, HttpFault, TokenFault};

use crate::{
    harness::{Harness, in_time, text},
    refresher::{api, rotating},
    session::reopened,
};

fn deny(harness: &Harness, denied: bool) {
    harness.provider.update_user("ada", |user| user.access_denied = denied);
}

fn state(harness: &Harness, session: &Session) -> SessionState {
    session.state(harness.client.now())
}

fn error(answer: &Refreshed) -> &TokenError {
    answer.token.as_ref().unwrap_err()
}

/// The session of a user who has lost access, and the number of requests that detected it.
async fn denied(harness: &Harness, target: &TokenTarget) -> (Arc<Session>, usize) {
    let (refresher, session) = (harness.refresher(), harness.session().await);
    deny(harness, true);
    harness.provider.clear_log();
    let answer = refresher.token(session, target).await;
    assert_eq!(*error(&answer), TokenError::AccessDenied);
    assert_eq!(error(&answer).code(), "app_access_denied");
    (answer.session.unwrap(), harness.provider.requests(Endpoint::Token))
}

#[tokio::test]
async fn a_user_without_access_is_not_signed_in_and_keeps_the_refresh_token() {
    // After a refusal for a target, a refresh without a target checks the whole application.
    for (target, requests) in [(api(), 2), (TokenTarget::organization("acme"), 2)] {
        let harness = Harness::start().await;
        let (session, asked) = denied(&harness, &target).await;
        assert_eq!(asked, requests, "{target:?}");
        assert_eq!(state(&harness, &session), SessionState::AccessDenied);
        assert!(!state(&harness, &session).is_authenticated());
        assert!(session.refresh_token().is_some());
        assert_eq!(session.access_tokens().count(), 0);
        assert_eq!(session.version(), 2, "it has to be saved");
    }
}

#[tokio::test]
async fn a_denied_refresh_without_target_needs_no_check() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    deny(&harness, true);
    harness.provider.clear_log();
    let answer = refresher.fresh_token(session, &TokenTarget::USER_INFO).await;
    assert_eq!(*error(&answer), TokenError::AccessDenied);
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn denied_access_is_checked_again_with_back_off() {
    let harness = Harness::start().await;
    let (mut session, _) = denied(&harness, &api()).await;
    let refresher = harness.refresher();
    for pause in [5, 5, 10, 20, 40, 60, 60] {
        for (seconds, asked) in [(0, 0), (pause - 1, 0), (1, 1), (0, 0)] {
            harness.provider.clock().advance(seconds);
            harness.provider.clear_log();
            for target in [TokenTarget::USER_INFO, api()] {
                let answer = refresher.token(Arc::clone(&session), &target).await;
                assert_eq!(*error(&answer), TokenError::AccessDenied);
                session = answer.session.unwrap();
            }
            assert_eq!(harness.provider.requests(Endpoint::Token), asked, "{pause} s");
        }
    }
}

#[tokio::test]
async fn a_session_continues_when_access_is_restored() {
    let harness = rotating().await;
    let (session, _) = denied(&harness, &api()).await;
    deny(&harness, false);
    harness.provider.clock().advance(5);
    let answer = harness.refresher().token(session, &api()).await;
    assert!(answer.token.unwrap().has_scope("read:products"));
    assert_eq!(state(&harness, &answer.session.unwrap()), SessionState::Active);
}

#[tokio::test]
async fn a_script_that_denies_one_token_does_not_lock_out_a_user_with_access() {
    let harness = rotating().await;
    let (session, _) = denied(&harness, &api()).await;
    deny(&harness, false);
    harness.provider.fault(TokenFault::DeniedByScript);
    harness.provider.clock().advance(5);
    let refused = harness.refresher().token(session, &api()).await;
    assert_eq!(*error(&refused), TokenError::Refused(OAuthError::AccessDenied));
    assert_eq!(state(&harness, &refused.session.unwrap()), SessionState::Active);
}

/// Another process reads the state from the cookie or the store.
#[tokio::test]
async fn denied_access_is_stored_in_the_session() {
    let harness = Harness::start().await;
    let (session, _) = denied(&harness, &api()).await;
    let read = Arc::new(reopened(&session));
    assert_eq!(state(&harness, &read), SessionState::AccessDenied);
    harness.provider.clock().advance(4);
    harness.provider.clear_log();
    let other = harness.refresher();
    assert_eq!(
        *error(&other.token(Arc::clone(&read), &api()).await),
        TokenError::AccessDenied
    );
    assert_eq!(harness.provider.requests(Endpoint::Token), 0);
    harness.provider.clock().advance(1);
    assert_eq!(*error(&other.token(read, &api()).await), TokenError::AccessDenied);
    assert_eq!(harness.provider.requests(Endpoint::Token), 2, "the refusal is checked");
}

/// A script of the tenant may deny a token for one target with the response that usually means the
/// whole application.
#[tokio::test]
async fn a_denial_that_a_plain_refresh_does_not_confirm_affects_its_target_only() {
    let harness = rotating().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    let refresh_token = text(session.refresh_token().unwrap()).to_owned();
    harness.provider.fault(TokenFault::DeniedByScript);
    harness.provider.clear_log();
    let refused = refresher.token(session, &api()).await;
    assert_eq!(*error(&refused), TokenError::Refused(OAuthError::AccessDenied));
    assert!(!refused.refreshed);
    let session = refused.session.unwrap();
    assert_eq!(state(&harness, &session), SessionState::Active);
    assert_ne!(
        text(session.refresh_token().unwrap()),
        refresh_token,
        "the check has rotated it"
    );
    for _ in 0..3 {
        assert!(refresher.token(Arc::clone(&session), &api()).await.token.is_err());
    }
    assert_eq!(harness.provider.requests(Endpoint::Token), 2);
    // After the grace period in which Logto accepts a rotated token.
    harness.provider.clear_faults();
    harness.provider.clock().advance(10);
    assert!(refresher.token(session, &api()).await.token.is_ok());
}

#[tokio::test]
async fn a_refusal_by_an_organization_never_denies_the_application() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.clear_log();
    let refused = refresher.token(session, &TokenTarget::organization("initech")).await;
    assert_eq!(*error(&refused), TokenError::Refused(OAuthError::AccessDenied));
    assert_eq!(harness.provider.requests(Endpoint::Token), 1, "403 needs no check");
    assert_eq!(state(&harness, &refused.session.unwrap()), SessionState::Active);
}

#[tokio::test]
async fn a_provider_that_fails_during_the_check_changes_nothing() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    deny(&harness, true);
    harness.provider.clear_log();
    let before = harness.provider.hold(Endpoint::Token);
    let fails = async {
        harness.provider.wait_for_requests(Endpoint::Token, 1).await;
        let check = harness.provider.hold(Endpoint::Token);
        before.release();
        harness.provider.wait_for_requests(Endpoint::Token, 2).await;
        harness.provider.fault_once(HttpFault::Status(503).at(Endpoint::Token));
        check.release();
    };
    let target = api();
    let (answer, ()) = in_time(async { tokio::join!(refresher.token(session, &target), fails) }).await;
    assert!(error(&answer).is_transient(), "{:?}", error(&answer));
    assert_eq!(state(&harness, &answer.session.unwrap()), SessionState::Active);
}

#[tokio::test]
async fn the_check_detects_an_ended_grant() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.fault_once(TokenFault::Error(400, "access_denied"));
    harness.provider.revoke_grants("ada");
    let answer = refresher.token(session, &api()).await;
    assert_eq!(*error(&answer), TokenError::Refused(OAuthError::InvalidGrant));
    let session = answer.session.unwrap();
    assert_eq!(state(&harness, &session), SessionState::SignInNeeded);
    let resource = TokenTarget::resource(DEFAULT_RESOURCE);
    assert_eq!(
        *error(&refresher.token(session, &resource).await),
        TokenError::NoRefreshToken
    );
}
