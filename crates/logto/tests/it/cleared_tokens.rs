//! Cleared tokens stay cleared, and clearing them does not lose a rotated refresh token.

use std::sync::Arc;

use logto::{
    TokenTarget,
    seal::Sealer,
    session::{
        Lifetimes, Refresher, Session, SessionState, StoredSessions,
        store::{MemoryStore, Saved},
    },
};
use logto_testing::Endpoint;

use crate::{
    harness::{Harness, in_time, text},
    refresher::{api, rotating},
};

fn acme() -> TokenTarget {
    TokenTarget::organization("acme")
}

fn targets(session: &Session) -> Vec<TokenTarget> {
    session.access_tokens().map(|(target, _)| target.clone()).collect()
}

/// A session with tokens for userinfo, the API and an organization.
async fn with_tokens(harness: &Harness, refresher: &Refresher) -> Arc<Session> {
    let session = refresher.token(harness.session().await, &api()).await.session.unwrap();
    refresher.token(session, &acme()).await.session.unwrap()
}

/// Longer than the grace period in which Logto accepts a rotated token.
async fn assert_grant_lives(harness: &Harness, refresher: &Refresher, session: Arc<Session>) {
    harness.provider.clock().advance(10);
    assert!(refresher.token(session, &acme()).await.token.is_ok());
}

#[tokio::test]
async fn one_cached_token_is_cleared_and_fetched_again() {
    let harness = rotating().await;
    let refresher = harness.refresher();
    let session = with_tokens(&harness, &refresher).await;
    let cleared = refresher.clear(session, Some(&api())).await.unwrap().unwrap();
    assert_eq!(targets(&cleared), [TokenTarget::USER_INFO, acme()]);
    harness.provider.clear_log();
    assert!(refresher.token(Arc::clone(&cleared), &api()).await.refreshed);
    assert!(!refresher.token(cleared, &acme()).await.refreshed);
    assert_eq!(harness.provider.requests(Endpoint::Token), 1);
}

#[tokio::test]
async fn all_cached_tokens_are_cleared_and_the_user_stays_signed_in() {
    let harness = rotating().await;
    let refresher = harness.refresher();
    let session = with_tokens(&harness, &refresher).await;
    let cleared = refresher.clear(Arc::clone(&session), None).await.unwrap().unwrap();
    assert_eq!(targets(&cleared), []);
    assert_eq!(cleared.version(), session.version() + 1, "it has to be saved");
    assert_eq!(cleared.state(harness.client.now()), SessionState::Active);
    let refresh_token = |session: &Session| text(session.refresh_token().unwrap()).to_owned();
    assert_eq!(refresh_token(&cleared), refresh_token(&session));
    assert_grant_lives(&harness, &refresher, cleared).await;
}

#[tokio::test]
async fn an_old_cookie_does_not_restore_a_cleared_token() {
    let harness = rotating().await;
    let refresher = harness.refresher();
    let before = with_tokens(&harness, &refresher).await;
    assert!(refresher.clear(Arc::clone(&before), None).await.unwrap().is_some());
    assert_eq!(targets(&refresher.latest(Arc::clone(&before)).unwrap()), []);
    assert!(refresher.token(before, &api()).await.refreshed);
}

/// This process has cached a later version than the cookie, from refreshes before another process
/// cleared the tokens.
#[tokio::test]
async fn a_process_cache_does_not_restore_a_token_that_another_process_cleared() {
    let harness = rotating().await;
    let (refresher, other) = (harness.refresher(), harness.refresher());
    let start = harness.session().await;
    let cleared = other.clear(Arc::clone(&start), None).await.unwrap().unwrap();
    let renewed = refresher.token(start, &api()).await.session.unwrap();
    let remembered = refresher.token(renewed, &acme()).await.session.unwrap();
    assert!(remembered.version() > cleared.version());
    let latest = refresher.latest(cleared).unwrap();
    assert_eq!((latest.version(), targets(&latest)), (remembered.version(), vec![]));
    assert_eq!(
        text(latest.refresh_token().unwrap()),
        text(remembered.refresh_token().unwrap()),
        "the rotated refresh token counts"
    );
}

