//! What has ended although it is still in a browser's cookie.

use std::sync::Arc;

use logto::{
    LogoutTarget,
    session::{
        DenyList, Lifetimes, Session,
        store::{MemoryStore, StoreError},
    },
};
use logto_testing::TestProvider;

use crate::{harness::Harness, refresher_stored::Scripted};

fn list(harness: &Harness) -> DenyList {
    DenyList::new(
        harness.client.clone(),
        Arc::new(MemoryStore::default()),
        Lifetimes::default(),
    )
}

/// Two sign-ins of one user, in sessions of their own at the provider.
async fn in_two_browsers(harness: &Harness) -> (Arc<Session>, Arc<Session>) {
    let one = harness.session().await;
    harness.provider.sign_in_as("ada");
    let other = harness.session().await;
    assert_ne!(sid(&one), sid(&other));
    (one, other)
}

fn sid(session: &Session) -> String {
    session.id_token().claims().sid.clone().unwrap()
}

fn sub(session: &Session) -> String {
    session.id_token().claims().sub.clone()
}

async fn denied(list: &DenyList, sessions: [&Session; 2]) -> [bool; 2] {
    [
        list.denies(sessions[0]).await.unwrap(),
        list.denies(sessions[1]).await.unwrap(),
    ]
}

#[tokio::test]
async fn a_session_that_was_signed_out_has_ended_and_no_other_of_the_same_user() {
    let harness = Harness::start().await;
    let (list, one, other) = (list(&harness), harness.session().await, harness.session().await);
    assert_eq!(denied(&list, [&one, &other]).await, [false, false]);
    list.deny_session(one.id()).await.unwrap();
    assert_eq!(denied(&list, [&one, &other]).await, [true, false]);
}

#[tokio::test]
async fn a_session_at_the_provider_ends_its_own_and_no_other() {
    let harness = Harness::of(TestProvider::builder().backchannel_session_required()).await;
    let (list, (one, other)) = (list(&harness), in_two_browsers(&harness).await);
    let target = LogoutTarget::Session {
        sid: sid(&one),
        sub: Some(sub(&one)),
    };
    list.deny(&target).await.unwrap();
    assert_eq!(denied(&list, [&one, &other]).await, [true, false]);
}

#[tokio::test]
async fn all_sessions_of_a_user_end_but_one_that_begins_later() {
    let harness = Harness::start().await;
    let (list, before) = (list(&harness), harness.session().await);
    list.deny(&LogoutTarget::User(sub(&before))).await.unwrap();
    let same_second = harness.session().await;
    harness.provider.clock().advance(1);
    let later = harness.session().await;
    assert_eq!(denied(&list, [&before, &same_second]).await, [true, true]);
    assert!(!list.denies(&later).await.unwrap());
}

#[tokio::test]
async fn a_session_with_another_id_token_ends_with_that_one() {
    let harness = Harness::of(TestProvider::builder().backchannel_session_required()).await;
    let (list, (one, other)) = (list(&harness), in_two_browsers(&harness).await);
    // Asked before it changes: what was found out then is not kept for the other ID token.
    assert_eq!(denied(&list, [&one, &other]).await, [false, false]);
    let changed = one.with_id_token_of(&other);
    let target = LogoutTarget::Session {
        sid: sid(&other),
        sub: None,
    };
    list.deny(&target).await.unwrap();
    assert_eq!(denied(&list, [&one, &changed]).await, [false, true]);
}

#[tokio::test]
async fn a_store_that_does_not_answer_for_all_is_not_taken_for_one_that_knows_nothing() {
    let harness = Harness::start().await;
    let session = harness.session().await;
    let mut store = Scripted::default();
    store.is_short = true;
    let list = DenyList::new(harness.client.clone(), Arc::new(store), Lifetimes::default());
    assert!(matches!(list.denies(&session).await, Err(StoreError::Unexpected(_))));
}
