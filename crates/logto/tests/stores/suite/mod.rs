//! The suite. Sessions, users and `sid`s are unique per test, because the tests share a server.

mod logouts;

use std::sync::atomic::{AtomicU64, Ordering};

use logto::{
    Random as _, SystemRandom, Timestamp,
    session::{
        SessionId,
        store::{Saved, SessionStore, StoreError, StoredSession, sweep},
    },
};

pub(crate) use self::logouts::*;

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_000_000);

/// The connection string of a server. A test without its server fails rather than being skipped.
pub(crate) fn address(variable: &str) -> String {
    std::env::var(variable)
        .unwrap_or_else(|_| panic!("set {variable} to a test server, or run script/test, which starts one"))
}

pub(crate) fn unique() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let mut bytes = [0; 8];
    SystemRandom.fill(&mut bytes).unwrap();
    format!(
        "{:x}-{}",
        u64::from_be_bytes(bytes),
        COUNT.fetch_add(1, Ordering::Relaxed)
    )
}

pub(crate) fn id() -> SessionId {
    let mut bytes = [0; 32];
    SystemRandom.fill(&mut bytes).unwrap();
    SessionId::from_bytes(&bytes).unwrap()
}

pub(crate) fn session(version: u64) -> StoredSession {
    StoredSession {
        version,
        sealed: format!("sealed {version} {}", unique()),
        sub: unique(),
        sid: Some(unique()),
        expires: NOW.plus(100),
    }
}

pub(crate) async fn is_unavailable(store: &dyn SessionStore) {
    let id = id();
    let ids = [id];
    let (load, all, save, delete) = futures_util::join!(
        store.load(&id, NOW),
        store.load_all(&ids, NOW),
        store.save(&id, None, session(1), NOW),
        store.delete(&id)
    );
    assert!(matches!(load, Err(StoreError::Unavailable(_))), "{load:?}");
    assert!(matches!(all, Err(StoreError::Unavailable(_))), "{all:?}");
    assert!(matches!(save, Err(StoreError::Unavailable(_))), "{save:?}");
    assert!(matches!(delete, Err(StoreError::Unavailable(_))), "{delete:?}");
}

/// `stop` makes the server unresponsive. After `restart` it answers new connections only, as after
/// a failover.
pub(crate) async fn recovers_from_an_unresponsive_server(
    store: &dyn SessionStore,
    stop: impl Fn(),
    restart: impl Fn(),
) {
    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    stop();
    let answers = futures_util::future::join_all((0..5).map(|_| store.load(&id, NOW))).await;
    for answer in answers {
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    }
    restart();
    let answers = futures_util::future::join_all((0..5).map(|_| store.load(&id, NOW))).await;
    for answer in answers {
        assert_eq!(answer, Ok(Some(saved.clone())));
    }
}

pub(crate) async fn a_saved_session_is_loaded_unchanged(store: &dyn SessionStore) {
    for sid in [Some(unique()), None] {
        let (id, saved) = (id(), StoredSession { sid, ..session(1) });
        assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
        assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
    }
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
}

pub(crate) async fn several_sessions_are_loaded_in_the_order_of_their_ids(store: &dyn SessionStore) {
    let (first, second, ended, absent) = (id(), id(), id(), id());
    let (one, two) = (session(1), session(2));
    let over = StoredSession {
        expires: NOW,
        ..session(3)
    };
    for (id, saved) in [(first, &one), (second, &two), (ended, &over)] {
        assert_eq!(
            store.save(&id, None, saved.clone(), NOW.minus(1)).await,
            Ok(Saved::Done)
        );
    }
    let loaded = store.load_all(&[second, absent, first, ended, second], NOW).await;
    assert_eq!(loaded, Ok(vec![Some(two.clone()), None, Some(one), None, Some(two)]));
    assert_eq!(store.load_all(&[], NOW).await, Ok(Vec::new()));
}

