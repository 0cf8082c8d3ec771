//! A fresh token has all permissions that were granted before the call.

use std::sync::Arc;

use futures_util::future::join_all;
use logto::{
    TokenTarget,
    session::{Refreshed, Session},
};
use logto_testing::Endpoint;

use crate::{
    harness::{Harness, in_time, text},
    refresher::rotating,
};

fn acme() -> TokenTarget {
    TokenTarget::organization("acme")
}

fn set_permission(harness: &Harness, held: bool) {
    harness.provider.update_user("ada", |user| {
        let permissions = &mut user.memberships[0].permissions;
        permissions.remove("invite:members");
        permissions.extend(held.then(|| "invite:members".to_owned()));
    });
}

fn may_invite(answer: &Refreshed) -> bool {
    answer.token.as_ref().unwrap().has_scope("invite:members")
}

/// A user who receives the permission `invite:members` after the sign-in.
async fn without_permission() -> (Harness, Arc<Session>) {
    let harness = rotating().await;
    let session = harness.session().await;
    set_permission(&harness, false);
    (harness, session)
}

#[tokio::test]
async fn a_new_permission_is_in_the_fresh_token_and_then_in_the_cached_one() {
    let (harness, session) = without_permission().await;
    let refresher = harness.refresher();
    let session = refresher.token(session, &acme()).await.session.unwrap();
    set_permission(&harness, true);
    let cached = refresher.token(Arc::clone(&session), &acme()).await;
    assert!(!may_invite(&cached) && !cached.refreshed);
    assert!(may_invite(&refresher.fresh_token(Arc::clone(&session), &acme()).await));
    let cached = refresher.token(session, &acme()).await;
    assert!(may_invite(&cached) && !cached.refreshed);
}

/// Another request's refresh completed before the permission was granted.
#[tokio::test]
async fn a_token_from_before_the_call_is_not_fresh() {
    let (harness, before) = without_permission().await;
    let refresher = harness.refresher();
    assert!(!may_invite(&refresher.token(Arc::clone(&before), &acme()).await));
    set_permission(&harness, true);
    assert!(may_invite(&refresher.fresh_token(before, &acme()).await));
}

#[tokio::test]
async fn a_fresh_token_does_not_join_a_refresh_in_flight() {
    let (harness, session) = without_permission().await;
    let refresher = harness.refresher();
    harness.provider.clear_log();
    let target = acme();
    let gate = harness.provider.hold(Endpoint::Token);
    let fresh = async {
        harness.provider.wait_for_requests(Endpoint::Token, 1).await;
        let asking = join_all((0..20).map(|_| refresher.fresh_token(Arc::clone(&session), &target)));
        let (answers, ()) = tokio::join!(asking, async { gate.release() });
        answers
    };
    let first = refresher.token(Arc::clone(&session), &target);
    let (first, answers) = in_time(async { tokio::join!(first, fresh) }).await;
    assert!(first.token.is_ok());
    let secrets = answers
        .iter()
        .map(|answer| text(&answer.token.as_ref().unwrap().secret));
    let secrets: Vec<_> = secrets.collect();
    assert!(secrets.windows(2).all(|pair| pair[0] == pair[1]), "they share one");
    assert_eq!(harness.provider.requests(Endpoint::Token), 2);
}
