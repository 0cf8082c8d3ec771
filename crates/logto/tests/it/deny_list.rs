//! Sessions that have ended although a browser still has their cookie.

use std::sync::Arc;

use logto::{
    LogoutTarget, TokenSet,
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

/// Two sign-ins of one user, in separate sessions at the provider.
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
async fn signing_out_ends_one_session_and_no_other_of_the_user() {
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

/// A sign-in that finishes now, at an app with this list.
async fn begin(harness: &Harness, list: &DenyList) -> Session {
    let logouts = list.mark().await.unwrap();
    (*harness.session().await).clone().begun_after(logouts)
}

#[tokio::test]
async fn all_sessions_of_a_user_end_but_those_that_begin_later() {
    let harness = Harness::start().await;
    let list = list(&harness);
    for _ in 0..3 {
        let before = begin(&harness, &list).await;
        list.deny(&LogoutTarget::User(sub(&before))).await.unwrap();
        let later = begin(&harness, &list).await;
        assert_eq!(
            denied(&list, [&before, &later]).await,
            [true, false],
            "in the same second too"
        );
    }
}

/// The list of another instance of the app, whose clock differs by `seconds`.
fn elsewhere(harness: &Harness, store: &Arc<MemoryStore>, seconds: i64) -> DenyList {
    DenyList::new(harness.client_off_by(seconds), store.clone(), Lifetimes::default())
}

#[tokio::test]
async fn instances_whose_clocks_differ_agree_on_what_came_first() {
    for (begun, ended) in [(0, 50), (50, 0), (0, -50), (-50, 0), (-30, 30), (30, -30)] {
        let harness = Harness::start().await;
        let store = Arc::<MemoryStore>::default();
        let lists = [begun, ended].map(|seconds| elsewhere(&harness, &store, seconds));
        let user = LogoutTarget::User(sub(&*harness.session().await));
        for _ in 0..3 {
            let session = begin_at(&harness, &lists[0], begun).await;
            harness.provider.clock().advance(1);
            lists[1].deny(&user).await.unwrap();
            let later = begin_at(&harness, &lists[0], begun).await;
            for list in &lists {
                assert_eq!(denied(list, [&session, &later]).await, [true, false], "{begun} {ended}");
            }
        }
    }
}

/// A sign-in that finishes at an instance whose clock differs.
async fn begin_at(harness: &Harness, list: &DenyList, seconds: i64) -> Session {
    let logouts = list.mark().await.unwrap();
    let client = harness.client_off_by(seconds);
    let session = Session::begin(harness.sign_in().await, client.now(), client.random());
    session.unwrap().begun_after(logouts)
}

/// A session that was imported, or began while the list was unavailable.
#[tokio::test]
async fn a_session_that_knows_no_logouts_is_ended_by_one_whose_instance_has_a_clock_that_is_behind() {
    let harness = Harness::start().await;
    let store = Arc::<MemoryStore>::default();
    let (session, behind) = (harness.session().await, elsewhere(&harness, &store, -50));
    behind.deny(&LogoutTarget::User(sub(&session))).await.unwrap();
    harness.provider.clock().advance(60);
    let later = harness.session().await;
    assert_eq!(
        denied(&elsewhere(&harness, &store, 0), [&session, &later]).await,
        [true, false]
    );
}

#[tokio::test]
async fn a_logout_that_the_store_could_not_take_counts_at_once_and_the_next_sign_in_comes_after_it() {
    let harness = Harness::start().await;
    let store = Arc::<MemoryStore>::default();
    let (list, other) = (elsewhere(&harness, &store, 0), elsewhere(&harness, &store, -50));
    let before = begin(&harness, &other).await;
    assert!(list.deny_later(&LogoutTarget::User(sub(&before))));
    assert!(list.denies(&before).await.unwrap());
    assert!(!other.denies(&before).await.unwrap(), "it does not know yet");
    let later = begin(&harness, &list).await;
    assert!(
        !other.denies(&before).await.unwrap(),
        "a sign-in does not wait for thousands of notes"
    );
    assert_eq!(denied(&list, [&before, &later]).await, [true, false]);
    let written = async {
        while !other.denies(&before).await.unwrap() {
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, written).await.expect("written by a task");
    for list in [&list, &other] {
        assert_eq!(denied(list, [&before, &later]).await, [true, false]);
    }
    // The numbers continue from there.
    other.deny(&LogoutTarget::User(sub(&before))).await.unwrap();
    assert!(list.denies(&later).await.unwrap());
}

#[tokio::test]
async fn a_session_with_another_id_token_ends_with_that_one() {
    let harness = Harness::of(TestProvider::builder().backchannel_session_required()).await;
    let (list, (one, other)) = (list(&harness), in_two_browsers(&harness).await);
    // The result for the first ID token must not be cached for the second one.
    assert_eq!(denied(&list, [&one, &other]).await, [false, false]);
    let (target, cached) = other.access_tokens().next().unwrap();
    let mut tokens = TokenSet::new(cached.token.clone());
    tokens.id_token = Some(other.id_token().clone());
    let changed = one.renewed(target.clone(), tokens, harness.client.now());
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