pub(crate) async fn a_save_that_expects_another_version_is_a_conflict(store: &dyn SessionStore) {
    let id = id();
    assert_eq!(
        store.save(&id, Some(1), session(2), NOW).await,
        Ok(Saved::Conflict),
        "there is no session"
    );
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    assert_eq!(
        store.save(&id, None, session(1), NOW).await,
        Ok(Saved::Conflict),
        "the session exists"
    );
    assert_eq!(store.save(&id, Some(1), session(2), NOW).await, Ok(Saved::Done));
    assert_eq!(
        store.save(&id, Some(1), session(2), NOW).await,
        Ok(Saved::Conflict),
        "the session has changed"
    );
    assert_eq!(store.load(&id, NOW).await.unwrap().unwrap().version, 2);
}

pub(crate) async fn one_of_many_concurrent_saves_succeeds(store: &dyn SessionStore) {
    let id = id();
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    let saves = (0..20).map(|_| store.save(&id, Some(1), session(2), NOW));
    let results = futures_util::future::join_all(saves).await;
    assert_eq!(
        results.iter().filter(|result| **result == Ok(Saved::Done)).count(),
        1,
        "{results:?}"
    );
    assert_eq!(
        results.iter().filter(|result| **result == Ok(Saved::Conflict)).count(),
        19,
        "{results:?}"
    );
}

pub(crate) async fn an_expired_session_is_not_loaded_and_can_be_replaced(store: &dyn SessionStore) {
    let id = id();
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    assert!(store.load(&id, NOW.plus(99)).await.unwrap().is_some());
    let ended = NOW.plus(100);
    assert_eq!(store.load(&id, ended).await, Ok(None));
    // The store may still have it, because its clock is behind or it has not been swept.
    let next = StoredSession {
        expires: ended.plus(100),
        ..session(2)
    };
    assert_eq!(
        store.save(&id, Some(1), next.clone(), ended).await,
        Ok(Saved::Conflict),
        "an expired session is not continued"
    );
    assert_eq!(store.save(&id, None, next.clone(), ended).await, Ok(Saved::Done));
    assert_eq!(store.load(&id, ended).await, Ok(Some(next)));
}

pub(crate) async fn a_deleted_session_is_not_resurrected(store: &dyn SessionStore) {
    let id = id();
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    assert_eq!(store.delete(&id).await, Ok(()));
    assert_eq!(store.load(&id, NOW).await, Ok(None));
    assert_eq!(store.save(&id, Some(1), session(2), NOW).await, Ok(Saved::Conflict));
    assert_eq!(store.delete(&id).await, Ok(()), "deleting twice is not an error");
}

pub(crate) async fn a_sweep_removes_expired_sessions_only(store: &dyn SessionStore) {
    // Before the sessions of other tests expire, which are in the same table.
    let (then, sub) = (Timestamp::from_secs(1_000), unique());
    let ending = |seconds| StoredSession {
        expires: then.plus(seconds),
        sub: sub.clone(),
        ..session(1)
    };
    let ids: Vec<_> = (0..5).map(|_| id()).collect();
    for (id, seconds) in ids.iter().zip([1, 2, 3, 100, 200]) {
        assert_eq!(store.save(id, None, ending(seconds), then).await, Ok(Saved::Done));
    }
    sweep(store, then.plus(3)).await.unwrap();
    for id in &ids[..3] {
        assert_eq!(store.load(id, then.plus(3)).await, Ok(None));
    }
    for id in &ids[3..] {
        assert!(store.load(id, then.plus(3)).await.unwrap().is_some());
    }
    assert_eq!(store.delete_by_sub(&sub).await.map(|count| count >= 2), Ok(true));
}

pub(crate) async fn text_from_a_token_is_not_interpreted(store: &dyn SessionStore) {
    for name in ["' OR '1'='1", "*", "a:b:c\r\nDEL x", "ü\u{1F600}"] {
        let name = format!("{name}{}", unique());
        let (id, saved) = (
            id(),
            StoredSession {
                sub: name.clone(),
                sid: Some(name.clone()),
                ..session(1)
            },
        );
        assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
        assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
        assert_eq!(store.delete_by_sub(&name).await, Ok(1));
    }
}

