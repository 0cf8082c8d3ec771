//! Owners that die, stop, or are slow.

use std::{sync::atomic::Ordering, time::Duration};

use futures_util::FutureExt as _;
use logto::{Diagnose as _, LogtoClient, TokenError, TokenTarget, session::Refresher};
use logto_testing::{Endpoint, HeldAnswer, HttpFault, TestClock};

use super::{Cluster, LEASE};
use crate::{
    harness::{in_time, text},
    refresher::api,
};

/// Starts a refresh by a process that stands still. The provider rotates the refresh token, and its
/// answer never arrives.
async fn dead_owner(cluster: &Cluster) -> HeldAnswer {
    let mut held = cluster.harness.provider.hold_next_answer(Endpoint::Token);
    let (owner, session) = (cluster.stopped_process(), cluster.session.clone());
    tokio::spawn(async move { owner.token(session, &api()).await });
    in_time(held.wait_until_handled()).await;
    held
}

/// Like [`dead_owner`], but the provider rotates nothing.
async fn dead_owner_of_a_valid_token(cluster: &Cluster) {
    cluster.harness.provider.fault_once(HttpFault::Hang.at(Endpoint::Token));
    let (owner, session) = (cluster.stopped_process(), cluster.session.clone());
    tokio::spawn(async move { owner.token(session, &api()).await });
    in_time(cluster.harness.provider.wait_for_requests(Endpoint::Token, 1)).await;
}

/// How long the process waits for the lease, in milliseconds.
async fn time_until_token(cluster: &Cluster, process: &Refresher) -> u128 {
    let target = api();
    let asks = process.token(cluster.session.clone(), &target);
    let (answer, waited) = cluster.time_until_takeover(asks).await;
    assert!(answer.token.is_ok(), "{:?}", answer.token);
    waited
}

/// Logto accepts the rotated refresh token for three more seconds.
#[tokio::test]
async fn a_waiting_process_takes_the_lease_of_a_dead_one_while_the_old_token_works() {
    let cluster = Cluster::start().await;
    let _held = dead_owner(&cluster).await;
    let waited = time_until_token(&cluster, &cluster.process()).await;
    assert!((1250..=1900).contains(&waited), "{waited} ms");
    assert_eq!(cluster.requests(), 2);
    cluster.clock().advance(10);
    let (process, acme) = (cluster.process(), TokenTarget::organization("acme"));
    let next = process.token(cluster.stored().await, &acme).await;
    assert!(next.token.is_ok(), "the grant goes on: {:?}", next.token);
}

#[tokio::test]
async fn the_lease_of_a_process_that_died_earlier_ends_at_its_deadline() {
    let cluster = Cluster::start().await;
    dead_owner_of_a_valid_token(&cluster).await;
    cluster.clock().advance(2);
    let waited = time_until_token(&cluster, &cluster.process()).await;
    let rest = 1000 * u128::from(LEASE - 2);
    assert!((rest - 1000..rest + 1000).contains(&waited), "{waited} ms");
    assert_eq!(cluster.requests(), 2);
}

/// The provider rotated the refresh token when the request arrived, and no longer accepts the old one.
#[tokio::test]
async fn a_lease_that_was_renewed_for_long_is_not_taken_from_an_owner_that_stops() {
    let cluster = Cluster::start().await;
    let mut held = cluster.harness.provider.hold_next_answer(Endpoint::Token);
    let (own_clock, session) = (TestClock::at(cluster.clock().now()), cluster.session.clone());
    let owner = cluster.process_with(&cluster.harness.client_at(own_clock.clone()));
    let refresh = tokio::spawn(async move { owner.token(session, &api()).await });
    in_time(held.wait_until_handled()).await;
    let began = own_clock.now();
    while own_clock.now() < began + 4 {
        in_time(own_clock.end_sleep_within(5)).await;
    }
    in_time(own_clock.wait_for_sleeps_within(1, 5)).await;
    cluster.clock().advance(4);
    let process = cluster.process();
    let target = api();
    let mut waits = Box::pin(process.token(cluster.session.clone(), &target));
    let clock = cluster.clock();
    let ten_seconds = cluster.passing_time(async {
        tokio::select! {
            _ = &mut waits => unreachable!("the owner has the lease"),
            () = clock.sleep(Duration::from_secs(10)) => held.release(),
        }
    });
    ten_seconds.await;
    assert!(in_time(refresh).await.unwrap().token.is_ok());
    assert!(cluster.passing_time(waits).await.token.is_ok());
    assert_eq!(cluster.requests(), 1);
}

