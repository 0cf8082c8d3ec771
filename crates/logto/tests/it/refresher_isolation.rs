//! Ended sessions stay ended, and sessions are isolated from each other.

use std::sync::Arc;

use logto::TokenTarget;
use logto_testing::Endpoint;

use crate::{
    harness::{Harness, in_time},
    refresher::{api, rotating},
};

#[tokio::test]
async fn a_session_that_ends_during_a_refresh_is_not_restored() {
    let harness = rotating().await;
    let (refresher, cookie) = (harness.refresher(), harness.session().await);
    let gate = harness.provider.hold(Endpoint::Token);
    harness.provider.clear_log();
    let target = api();
    let asking = refresher.token(Arc::clone(&cookie), &target);
    let (answer, ()) = in_time(async {
        tokio::join!(asking, async {
            harness.provider.wait_for_requests(Endpoint::Token, 1).await;
            refresher.end(cookie.id());
            gate.release();
        })
    })
    .await;
    assert!(answer.session.is_none());
    assert!(refresher.latest(Arc::clone(&cookie)).is_none());
    let after = refresher.token(cookie, &api()).await;
    assert!(after.session.is_none() && after.token.is_err());
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn a_session_that_ends_while_it_waits_is_not_refreshed() {
    let harness = rotating().await;
    let (refresher, cookie) = (harness.refresher(), harness.session().await);
    let gate = harness.provider.hold(Endpoint::Token);
    harness.provider.clear_log();
    let (first, second) = (api(), TokenTarget::organization("acme"));
    let asking = async {
        tokio::join!(
            refresher.token(Arc::clone(&cookie), &first),
            refresher.token(Arc::clone(&cookie), &second)
        )
    };
    let (answers, ()) = in_time(async {
        tokio::join!(asking, async {
            harness.provider.wait_for_requests(Endpoint::Token, 1).await;
            refresher.end(cookie.id());
            gate.release();
        })
    })
    .await;
    assert!(answers.0.session.is_none() && answers.1.session.is_none());
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn an_ended_session_returns_no_token_from_its_cookie() {
    let harness = Harness::start().await;
    let refresher = harness.refresher();
    let session = refresher.token(harness.session().await, &api()).await.session.unwrap();
    refresher.end(session.id());
    let answer = refresher.token(Arc::clone(&session), &api()).await;
    assert!(answer.session.is_none() && answer.token.is_err());
    assert!(refresher.latest(session).is_none());
}

/// nextjs-auth0 4.12.1: refreshes were shared by their options only, and returned another user's
/// token.
#[tokio::test]
async fn two_users_never_share_a_refresh() {
    let harness = rotating().await;
    let ada = harness.session().await;
    harness.provider.sign_in_as("bob");
    let bob = harness.session().await;
    let refresher = harness.refresher();
    let gate = harness.provider.hold(Endpoint::Token);
    harness.provider.clear_log();
    let target = api();
    let asking = async {
        tokio::join!(
            refresher.token(Arc::clone(&ada), &target),
            refresher.token(Arc::clone(&bob), &target)
        )
    };
    let (answers, ()) = in_time(async {
        tokio::join!(asking, async {
            harness.provider.wait_for_requests(Endpoint::Token, 2).await;
            gate.release();
        })
    })
    .await;
    for (sub, before, answer) in [("usr_ada", &ada, answers.0), ("usr_bob", &bob, answers.1)] {
        let session = answer.session.unwrap();
        assert_eq!(session.id(), before.id());
        assert_eq!(session.id_token().claims().sub, sub);
        assert_eq!(answer.token.unwrap().unverified_claims().unwrap().sub, sub);
        assert_eq!(
            refresher.latest(Arc::clone(before)).unwrap().id_token().claims().sub,
            sub
        );
    }
}

#[tokio::test]
async fn two_sessions_of_one_user_never_share_a_refresh() {
    let harness = Harness::start().await;
    let (laptop, phone) = (harness.session().await, harness.session().await);
    assert_ne!(laptop.id(), phone.id());
    let refresher = harness.refresher();
    refresher.token(Arc::clone(&laptop), &api()).await.token.unwrap();
    assert_eq!(refresher.latest(Arc::clone(&phone)).unwrap().version(), 1);
    refresher.end(laptop.id());
    assert!(refresher.token(phone, &api()).await.token.is_ok());
}