/// Entries of a deny list have neither content nor `sid`.
pub(crate) async fn an_entry_without_content_is_kept_and_replaced(store: &dyn SessionStore) {
    let (id, user) = (id(), unique());
    let entry = |version| StoredSession {
        sealed: String::new(),
        sid: None,
        sub: user.clone(),
        ..session(version)
    };
    for (expected, version) in [(None, 5), (Some(5), 1_000_000_000)] {
        assert_eq!(store.save(&id, expected, entry(version), NOW).await, Ok(Saved::Done));
        assert_eq!(store.load(&id, NOW).await, Ok(Some(entry(version))));
    }
}

/// Two apps of one tenant have the same users, and deny-list entries with the same ids.
pub(crate) async fn apps_on_one_server_are_separated(store: &dyn SessionStore, other: &dyn SessionStore) {
    let (id, entry, other_session) = (id(), id(), id());
    let (sub, sid) = (unique(), unique());
    let of_user = |version| StoredSession {
        sub: sub.clone(),
        sid: Some(sid.clone()),
        ..session(version)
    };
    let mine = of_user(1);
    assert_eq!(store.save(&id, None, mine.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(store.save(&entry, None, of_user(1), NOW).await, Ok(Saved::Done));
    assert_eq!(other.load(&id, NOW).await, Ok(None));
    assert_eq!(other.load_all(&[id, entry], NOW).await, Ok(vec![None, None]));
    assert_eq!(other.save(&id, Some(1), of_user(2), NOW).await, Ok(Saved::Conflict));
    assert_eq!(other.save(&entry, None, of_user(5), NOW).await, Ok(Saved::Done));
    for id in [other_session, self::id()] {
        let without_sid = StoredSession {
            sid: None,
            ..of_user(1)
        };
        assert_eq!(other.save(&id, None, without_sid, NOW).await, Ok(Saved::Done));
    }
    assert_eq!(other.delete_by_sid(&sid).await, Ok(1), "its own entry");
    assert_eq!(other.delete_by_sub_without_sid(&sub).await, Ok(2));
    assert_eq!(other.delete_by_sub(&sub).await, Ok(0));
    assert_eq!(other.delete(&id).await, Ok(()));
    sweep(other, NOW.plus(1_000)).await.unwrap();
    assert_eq!(store.load(&id, NOW).await, Ok(Some(mine)));
    assert_eq!(store.delete_by_sub(&sub).await, Ok(2));
}

/// Defines a test for every behaviour, on the store that the expression creates. With `together`, one
/// block runs all of them on one store by reference, for servers that take seconds to start.
macro_rules! behaviours {
    (together $store:expr) => {
        suite::behaviours! { @names block $store }
    };
    (@names $how:ident $store:expr) => {
        suite::behaviours! { @$how $store;
            a_saved_session_is_loaded_unchanged
            several_sessions_are_loaded_in_the_order_of_their_ids
            a_save_that_expects_another_version_is_a_conflict
            one_of_many_concurrent_saves_succeeds
            an_expired_session_is_not_loaded_and_can_be_replaced
            a_deleted_session_is_not_resurrected
            sessions_are_deleted_by_sid
            sessions_are_deleted_by_sub
            a_session_is_found_by_its_new_sid
            a_logout_of_its_old_sid_keeps_a_session
            sessions_without_a_sid_are_deleted_by_sub
            a_sweep_removes_expired_sessions_only
            text_from_a_token_is_not_interpreted
            an_entry_without_content_is_kept_and_replaced
            a_cancelled_save_leaves_no_session_that_a_logout_misses
            a_change_during_a_logout_does_not_keep_a_session
            a_sign_in_during_a_logout_is_found_by_the_next_one
            a_conflict_does_not_hide_a_session_from_a_logout
        }
    };
    (@tests $store:expr; $($name:ident)+) => {
        $(#[tokio::test]
        async fn $name() {
            suite::$name(&$store).await;
        })+
    };
    (@block $store:expr; $($name:ident)+) => {{
        let store: &dyn logto::session::store::SessionStore = $store;
        $(println!("{}", stringify!($name));
        suite::$name(store).await;)+
    }};
    ($store:expr) => {
        suite::behaviours! { @names tests $store }
    };
}
pub(crate) use behaviours;
