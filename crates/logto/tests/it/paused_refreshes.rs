//! After an error that will persist, refreshes pause for the session or for one target.

use std::sync::Arc;

use logto::{OAuthError, TokenError, TokenTarget};
use logto_testing::{Endpoint, HttpFault, Membership, TestProvider};

use crate::{
    harness::{Harness, client},
    refresher::api,
};

fn initech() -> TokenTarget {
    TokenTarget::organization("initech")
}

#[tokio::test]
async fn a_wrong_app_secret_does_not_cause_a_refresh_per_request() {
    let mut harness = Harness::with(TestProvider::builder(), |config| config).await;
    let session = harness.session().await;
    harness.client = client(&harness.provider, |config| config.with_app_secret("wrong"));
    let refresher = harness.refresher();
    harness.provider.clear_log();
    for (seconds, asked) in [(0, 1), (4, 1), (1, 2), (9, 2), (1, 3), (19, 3), (1, 4)] {
        harness.provider.clock().advance(seconds);
        for target in [TokenTarget::USER_INFO, api(), TokenTarget::organization("acme")] {
            let answer = refresher.newer_token(Arc::clone(&session), &target).await;
            let refused = TokenError::Refused(OAuthError::InvalidClient);
            assert_eq!(answer.token.unwrap_err(), refused);
        }
        assert_eq!(harness.provider.requests(Endpoint::Token), asked);
    }
}

#[tokio::test]
async fn a_refusal_by_one_organization_pauses_only_its_own_refreshes() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.clear_log();
    for _ in 0..10 {
        let answer = refresher.token(Arc::clone(&session), &initech()).await;
        assert_eq!(answer.token.unwrap_err(), TokenError::Refused(OAuthError::AccessDenied));
    }
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
    assert!(refresher.token(session, &api()).await.token.is_ok());
}

#[tokio::test]
async fn a_user_who_joins_an_organization_gets_its_token_after_the_pause() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    let ask = || async { refresher.token(Arc::clone(&session), &initech()).await.token };
    assert!(ask().await.is_err());
    join(&harness);
    assert!(ask().await.is_err(), "the pause is not over");
    harness.provider.clock().advance(5);
    assert!(ask().await.is_ok());
}

#[tokio::test]
async fn a_fresh_token_ignores_the_pause_after_a_refusal() {
    let harness = Harness::start().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    assert!(refresher.token(Arc::clone(&session), &initech()).await.token.is_err());
    join(&harness);
    assert!(refresher.fresh_token(session, &initech()).await.token.is_ok());
}

#[tokio::test]
async fn clearing_a_token_ends_its_pause() {
    for target in [Some(initech()), None] {
        let harness = Harness::start().await;
        let (refresher, session) = (harness.refresher(), harness.session().await);
        assert!(refresher.token(Arc::clone(&session), &initech()).await.token.is_err());
        join(&harness);
        let cleared = refresher.clear(session, target.as_ref()).await.unwrap().unwrap();
        assert!(refresher.token(cleared, &initech()).await.token.is_ok());
    }
}

/// The pause is longer than the idle expiry of other cached session state.
#[tokio::test]
async fn retry_after_applies_while_the_session_is_unused() {
    for seconds in ["200", "300"] {
        let harness = Harness::start().await;
        let (refresher, session) = (harness.refresher(), harness.session().await);
        harness.provider.clear_log();
        harness
            .provider
            .fault(HttpFault::RetryAfter(503, seconds).at(Endpoint::Token));
        let ask = || async { refresher.newer_token(Arc::clone(&session), &api()).await.token };
        assert!(ask().await.is_err());
        harness.provider.clock().advance(seconds.parse::<u64>().unwrap() - 1);
        assert!(ask().await.is_err());
        assert_eq!(harness.provider.requests(Endpoint::Token), 1, "{seconds}");
        harness.provider.clear_faults();
        harness.provider.clock().advance(1);
        assert!(ask().await.is_ok(), "{seconds}");
    }
}

fn join(harness: &Harness) {
    let membership = Membership::of("initech");
    harness
        .provider
        .update_user("ada", |user| user.memberships.push(membership));
}
