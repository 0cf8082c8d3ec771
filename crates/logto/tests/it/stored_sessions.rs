//! Sessions in a store.

use std::sync::{Arc, atomic::Ordering};

use logto::{
    AccessToken, LogoutTarget, Timestamp, TokenSet, TokenTarget,
    seal::Sealer,
    session::{
        DenyList, Lifetimes, Refresher, Session, SessionState, StoredSessions, UnsealCache,
        store::{MemoryStore, Saved, SessionStore, StoreError},
    },
};
use logto_testing::TestProvider;
use serde_json::json;

use crate::{
    deny_list::{in_two_browsers, sid, with_id_token_of},
    harness::{Harness, text},
    refresher::rotating,
    refresher_stored::Scripted,
};

/// Processes of one app that share a store.
fn processes<const N: usize>(harness: &Harness, store: &Arc<MemoryStore>) -> [StoredSessions; N] {
    let sealer = Arc::new(Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap());
    [(); N].map(|()| {
        let store: Arc<dyn SessionStore> = store.clone();
        StoredSessions::new(harness.client.clone(), sealer.clone(), store, Lifetimes::default())
    })
}

fn organization(number: usize) -> TokenTarget {
    TokenTarget::organization(format!("organization-{number}"))
}

/// Adds a token for an organization, of about the size of a real one.
fn with_token(session: &Session, number: usize, now: Timestamp) -> Session {
    let access_token = AccessToken::new(format!("{number:0>600}"), Vec::new(), now.plus(24 * 60 * 60));
    session.renewed(organization(number), TokenSet::new(access_token), now)
}

async fn load(stored: &StoredSessions, session: &Session) -> Option<Arc<Session>> {
    stored.load(&session.id()).await.unwrap()
}

fn has_token(session: &Session, number: usize) -> bool {
    let target = organization(number);
    session.access_tokens().any(|(found, _)| *found == target)
}

#[tokio::test]
async fn a_stored_session_drops_the_least_recently_used_tokens() {
    let harness = Harness::start().await;
    let [ours, other] = processes(&harness, &Arc::default());
    let mut session = (*harness.session().await).clone();
    assert_eq!(ours.save(&session, None).await, Ok(Saved::Done));
    for number in 0..600 {
        session = with_token(&session, number, harness.client.now().plus(number as u64));
    }
    assert_eq!(ours.save(&session, Some(1)).await, Ok(Saved::Done));
    let loaded = load(&other, &session).await.unwrap();
    assert_eq!(loaded.version(), session.version());
    assert_eq!(
        text(loaded.refresh_token().unwrap()),
        text(session.refresh_token().unwrap())
    );
    let kept = (0..600).filter(|number| has_token(&loaded, *number)).count();
    assert!((300..500).contains(&kept), "{kept} of 600 are kept");
    assert!(
        (600 - kept..600).all(|number| has_token(&loaded, number)),
        "the last ones"
    );
}

#[tokio::test]
async fn a_token_in_use_is_not_evicted() {
    let harness = Harness::start().await;
    let [ours, other] = processes(&harness, &Arc::default());
    let begun = harness.client.now();
    let mut session = (*harness.session().await).clone();
    for number in 0..100 {
        session = with_token(&session, number, begun);
    }
    assert_eq!(ours.save(&session, None).await, Ok(Saved::Done));
    let first = session.version();
    for number in 100..600 {
        session = with_token(&session, number, begun.plus(60));
    }
    // The use alone does not cause a write.
    harness.provider.clock().advance(700);
    let refresher = Refresher::with_store(harness.client.clone(), ours.clone());
    assert!(
        refresher.note_use(&session, &organization(7)).is_none(),
        "no cookie changes"
    );
    assert_eq!(load(&other, &session).await.unwrap().version(), first);
    // Visits are saved every ten minutes. The use is remembered for twice that time.
    harness.provider.clock().advance(1_199);
    assert_eq!(ours.save(&session, Some(first)).await, Ok(Saved::Done));
    let loaded = load(&other, &session).await.unwrap();
    assert!(has_token(&loaded, 7) && !has_token(&loaded, 8));
    let (_, cached) = loaded
        .access_tokens()
        .find(|(target, _)| **target == organization(7))
        .unwrap();
    assert_eq!(cached.used, begun.plus(700), "other processes know it too");
}

#[tokio::test]
async fn a_visit_is_saved_with_the_next_version_unless_the_last_one_is_recent() {
    let harness = Harness::start().await;
    let [ours, other] = processes(&harness, &Arc::default());
    let session = harness.session().await;
    assert_eq!(ours.save(&session, None).await, Ok(Saved::Done));
    harness.provider.clock().advance(599);
    assert!(ours.save_visit(&session).await.unwrap().is_none(), "recent");
    harness.provider.clock().advance(1);
    let visited = ours.save_visit(&session).await.unwrap().unwrap();
    assert_eq!((visited.version(), visited.seen()), (2, harness.client.now()));
    let loaded = load(&other, &session).await.unwrap();
    assert_eq!((loaded.version(), loaded.seen()), (2, harness.client.now()));
    assert!(
        other.save_visit(&session).await.unwrap().is_none(),
        "another process won"
    );
}

