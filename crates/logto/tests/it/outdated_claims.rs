//! Sessions whose user has joined or left an organization since their claims were issued.

use std::sync::Arc;

use logto::{
    LogoutTarget, TokenSet, TokenTarget,
    seal::Sealer,
    session::{
        DenyList, Lifetimes, Refresher, Session, SessionState, StoredSessions,
        store::{MemoryStore, SessionStore, StoreError},
    },
};
use logto_testing::Endpoint;

use crate::{
    harness::{Harness, client, in_time},
    refresher_stored::Scripted,
};

fn users(session: &Session) -> Vec<String> {
    vec![session.id_token().claims().sub.clone()]
}

fn watching(harness: &Harness) -> DenyList {
    let store = Arc::new(MemoryStore::default());
    DenyList::new(harness.client.clone(), store, Lifetimes::default()).watching_claims(true)
}

async fn check(list: &DenyList, session: &Arc<Session>) -> Arc<Session> {
    list.check(Arc::clone(session)).await.unwrap().unwrap()
}

fn stored(harness: &Harness, store: &Arc<dyn SessionStore>) -> StoredSessions {
    let sealer = Arc::new(Sealer::new(&["a secret of thirty-two bytes or more".into()]).unwrap());
    StoredSessions::new(harness.client.clone(), sealer, Arc::clone(store), Lifetimes::default()).watching_claims(true)
}

#[tokio::test]
async fn a_report_makes_claims_and_tokens_outdated_until_a_refresh() {
    let harness = Harness::start().await;
    let (list, session, now) = (watching(&harness), harness.session().await, harness.client.now());
    let before = check(&list, &session).await;
    assert_eq!(before.state(now), SessionState::Active);
    assert!(before.valid_token(&TokenTarget::USER_INFO, now).is_some());
    list.outdate_claims(&users(&session)).await.unwrap();
    let outdated = check(&list, &session).await;
    assert_eq!(outdated.state(now), SessionState::Stale);
    assert!(outdated.valid_token(&TokenTarget::USER_INFO, now).is_none());
    assert!(outdated.expiring(now, 0).contains(&TokenTarget::USER_INFO));
    let refreshed = harness.refresher().token(outdated, &TokenTarget::USER_INFO).await;
    let refreshed = refreshed.session.unwrap();
    assert_eq!(check(&list, &refreshed).await.state(now), SessionState::Active);
    list.outdate_claims(&users(&session)).await.unwrap();
    assert_eq!(
        check(&list, &refreshed).await.state(now),
        SessionState::Stale,
        "the next report"
    );
}

#[tokio::test]
async fn only_a_list_that_watches_claims_notices_a_report() {
    let harness = Harness::start().await;
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::default());
    let list = DenyList::new(harness.client.clone(), store, Lifetimes::default());
    let session = harness.session().await;
    list.outdate_claims(&users(&session)).await.unwrap();
    assert!(list.outdate_claims_later(&users(&session)));
    assert_eq!(
        check(&list, &session).await.state(harness.client.now()),
        SessionState::Active
    );
}

#[tokio::test]
async fn a_session_without_a_refresh_token_ends_with_its_claims() {
    let harness = Harness::start().await;
    let (list, session) = (watching(&harness), harness.session().await);
    list.outdate_claims(&users(&session)).await.unwrap();
    let session = Arc::new(session.without_refresh_token());
    let outdated = check(&list, &session).await;
    assert_eq!(outdated.state(harness.client.now()), SessionState::Expired);
}

#[tokio::test]
async fn a_report_concerns_neither_other_users_nor_later_sessions() {
    let harness = Harness::start().await;
    let (list, now) = (watching(&harness), harness.client.now());
    let ada = harness.session().await;
    harness.provider.sign_in_as("bob");
    let bob = harness.session().await;
    list.outdate_claims(&users(&ada)).await.unwrap();
    assert_eq!(check(&list, &bob).await.state(now), SessionState::Active);
    let mark = list.mark().await.unwrap();
    let later = Arc::new(Session::clone(&ada).begun_after(mark));
    assert_eq!(check(&list, &later).await.state(now), SessionState::Active);
    list.deny(&LogoutTarget::User(users(&ada).remove(0))).await.unwrap();
    assert!(
        list.check(ada).await.unwrap().is_none(),
        "a logout counts more than a report"
    );
}

#[tokio::test]
async fn a_report_drops_the_cached_tokens_for_other_targets_too() {
    let harness = Harness::start().await;
    let (list, session, now) = (watching(&harness), harness.session().await, harness.client.now());
    let tokens = harness.refresher();
    let acme = TokenTarget::organization("acme");
    let session = tokens.token(session, &acme).await.session.unwrap();
    assert!(session.valid_token(&acme, now).is_some());
    list.outdate_claims(&users(&session)).await.unwrap();
    let outdated = check(&list, &session).await;
    let refreshed = tokens.token(outdated, &TokenTarget::USER_INFO).await.session.unwrap();
    assert!(refreshed.valid_token(&acme, now).is_none());
    assert!(refreshed.valid_token(&TokenTarget::USER_INFO, now).is_some());
}

