//! The deny list of ended sessions whose cookie a browser still has.

use std::sync::Arc;

use futures_util::FutureExt as _;
use logto::{
    LogoutTarget, Timestamp, TokenSet,
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
pub(crate) async fn in_two_browsers(harness: &Harness) -> (Arc<Session>, Arc<Session>) {
    let one = harness.session().await;
    harness.provider.sign_in_as("ada");
    let other = harness.session().await;
    assert_ne!(sid(&one), sid(&other));
    (one, other)
}

/// Renews a session with the ID token of another one, which has another `sid`.
pub(crate) fn with_id_token_of(session: &Session, other: &Session, now: Timestamp) -> Session {
    let (target, cached) = other.access_tokens().next().unwrap();
    let mut tokens = TokenSet::new(cached.token.clone());
    tokens.id_token = Some(other.id_token().clone());
    session.renewed(target.clone(), tokens, now)
}

pub(crate) fn sid(session: &Session) -> String {
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
async fn a_sign_out_denies_no_other_session_of_the_user() {
    let harness = Harness::start().await;
    let (list, one, other) = (list(&harness), harness.session().await, harness.session().await);
    assert_eq!(denied(&list, [&one, &other]).await, [false, false]);
    list.deny_session(one.id()).await.unwrap();
    assert_eq!(denied(&list, [&one, &other]).await, [true, false]);
}

#[tokio::test]
async fn a_logout_with_a_sid_denies_only_the_session_with_that_sid() {
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
async fn a_logout_of_a_user_denies_earlier_sessions_and_no_later_one() {
    let harness = Harness::start().await;
    let list = list(&harness);
    for _ in 0..3 {
        let before = begin(&harness, &list).await;
        list.deny(&LogoutTarget::User(sub(&before))).await.unwrap();
        let later = begin(&harness, &list).await;
        assert_eq!(
            denied(&list, [&before, &later]).await,
            [true, false],
            "also within the same second"
        );
    }
}

/// The list of another instance of the app, whose clock differs by `seconds`.
fn elsewhere(harness: &Harness, store: &Arc<MemoryStore>, seconds: i64) -> DenyList {
    DenyList::new(harness.client_off_by(seconds), store.clone(), Lifetimes::default())
}

#[tokio::test]
async fn instances_with_different_clocks_agree_whether_a_sign_in_followed_a_logout() {
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

/// A session has no mark if it was imported, or if the list was unavailable during its sign-in.
#[tokio::test]
async fn a_logout_recorded_by_a_slow_clock_denies_an_earlier_session_without_a_mark() {
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
async fn a_pending_logout_applies_at_once_and_not_to_the_next_sign_in() {
    let harness = Harness::start().await;
    let store = Arc::<MemoryStore>::default();
    let (list, other) = (elsewhere(&harness, &store, 0), elsewhere(&harness, &store, -50));
    let before = begin(&harness, &other).await;
    assert!(list.deny_later(&LogoutTarget::User(sub(&before))));
    assert!(list.denies(&before).await.unwrap());
    assert!(!other.denies(&before).await.unwrap(), "the logout is not saved yet");
    let later = begin(&harness, &list).await;
    assert!(
        !other.denies(&before).await.unwrap(),
        "a sign-in does not wait until pending logouts are saved"
    );
    assert_eq!(denied(&list, [&before, &later]).await, [true, false]);
    written(&harness, &other, &before).await;
    for list in [&list, &other] {
        assert_eq!(denied(list, [&before, &later]).await, [true, false]);
    }
    // The next logout of this user has a higher number, although the clock of this instance is
    // behind.
    other.deny(&LogoutTarget::User(sub(&before))).await.unwrap();
    assert!(list.denies(&later).await.unwrap());
}

#[tokio::test]
async fn a_sign_out_applies_at_once_while_the_store_is_unavailable() {
    let harness = Harness::start().await;
    let (list, one, other) = (list(&harness), harness.session().await, harness.session().await);
    assert!(list.deny_session_later(one.id()));
    assert_eq!(denied(&list, [&one, &other]).await, [true, false]);
}

#[tokio::test]
async fn a_pending_logout_ends_a_session_that_began_at_the_fastest_clock() {
    let harness = Harness::start().await;
    let store = Arc::<MemoryStore>::default();
    let tolerance = i64::try_from(harness.client.config().clock_tolerance()).unwrap();
    let (list, fast) = (elsewhere(&harness, &store, 0), elsewhere(&harness, &store, tolerance));
    let user = LogoutTarget::User(sub(&*harness.session().await));
    fast.deny(&user).await.unwrap();
    let session = begin_at(&harness, &fast, tolerance).await;
    assert!(!list.denies(&session).await.unwrap());
    assert!(list.deny_later(&user));
    assert!(list.denies(&session).await.unwrap());
}

/// Waits until the background task of another list has written the logout of this session.
async fn written(harness: &Harness, list: &DenyList, session: &Session) {
    let written = async {
        while !list.denies(session).await.unwrap() {
            // The task waits before it writes.
            harness.provider.clock().end_sleep().now_or_never();
            tokio::task::yield_now().await;
        }
    };
    let limit = std::time::Duration::from_secs(20);
    tokio::time::timeout(limit, written)
        .await
        .expect("a background task saves the logout");
}

#[tokio::test]
async fn a_logout_that_was_pending_ends_no_session_that_begins_after_it_is_written() {
    let harness = Harness::start().await;
    let store = Arc::<MemoryStore>::default();
    let (list, other) = (elsewhere(&harness, &store, 0), elsewhere(&harness, &store, 0));
    let before = begin(&harness, &other).await;
    assert!(list.deny_later(&LogoutTarget::User(sub(&before))));
    written(&harness, &other, &before).await;
    let later = begin(&harness, &other).await;
    assert_eq!(denied(&other, [&before, &later]).await, [true, false]);
}

#[tokio::test]
async fn writing_a_pending_logout_does_not_raise_a_mark_that_is_high_enough() {
    let harness = Harness::start().await;
    let store = Arc::<MemoryStore>::default();
    let (list, other) = (elsewhere(&harness, &store, 0), elsewhere(&harness, &store, 0));
    let before = begin(&harness, &other).await;
    assert!(list.deny_later(&LogoutTarget::User(sub(&before))));
    let mark = list.mark().await.unwrap();
    written(&harness, &other, &before).await;
    assert_eq!(other.mark().await.unwrap(), mark);
}

#[tokio::test]
async fn a_logout_is_recorded_after_a_conflict_with_another_process() {
    let harness = Harness::start().await;
    let session = harness.session().await;
    let store = Arc::new(Scripted::default());
    let list = DenyList::new(harness.client.clone(), store.clone(), Lifetimes::default());
    *store.conflicts.lock().unwrap() = 1;
    list.deny_session(session.id()).await.unwrap();
    assert!(list.denies(&session).await.unwrap());
}

#[tokio::test]
async fn the_entry_of_a_logout_outlives_every_session() {
    let harness = Harness::start().await;
    let session = harness.session().await;
    let store = Arc::new(Scripted::default());
    let list = DenyList::new(harness.client.clone(), store.clone(), Lifetimes::default());
    list.deny(&LogoutTarget::User(sub(&session))).await.unwrap();
    // The clock of the instance that recorded the start may be ahead, and ours behind.
    let apart = 2 * harness.client.config().clock_tolerance();
    let end = harness.client.now().plus(Lifetimes::default().absolute() + apart + 1);
    let saved = store.saved.lock().unwrap();
    assert!(saved.iter().all(|entry| entry.expires == end), "{saved:?}");
}

/// A store takes a repeated write of the same content for a retry.
#[tokio::test]
async fn no_two_entries_have_the_same_content() {
    let harness = Harness::start().await;
    let session = harness.session().await;
    let store = Arc::new(Scripted::default());
    for _ in 0..2 {
        let list = DenyList::new(harness.client.clone(), store.clone(), Lifetimes::default());
        list.deny(&LogoutTarget::User(sub(&session))).await.unwrap();
    }
    let saved = store.saved.lock().unwrap();
    let marks: Vec<_> = saved.iter().filter(|entry| !entry.sealed.is_empty()).collect();
    assert_eq!(marks.len(), 2, "{saved:?}");
    assert_ne!(marks[0].sealed, marks[1].sealed);
}

#[tokio::test]
async fn a_session_is_denied_by_the_sid_of_its_current_id_token() {
    let harness = Harness::of(TestProvider::builder().backchannel_session_required()).await;
    let (list, (one, other)) = (list(&harness), in_two_browsers(&harness).await);
    // The result for the first ID token must not be cached for the second one.
    assert_eq!(denied(&list, [&one, &other]).await, [false, false]);
    let changed = with_id_token_of(&one, &other, harness.client.now());
    let target = LogoutTarget::Session {
        sid: sid(&other),
        sub: None,
    };
    list.deny(&target).await.unwrap();
    assert_eq!(denied(&list, [&one, &changed]).await, [false, true]);
}

#[tokio::test]
async fn an_incomplete_answer_of_the_store_is_an_error() {
    let harness = Harness::start().await;
    let session = harness.session().await;
    let mut store = Scripted::default();
    store.is_short = true;
    let list = DenyList::new(harness.client.clone(), Arc::new(store), Lifetimes::default());
    assert!(matches!(list.denies(&session).await, Err(StoreError::Unexpected(_))));
}