/// The refresh token may have rotated when the first of them sent its request.
#[tokio::test]
async fn the_lease_of_two_dead_processes_ends_at_its_deadline() {
    let cluster = Cluster::start().await;
    let _first = dead_owner(&cluster).await;
    let mut second = cluster.harness.provider.hold_next_answer(Endpoint::Token);
    let (own_clock, lease) = (TestClock::at(cluster.clock().now()), cluster.store.lease());
    let successor = cluster.process_with(&cluster.harness.client_at(own_clock.clone()));
    let session = cluster.session.clone();
    tokio::spawn(async move { successor.token(session, &api()).await });
    while cluster.store.lease() == lease {
        in_time(own_clock.end_sleep_within(1)).await;
    }
    in_time(second.wait_until_handled()).await;
    cluster.clock().advance(1);
    let (process, target) = (cluster.process(), api());
    let (_, waited) = cluster
        .time_until_takeover(process.token(cluster.session.clone(), &target))
        .await;
    assert!(waited > 5000, "{waited} ms");
}

/// Starts a slow refresh, and lets a process with this client wait for six seconds of it.
async fn waits_for_a_slow_owner(cluster: &Cluster, client: &LogtoClient) {
    let mut held = cluster.harness.provider.hold_next_answer(Endpoint::Token);
    let (session, clock) = (cluster.session.clone(), cluster.clock());
    let owner = cluster.process();
    let refresh = tokio::spawn(async move { owner.token(session, &api()).await });
    in_time(held.wait_until_handled()).await;
    let (other, target) = (cluster.process_with(client), api());
    let mut waits = Box::pin(other.token(cluster.session.clone(), &target));
    let slow_answer = cluster.passing_time(async {
        tokio::select! {
            _ = &mut waits => unreachable!("the owner has the lease"),
            () = clock.sleep(Duration::from_secs(6)) => held.release(),
        }
    });
    slow_answer.await;
    assert!(in_time(refresh).await.unwrap().token.is_ok());
    assert!(cluster.passing_time(waits).await.token.is_ok());
    assert_eq!(cluster.requests(), 1);
}

#[tokio::test]
async fn a_lease_whose_owner_renews_it_is_not_taken_by_a_process_whose_clock_is_ahead_or_behind() {
    for offset in [-2, 2] {
        let cluster = Cluster::start().await;
        let client = cluster.harness.client_off_by(offset);
        waits_for_a_slow_owner(&cluster, &client).await;
    }
}

/// The number of the entry is then higher than the owner knows.
#[tokio::test]
async fn an_owner_keeps_its_lease_although_the_answer_to_a_renewal_gets_lost() {
    let cluster = Cluster::start().await;
    cluster.store.loses_a_renewal.store(true, Ordering::SeqCst);
    waits_for_a_slow_owner(&cluster, &cluster.harness.client).await;
}

/// A living owner may have acquired it, whose clock is ahead.
#[tokio::test]
async fn the_lease_of_a_process_whose_clock_is_ahead_ends_at_its_deadline() {
    let cluster = Cluster::start().await;
    dead_owner_of_a_valid_token(&cluster).await;
    let process = cluster.process_with(&cluster.harness.client_off_by(-4));
    let waited = time_until_token(&cluster, &process).await;
    assert!(waited > 2000, "{waited} ms");
}

#[tokio::test]
async fn of_two_waiting_processes_one_takes_over() {
    let cluster = Cluster::start().await;
    let _held = dead_owner(&cluster).await;
    let ([one, other], target) = ([(); 2].map(|()| cluster.process()), api());
    let waiting = async {
        tokio::join!(
            one.token(cluster.session.clone(), &target),
            other.token(cluster.session.clone(), &target)
        )
    };
    let (one, other) = cluster.passing_time(waiting).await;
    assert_eq!(text(&one.token.unwrap().secret), text(&other.token.unwrap().secret));
    assert_eq!(cluster.requests(), 2, "the dead process has sent the first one");
}

#[tokio::test]
async fn an_owner_renews_its_lease_while_its_request_takes_long_and_waiting_is_bounded() {
    let cluster = Cluster::start().await;
    cluster.harness.provider.fault_once(HttpFault::Hang.at(Endpoint::Token));
    let (owner, waiting, target) = (cluster.process(), cluster.process(), api());
    let mut slow = Box::pin(owner.token(cluster.session.clone(), &target));
    assert!(slow.as_mut().now_or_never().is_none());
    in_time(cluster.harness.provider.wait_for_requests(Endpoint::Token, 1)).await;
    let began = cluster.clock().now();
    let answer = cluster
        .passing_time(waiting.token(cluster.session.clone(), &target))
        .await;
    let error = answer.token.unwrap_err();
    assert_eq!(error, TokenError::RefreshInProgress);
    assert!(error.is_transient() && error.code() == "refresh_in_progress");
    let waited = cluster.clock().now() - began;
    assert!((2 * LEASE..2 * LEASE + 2).contains(&waited), "{waited} seconds");
    assert_eq!(cluster.requests(), 1);
    assert!(answer.session.unwrap().refresh_token().is_some(), "the session goes on");
}