#[tokio::test]
async fn clearing_waits_for_a_refresh_in_flight_and_drops_its_token() {
    let harness = rotating().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    harness.provider.clear_log();
    let gate = harness.provider.hold(Endpoint::Token);
    let clear = async {
        harness.provider.wait_for_requests(Endpoint::Token, 1).await;
        let clearing = refresher.clear(Arc::clone(&session), None);
        let (cleared, ()) = tokio::join!(clearing, async { gate.release() });
        cleared.unwrap().unwrap()
    };
    let target = api();
    let asking = refresher.token(Arc::clone(&session), &target);
    let (answer, cleared) = in_time(async { tokio::join!(asking, clear) }).await;
    assert!(answer.token.is_ok());
    assert_eq!(targets(&cleared), []);
    assert_ne!(
        text(cleared.refresh_token().unwrap()),
        text(session.refresh_token().unwrap()),
        "the rotated refresh token is not lost"
    );
    assert_eq!(targets(&refresher.latest(session).unwrap()), []);
    assert_grant_lives(&harness, &refresher, cleared).await;
}

#[tokio::test]
async fn clearing_a_signed_out_session_does_not_restore_it() {
    let harness = rotating().await;
    let (refresher, session) = (harness.refresher(), harness.session().await);
    refresher.end(session.id());
    assert!(refresher.clear(Arc::clone(&session), None).await.unwrap().is_none());
    assert!(refresher.latest(session).is_none());
}

/// Two processes that share a store.
async fn two_processes() -> (Harness, [Refresher; 2], StoredSessions, Arc<Session>) {
    let harness = rotating().await;
    let store = Arc::new(MemoryStore::default());
    let sealer = Arc::new(Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap());
    let process = || {
        StoredSessions::new(
            harness.client.clone(),
            sealer.clone(),
            store.clone(),
            Lifetimes::default(),
        )
    };
    let session = harness.session().await;
    assert_eq!(process().save(&session, None).await, Ok(Saved::Done));
    let refreshers = [(); 2].map(|()| Refresher::with_store(harness.client.clone(), process()));
    let stored = process();
    (harness, refreshers, stored, session)
}

/// The token may have been issued before the other process cleared it.
#[tokio::test]
async fn a_refresh_in_flight_in_another_process_does_not_restore_a_cleared_token() {
    let (harness, [ours, other], stored, session) = two_processes().await;
    harness.provider.clear_log();
    let gate = harness.provider.hold(Endpoint::Token);
    let clear = async {
        harness.provider.wait_for_requests(Endpoint::Token, 1).await;
        let cleared = other.clear(Arc::clone(&session), Some(&api())).await;
        gate.release();
        assert!(cleared.unwrap().is_some());
    };
    let target = api();
    let asking = ours.token(Arc::clone(&session), &target);
    let (answer, ()) = in_time(async { tokio::join!(asking, clear) }).await;
    assert!(answer.token.is_ok());
    let saved = stored.load(&session.id()).await.unwrap().unwrap();
    assert_eq!(targets(&saved), [TokenTarget::USER_INFO]);
    assert_grant_lives(&harness, &other, saved).await;
}

#[tokio::test]
async fn tokens_are_cleared_even_if_another_process_has_rotated() {
    let (harness, [ours, other], stored, session) = two_processes().await;
    assert!(other.token(Arc::clone(&session), &api()).await.token.is_ok());
    let cleared = ours.clear(Arc::clone(&session), None).await.unwrap().unwrap();
    assert_eq!(targets(&cleared), []);
    let saved = stored.load(&session.id()).await.unwrap().unwrap();
    assert_eq!(targets(&saved), []);
    assert_grant_lives(&harness, &ours, saved).await;
}
