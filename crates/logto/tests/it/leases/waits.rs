//! Callers while another process refreshes the session.

use std::sync::Arc;

use futures_util::FutureExt as _;
use logto::{
    TokenError, TokenTarget,
    session::{SessionState, store::SessionStore as _},
};
use logto_testing::{Endpoint, HttpFault, Lifetimes, TestProvider};

use super::{Cluster, meanwhile};
use crate::{
    harness::{Harness, in_time, text},
    refresher::api,
};

#[tokio::test]
async fn a_process_waits_for_a_slow_refresh_of_another_one() {
    let cluster = Cluster::start().await;
    let ([owner, other], target) = ([(); 2].map(|()| cluster.process()), api());
    let (theirs, ours) = meanwhile(&cluster, &owner, other.token(cluster.session.clone(), &target)).await;
    assert_eq!(text(&theirs.token.unwrap().secret), text(&ours.token.unwrap().secret));
    assert_eq!(cluster.requests(), 1);
    // After the reuse window of three seconds.
    cluster.clock().advance(10);
    let acme = TokenTarget::organization("acme");
    let next = other.token(cluster.session.clone(), &acme).await;
    assert!(next.token.is_ok(), "{:?}", next.token);
}

#[tokio::test]
async fn a_token_that_is_renewed_early_is_handed_out_while_another_process_renews_it() {
    let cluster = Cluster::start().await;
    let [owner, other] = [(); 2].map(|()| cluster.process());
    let known = owner.token(cluster.session.clone(), &api()).await.session.unwrap();
    let (before, target) = (cluster.clock().now(), api());
    let (renewed, kept) = meanwhile(&cluster, &owner, other.newer_token(Arc::clone(&known), &target)).await;
    assert_eq!(cluster.clock().now(), before + 5, "no wait");
    let now = cluster.harness.client.now();
    let valid = known.valid_token(&target, now).unwrap();
    assert_eq!(text(&kept.token.unwrap().secret), text(&valid.secret));
    assert!(!kept.refreshed && renewed.refreshed);
}

#[tokio::test]
async fn a_caller_with_an_expired_id_token_waits_for_the_claims() {
    let lifetimes = Lifetimes::default().with_id_token(300);
    let cluster = Cluster::of(Harness::of(TestProvider::builder().lifetimes(lifetimes)).await).await;
    let [owner, other] = [(); 2].map(|()| cluster.process());
    cluster.clock().advance(300);
    let user_info = TokenTarget::USER_INFO;
    let now = cluster.harness.client.now();
    assert!(cluster.session.valid_token(&user_info, now).is_some());
    let asked = other.newer_token(cluster.session.clone(), &user_info);
    let (_, waited) = meanwhile(&cluster, &owner, asked).await;
    let session = waited.session.unwrap();
    assert_eq!(session.state(cluster.harness.client.now()), SessionState::Active);
}

#[tokio::test]
async fn a_fresh_token_is_requested_after_the_refresh_of_another_process() {
    let cluster = Cluster::start().await;
    let [owner, other] = [(); 2].map(|()| cluster.process());
    let target = api();
    let (theirs, ours) = meanwhile(&cluster, &owner, other.fresh_token(cluster.session.clone(), &target)).await;
    assert_ne!(text(&theirs.token.unwrap().secret), text(&ours.token.unwrap().secret));
    assert_eq!(cluster.requests(), 2);
}

#[tokio::test]
async fn a_refresh_for_another_target_uses_the_rotated_token() {
    let cluster = Cluster::start().await;
    let [owner, other] = [(); 2].map(|()| cluster.process());
    let acme = TokenTarget::organization("acme");
    let (_, ours) = meanwhile(&cluster, &owner, other.token(cluster.session.clone(), &acme)).await;
    assert!(ours.token.is_ok());
    let used = cluster.harness.logged(Endpoint::Token);
    let used: Vec<_> = used
        .iter()
        .map(|request| request.params.get("refresh_token").unwrap())
        .collect();
    assert_eq!(used.len(), 2);
    assert_ne!(used[0], used[1]);
}

#[tokio::test]
async fn a_session_that_is_signed_out_during_the_wait_stays_signed_out() {
    let cluster = Cluster::start().await;
    let [owner, other] = [(); 2].map(|()| cluster.process());
    let (store, id, target) = (cluster.store.clone(), cluster.session.id(), api());
    let asked = other.token(cluster.session.clone(), &target);
    let signed_out = async {
        let mut asked = Box::pin(asked);
        assert!(asked.as_mut().now_or_never().is_none());
        store.delete(&id).await.unwrap();
        asked.await
    };
    let (theirs, ours) = meanwhile(&cluster, &owner, signed_out).await;
    assert!(theirs.session.is_none() && ours.session.is_none());
    assert_eq!(ours.token.unwrap_err(), TokenError::NoRefreshToken);
    assert_eq!(cluster.requests(), 1);
}

#[tokio::test]
async fn a_failed_refresh_ends_its_lease() {
    let cluster = Cluster::start().await;
    let [owner, other] = [(); 2].map(|()| cluster.process());
    cluster
        .harness
        .provider
        .fault_once(HttpFault::Status(503).at(Endpoint::Token));
    assert!(owner.token(cluster.session.clone(), &api()).await.token.is_err());
    let target = api();
    let next = in_time(other.token(cluster.session.clone(), &target)).await;
    assert!(next.token.is_ok(), "without a wait");
}