#[tokio::test]
async fn a_session_whose_id_token_outgrows_the_store_keeps_the_rotated_refresh_token() {
    let harness = rotating().await;
    let [ours, other] = processes(&harness, &Arc::default());
    let session = harness.session().await;
    assert_eq!(ours.save(&session, None).await, Ok(Saved::Done));
    harness.provider.update_user("ada", |user| {
        user.profile.insert("website".into(), json!("x".repeat(300_000)));
    });
    let refresher = Refresher::with_store(harness.client.clone(), ours);
    let answer = refresher
        .fresh_token(Arc::clone(&session), &TokenTarget::USER_INFO)
        .await;
    assert!(answer.token.is_ok());
    let loaded = load(&other, &session).await.unwrap();
    assert_eq!(loaded.state(harness.client.now()), SessionState::Active);
    assert_ne!(
        text(loaded.refresh_token().unwrap()),
        text(session.refresh_token().unwrap())
    );
    let begun = harness.session().await;
    assert_eq!(
        other.save(&begun, None).await,
        Err(StoreError::SessionTooLarge),
        "a sign-in with this ID token fails"
    );
}

/// The session is on the deny list, but was not deleted: the store failed, or another process saved
/// the session again.
#[tokio::test]
async fn a_session_on_the_deny_list_is_not_loaded() {
    let harness = Harness::start().await;
    let store = Arc::<MemoryStore>::default();
    let [ours, other] = processes(&harness, &store);
    for has_loaded_before in [true, false] {
        let (session, another) = (harness.session().await, harness.session().await);
        for session in [&session, &another] {
            assert_eq!(ours.save(session, None).await, Ok(Saved::Done));
            if has_loaded_before {
                assert!(load(&other, session).await.is_some());
            }
        }
        let list = DenyList::new(harness.client.clone(), store.clone(), Lifetimes::default());
        list.deny_session(session.id()).await.unwrap();
        for process in [&ours, &other] {
            assert!(load(process, &session).await.is_none());
            assert!(load(process, &another).await.is_some());
        }
        let row = store.load(&session.id(), harness.client.now()).await;
        assert_eq!(row, Ok(None), "loading the session has deleted it");
    }
}

#[tokio::test]
async fn a_known_session_and_its_deny_list_entries_are_read_in_one_round_trip() {
    let harness = Harness::start().await;
    let store = Arc::<Scripted>::default();
    let sealer = Arc::new(Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap());
    let process = || {
        let shared: Arc<dyn SessionStore> = store.clone();
        StoredSessions::new(harness.client.clone(), sealer.clone(), shared, Lifetimes::default())
    };
    let (ours, other) = (process(), process());
    let session = harness.session().await;
    assert_eq!(ours.save(&session, None).await, Ok(Saved::Done));
    let round_trips = async |process: &StoredSessions| {
        let before = store.round_trips.load(Ordering::SeqCst);
        assert!(load(process, &session).await.is_some());
        store.round_trips.load(Ordering::SeqCst) - before
    };
    assert_eq!(round_trips(&ours).await, 1, "it was saved here");
    assert_eq!(round_trips(&other).await, 2, "it is not known here");
    assert_eq!(round_trips(&other).await, 1);
}

#[tokio::test]
async fn a_session_that_was_renewed_elsewhere_is_checked_against_its_own_entries() {
    for has_loaded_since in [true, false] {
        let harness = Harness::of(TestProvider::builder().backchannel_session_required()).await;
        let store = Arc::<MemoryStore>::default();
        let [ours, elsewhere] = processes(&harness, &store);
        let (session, other) = in_two_browsers(&harness).await;
        assert_eq!(ours.save(&session, None).await, Ok(Saved::Done));
        let renewed = with_id_token_of(&session, &other, harness.client.now());
        assert_eq!(elsewhere.save(&renewed, Some(1)).await, Ok(Saved::Done));
        if has_loaded_since {
            assert!(load(&ours, &renewed).await.is_some());
        }
        let list = DenyList::new(harness.client.clone(), store, Lifetimes::default());
        let target = LogoutTarget::Session {
            sid: sid(&other),
            sub: None,
        };
        list.deny(&target).await.unwrap();
        assert!(load(&ours, &renewed).await.is_none());
    }
}

#[tokio::test]
async fn shorter_lifetimes_end_sessions_that_are_stored_already() {
    let harness = Harness::start().await;
    let store = Arc::<MemoryStore>::default();
    let [before] = processes(&harness, &store);
    let sealer = Arc::new(Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap());
    let lifetimes = Lifetimes::default().with_idle(1800);
    let now = StoredSessions::new(harness.client.clone(), sealer, store, lifetimes);
    let session = harness.session().await;
    assert_eq!(before.save(&session, None).await, Ok(Saved::Done));
    harness.provider.clock().advance(1799);
    assert!(load(&now, &session).await.is_some());
    harness.provider.clock().advance(1);
    assert!(load(&now, &session).await.is_none());
    assert!(load(&before, &session).await.is_some());
}

#[tokio::test]
async fn debug_output_contains_no_session() {
    let harness = Harness::start().await;
    let [stored] = processes(&harness, &Arc::default());
    assert_eq!(format!("{stored:?}"), "StoredSessions { .. }");
    assert_eq!(format!("{:?}", UnsealCache::default()), "UnsealCache { .. }");
}

#[tokio::test]
async fn an_incomplete_answer_of_the_store_is_an_error() {
    let harness = Harness::start().await;
    let mut store = Scripted::default();
    store.is_short = true;
    let sealer = Arc::new(Sealer::new(&["a cookie secret of more than 32 bytes".into()]).unwrap());
    let stored = StoredSessions::new(harness.client.clone(), sealer, Arc::new(store), Lifetimes::default());
    let session = harness.session().await;
    assert_eq!(stored.save(&session, None).await, Ok(Saved::Done));
    assert!(matches!(
        stored.load(&session.id()).await,
        Err(StoreError::Unexpected(_))
    ));
}