/// A denied access is checked by a second request.
#[tokio::test]
async fn a_lease_is_renewed_before_the_second_request_of_a_refresh() {
    let cluster = Cluster::start().await;
    let provider = &cluster.harness.provider;
    provider.update_user("ada", |user| user.access_denied = true);
    let [mut first, mut second] = [(); 2].map(|()| provider.hold_next_answer(Endpoint::Token));
    let own_clock = TestClock::at(cluster.clock().now());
    let owner = cluster.process_with(&cluster.harness.client_at(own_clock.clone()));
    let (session, clock) = (cluster.session.clone(), cluster.clock());
    let refresh = tokio::spawn(async move { owner.token(session, &api()).await });
    in_time(first.wait_until_handled()).await;
    own_clock.advance(4);
    first.release();
    in_time(second.wait_until_handled()).await;
    clock.advance(LEASE);
    let (other, target) = (cluster.process(), api());
    in_time(async {
        tokio::select! {
            _ = other.token(cluster.session.clone(), &target) => unreachable!("the owner has the lease"),
            () = clock.end_sleep_within(1) => {}
        }
    })
    .await;
    assert_eq!(cluster.requests(), 2);
    second.release();
    assert_eq!(
        in_time(refresh).await.unwrap().token.unwrap_err(),
        TokenError::AccessDenied
    );
}

#[tokio::test]
async fn an_owner_that_wakes_up_late_does_not_overwrite_the_session_of_its_successor() {
    let cluster = Cluster::start().await;
    let mut held = cluster.harness.provider.hold_next_answer(Endpoint::Token);
    // The clocks differ, so that the provider accepts the old refresh token twice.
    let client = cluster.harness.client_off_by(i64::try_from(LEASE).unwrap());
    let (owner, successor, target) = (cluster.process(), cluster.process_with(&client), api());
    let late = owner.token(cluster.session.clone(), &target);
    let succeeds = async {
        held.wait_until_handled().await;
        let answer = successor.token(cluster.session.clone(), &target).await;
        held.release();
        answer
    };
    let (late, succeeded) = in_time(async { tokio::join!(late, succeeds) }).await;
    assert_eq!(cluster.requests(), 2, "the successor has not waited");
    let (stored, saved) = (cluster.stored().await, succeeded.session.unwrap());
    assert_eq!(stored.version(), saved.version());
    assert_eq!(
        text(stored.refresh_token().unwrap()),
        text(saved.refresh_token().unwrap())
    );
    assert_eq!(late.session.unwrap().version(), saved.version());
}

#[tokio::test]
async fn an_owner_that_wakes_up_late_does_not_release_the_lease_of_its_successor() {
    let cluster = Cluster::start().await;
    let client = cluster.harness.client_off_by(i64::try_from(LEASE).unwrap());
    let [successor, third] = [(); 2].map(|()| cluster.process_with(&client));
    let (owner, target, acme) = (cluster.process(), api(), TokenTarget::organization("acme"));
    let mut first = cluster.harness.provider.hold_next_answer(Endpoint::Token);
    let late = owner.token(cluster.session.clone(), &target);
    let others = async {
        first.wait_until_handled().await;
        let mut second = cluster.harness.provider.hold_next_answer(Endpoint::Token);
        let mut succeeds = Box::pin(successor.token(cluster.session.clone(), &target));
        tokio::select! {
            _ = &mut succeeds => unreachable!("its answer is held"),
            () = second.wait_until_handled() => {}
        }
        (first, second, succeeds)
    };
    let mut late = Box::pin(late);
    let (first, second, succeeds) = in_time(async {
        tokio::select! {
            _ = &mut late => unreachable!("its answer is held"),
            others = others => others,
        }
    })
    .await;
    first.release();
    assert!(in_time(late).await.token.is_ok());
    // The owner has ended its turn. The successor has not.
    let (mut waits, clock) = (Box::pin(third.token(cluster.session.clone(), &acme)), cluster.clock());
    in_time(async {
        tokio::select! {
            _ = &mut waits => unreachable!("the successor has the lease"),
            () = clock.end_sleep_within(1) => {}
        }
    })
    .await;
    assert_eq!(cluster.requests(), 2);
    second.release();
    let (succeeded, waited) = cluster.passing_time(async { tokio::join!(succeeds, waits) }).await;
    assert!(succeeded.token.is_ok() && waited.token.is_ok());
    assert_eq!(cluster.requests(), 3);
}
