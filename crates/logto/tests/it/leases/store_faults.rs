//! Leases in the store: their cost, their traces, and a store that fails.

use std::sync::Arc;

use logto::{
    Diagnose as _, OAuthError, TokenError, TokenTarget,
    session::store::{SessionStore as _, sweep},
};
use logto_testing::{Endpoint, HttpFault};

use super::{
    Cluster, LEASE,
    store::{is_lease, is_released},
};
use crate::{
    harness::{in_time, text},
    refresher::api,
};

#[tokio::test]
async fn only_a_refresh_that_sends_a_request_takes_a_lease() {
    let cluster = Cluster::start().await;
    let process = cluster.process();
    let unknown = TokenTarget::organization("initech");
    cluster.store.take_round_trips();
    let session = process.token(cluster.session.clone(), &api()).await.session.unwrap();
    // Load the session and its entries, twice the first time; acquire; load; save; release.
    assert_eq!(cluster.store.take_round_trips(), 6);
    assert!(process.token(session.clone(), &api()).await.token.is_ok());
    assert_eq!(cluster.store.take_round_trips(), 0, "a valid token");
    cluster.clock().advance(60);
    assert!(process.token(session.clone(), &unknown).await.token.is_err());
    assert_eq!(cluster.store.take_round_trips(), 4, "nothing to save");
    let refused = process.token(session.clone(), &unknown).await.token.unwrap_err();
    assert_eq!(refused, TokenError::Refused(OAuthError::AccessDenied));
    assert_eq!(cluster.store.take_round_trips(), 1, "the refresh is paused");
    let newer = process.newer_token(cluster.session.clone(), &api()).await;
    assert!(newer.token.is_ok());
    assert_eq!(
        cluster.store.take_round_trips(),
        1,
        "another request has renewed the token"
    );
}

#[tokio::test]
async fn nothing_is_refreshed_if_the_lease_cannot_be_acquired() {
    let cluster = Cluster::start().await;
    let process = cluster.process();
    cluster.store.set_refuses(is_lease);
    let answer = process.token(cluster.session.clone(), &api()).await;
    let error = answer.token.unwrap_err();
    assert!(error.is_transient() && error.code() == "store_unavailable");
    assert_eq!(cluster.requests(), 0);
    cluster.store.set_refuses(|_, _| false);
    assert!(process.token(answer.session.unwrap(), &api()).await.token.is_ok());
}

#[tokio::test]
async fn a_lease_that_cannot_be_released_is_taken_like_that_of_a_dead_process() {
    let cluster = Cluster::start().await;
    let [process, other] = [(); 2].map(|()| cluster.process());
    cluster.store.set_refuses(is_released);
    assert!(process.token(cluster.session.clone(), &api()).await.token.is_ok());
    cluster.store.set_refuses(|_, _| false);
    let acme = TokenTarget::organization("acme");
    let (answer, waited) = cluster
        .time_until_takeover(other.token(cluster.session.clone(), &acme))
        .await;
    assert!(answer.token.is_ok());
    assert!((1250..=1900).contains(&waited), "{waited} ms");
}

#[tokio::test]
async fn a_result_that_could_not_be_saved_keeps_its_lease() {
    let cluster = Cluster::start().await;
    let [process, other] = [(); 2].map(|()| cluster.process());
    cluster.store.set_refuses(|id, entry| !is_lease(id, entry));
    assert!(process.token(cluster.session.clone(), &api()).await.token.is_ok());
    cluster.store.set_refuses(|_, _| false);
    // The other process waits. In the first pause this process saves its result.
    let target = api();
    let waits = other.token(cluster.session.clone(), &target);
    assert!(cluster.passing_time(waits).await.token.is_ok());
    assert_eq!(cluster.requests(), 1);
}

/// Another process changes the session meanwhile, so that the store has a version as new as the
/// result, with the refresh token that was used up.
#[tokio::test]
async fn a_result_that_could_not_be_saved_is_saved_before_the_next_refresh() {
    let cluster = Cluster::start().await;
    let [process, other] = [(); 2].map(|()| cluster.process());
    cluster.store.set_refuses(|id, entry| !is_lease(id, entry));
    let kept = process.token(cluster.session.clone(), &api()).await;
    assert!(kept.token.is_ok());
    cluster.store.set_refuses(|_, _| false);
    assert!(other.clear(cluster.session.clone(), None).await.unwrap().is_some());
    cluster.store.set_refuses(|id, entry| !is_lease(id, entry));
    cluster.clock().advance(LEASE);
    in_time(cluster.clock().wait_for_sleeps_within(1, 1)).await;
    cluster.store.set_refuses(|_, _| false);
    let acme = TokenTarget::organization("acme");
    let next = process.token(kept.session.unwrap(), &acme).await;
    assert!(next.token.is_ok(), "{:?}", next.token);
    assert_eq!(cluster.requests(), 2);
}

#[tokio::test]
async fn a_change_of_the_app_keeps_a_result_that_could_not_be_saved() {
    let cluster = Cluster::start().await;
    let process = cluster.process();
    cluster.store.set_refuses(|id, entry| !is_lease(id, entry));
    let kept = process.token(cluster.session.clone(), &api()).await.session.unwrap();
    cluster.store.set_refuses(|_, _| false);
    let cleared = process.clear(Arc::clone(&kept), None).await.unwrap().unwrap();
    assert_eq!(cleared.access_tokens().count(), 0, "the change");
    let stored = cluster.stored().await;
    assert_eq!(stored.version(), cleared.version());
    assert_eq!(
        text(stored.refresh_token().unwrap()),
        text(kept.refresh_token().unwrap()),
        "the result"
    );
}

#[tokio::test]
async fn a_lease_belongs_to_no_user_and_leaves_nothing_behind() {
    let cluster = Cluster::start().await;
    let process = cluster.process();
    cluster.harness.provider.fault_once(HttpFault::Hang.at(Endpoint::Token));
    let session = cluster.session.clone();
    tokio::spawn(async move { process.token(session, &api()).await });
    in_time(cluster.harness.provider.wait_for_requests(Endpoint::Token, 1)).await;
    let (store, sub) = (&*cluster.store, &cluster.session.id_token().claims().sub);
    assert_eq!(store.delete_by_sub_without_sid(sub).await, Ok(1), "the session alone");
    assert_eq!(store.delete_by_sub(sub).await, Ok(0));
    assert_eq!(sweep(store, cluster.harness.client.now()).await, Ok(0));
    assert_eq!(store.leases(), 1);
    assert_eq!(sweep(store, cluster.harness.client.now().plus(LEASE)).await, Ok(1));
    assert_eq!(store.leases(), 0);
}