/// The provider may leave the ID token out of a response.
#[tokio::test]
async fn a_refresh_without_an_id_token_leaves_the_claims_outdated() {
    let harness = Harness::start().await;
    let (list, session, now) = (watching(&harness), harness.session().await, harness.client.now());
    list.outdate_claims(&users(&session)).await.unwrap();
    let outdated = check(&list, &session).await;
    let (target, cached) = session.access_tokens().next().unwrap();
    let renewed = outdated.renewed(target.clone(), TokenSet::new(cached.token.clone()), now);
    assert_eq!(renewed.state(now), SessionState::Stale);
}

#[tokio::test]
async fn a_stored_session_is_checked_in_one_round_trip() {
    let harness = Harness::start().await;
    let scripted = Arc::new(Scripted::default());
    let store: Arc<dyn SessionStore> = scripted.clone();
    let sessions = stored(&harness, &store);
    let session = harness.session().await;
    let _ = sessions.save(&session, None).await.unwrap();
    let state = async || {
        scripted.round_trips.store(0, std::sync::atomic::Ordering::SeqCst);
        let loaded = sessions.load(&session.id()).await.unwrap().unwrap();
        let trips = scripted.round_trips.load(std::sync::atomic::Ordering::SeqCst);
        (loaded.state(harness.client.now()), trips)
    };
    assert_eq!(state().await, (SessionState::Active, 1));
    sessions.deny_list().outdate_claims(&users(&session)).await.unwrap();
    assert_eq!(state().await, (SessionState::Stale, 1));
    let outdated = sessions.load(&session.id()).await.unwrap().unwrap();
    let refresher = Refresher::with_store(harness.client.clone(), sessions.clone());
    assert!(refresher.token(outdated, &TokenTarget::USER_INFO).await.token.is_ok());
    assert_eq!(state().await, (SessionState::Active, 1), "saved with the session");
}

/// Another process has sent its refresh before the report, and saves it after ours.
#[tokio::test]
async fn a_refresh_that_began_before_the_report_restores_neither_claims_nor_tokens() {
    let harness = Harness::start().await;
    let store: Arc<dyn SessionStore> = Arc::new(MemoryStore::default());
    let (here, there) = (stored(&harness, &store), stored(&harness, &store));
    let session = harness.session().await;
    let _ = here.save(&session, None).await.unwrap();
    let other = client(&harness.provider, |config| config);
    let (ours, theirs) = (
        Refresher::with_store(harness.client.clone(), here.clone()),
        Refresher::with_store(other, there),
    );
    let acme = TokenTarget::organization("acme");
    harness.provider.clear_log();
    let held = harness.provider.hold(Endpoint::Token);
    let late = async {
        let known = session.clone();
        theirs.token(known, &acme).await
    };
    let report = async {
        harness.provider.wait_for_requests(Endpoint::Token, 1).await;
        here.deny_list().outdate_claims(&users(&session)).await.unwrap();
        let visited = here.load(&session.id()).await.unwrap().unwrap();
        // A visit is saved meanwhile, so that the late refresh meets a conflict.
        let target = Some(&acme);
        ours.clear(visited, target).await.unwrap();
        held.release();
    };
    let (_, ()) = tokio::join!(late, report);
    let now = harness.client.now();
    let loaded = here.load(&session.id()).await.unwrap().unwrap();
    assert_eq!(loaded.state(now), SessionState::Stale);
    let refreshed = ours.token(loaded, &TokenTarget::USER_INFO).await.session.unwrap();
    assert!(refreshed.valid_token(&acme, now).is_none());
    assert_eq!(refreshed.state(now), SessionState::Active);
}

#[tokio::test]
async fn an_incomplete_answer_of_the_store_is_an_error() {
    let harness = Harness::start().await;
    let session = harness.session().await;
    let mut store = Scripted::default();
    store.is_short = true;
    let list = DenyList::new(harness.client.clone(), Arc::new(store), Lifetimes::default()).watching_claims(true);
    assert!(matches!(list.check(session).await, Err(StoreError::Unexpected(_))));
}

/// The refresh may have been answered with the memberships from before the report.
#[tokio::test]
async fn a_caller_that_knows_of_the_report_does_not_join_a_refresh_from_before_it() {
    let harness = Harness::start().await;
    let (list, session) = (watching(&harness), harness.session().await);
    let (tokens, acme) = (harness.refresher(), TokenTarget::organization("acme"));
    harness.provider.clear_log();
    let held = harness.provider.hold(Endpoint::Token);
    let informed = async {
        harness.provider.wait_for_requests(Endpoint::Token, 1).await;
        list.outdate_claims(&users(&session)).await.unwrap();
        let outdated = check(&list, &session).await;
        let (refreshed, ()) = tokio::join!(tokens.token(outdated, &acme), async { held.release() });
        refreshed
    };
    let early = tokens.token(Arc::clone(&session), &acme);
    let (early, informed) = in_time(async { tokio::join!(early, informed) }).await;
    assert!(early.token.is_ok() && informed.token.is_ok());
    assert_eq!(harness.provider.requests(Endpoint::Token), 2);
    let informed = informed.session.unwrap();
    assert_eq!(informed.state(harness.client.now()), SessionState::Active);
}
