//! The behaviours. Every session, user and provider session has a name of its own: tests share a
//! server.

use std::sync::atomic::{AtomicU64, Ordering};

use logto::{
    Random as _, SystemRandom, Timestamp,
    session::{
        SessionId, SessionStore,
        store::{Saved, StoreError, StoredSession, sweep},
    },
};

pub(crate) const NOW: Timestamp = Timestamp::from_secs(1_000_000);

/// The connection string of a server. A test that has no server fails: it is never passed over.
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

/// After `silence` the server answers nobody; after `speak` it answers those who connect anew, as
/// after a failover that nobody was told of.
pub(crate) async fn falls_silent_and_comes_back(store: &dyn SessionStore, silence: impl Fn(), speak: impl Fn()) {
    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    silence();
    let answers = futures_util::future::join_all((0..5).map(|_| store.load(&id, NOW))).await;
    for answer in answers {
        assert!(matches!(answer, Err(StoreError::Unavailable(_))), "{answer:?}");
    }
    speak();
    let answers = futures_util::future::join_all((0..5).map(|_| store.load(&id, NOW))).await;
    for answer in answers {
        assert_eq!(answer, Ok(Some(saved.clone())));
    }
}

pub(crate) async fn a_saved_session_is_loaded_as_it_was(store: &dyn SessionStore) {
    for sid in [Some(unique()), None] {
        let (id, saved) = (id(), StoredSession { sid, ..session(1) });
        assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
        assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
    }
    assert_eq!(store.load(&id(), NOW).await, Ok(None));
}

pub(crate) async fn several_are_loaded_in_the_order_of_their_ids(store: &dyn SessionStore) {
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
        "there is none"
    );
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    assert_eq!(
        store.save(&id, None, session(1), NOW).await,
        Ok(Saved::Conflict),
        "there is one already"
    );
    assert_eq!(store.save(&id, Some(1), session(2), NOW).await, Ok(Saved::Done));
    assert_eq!(
        store.save(&id, Some(1), session(2), NOW).await,
        Ok(Saved::Conflict),
        "it has changed"
    );
    assert_eq!(store.load(&id, NOW).await.unwrap().unwrap().version, 2);
}

pub(crate) async fn of_many_savers_exactly_one_wins(store: &dyn SessionStore) {
    let id = id();
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    let savers = (0..20).map(|_| store.save(&id, Some(1), session(2), NOW));
    let results = futures_util::future::join_all(savers).await;
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

pub(crate) async fn an_ended_session_is_not_handed_out_and_makes_room(store: &dyn SessionStore) {
    let id = id();
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    assert!(store.load(&id, NOW.plus(99)).await.unwrap().is_some());
    let ended = NOW.plus(100);
    assert_eq!(store.load(&id, ended).await, Ok(None));
    // The store may still hold it, because its own clock is behind or because no sweep has come by.
    let next = StoredSession {
        expires: ended.plus(100),
        ..session(2)
    };
    assert_eq!(
        store.save(&id, Some(1), next.clone(), ended).await,
        Ok(Saved::Conflict),
        "what has ended does not go on"
    );
    assert_eq!(store.save(&id, None, next.clone(), ended).await, Ok(Saved::Done));
    assert_eq!(store.load(&id, ended).await, Ok(Some(next)));
}

pub(crate) async fn a_deleted_session_is_not_brought_back(store: &dyn SessionStore) {
    let id = id();
    assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
    assert_eq!(store.delete(&id).await, Ok(()));
    assert_eq!(store.load(&id, NOW).await, Ok(None));
    assert_eq!(store.save(&id, Some(1), session(2), NOW).await, Ok(Saved::Conflict));
    assert_eq!(store.delete(&id).await, Ok(()), "that there is none is no error");
}

pub(crate) async fn sessions_are_deleted_by_sid(store: &dyn SessionStore) {
    let (sid, other) = (unique(), unique());
    let ids = [id(), id(), id()];
    for (id, sid) in ids.iter().zip([&sid, &sid, &other]) {
        let session = StoredSession {
            sid: Some(sid.clone()),
            ..session(1)
        };
        assert_eq!(store.save(id, None, session, NOW).await, Ok(Saved::Done));
    }
    assert_eq!(store.delete_by_sid(&sid).await, Ok(2));
    assert_eq!(store.delete_by_sid(&sid).await, Ok(0));
    assert_eq!(store.load(&ids[0], NOW).await, Ok(None));
    assert!(store.load(&ids[2], NOW).await.unwrap().is_some());
}

pub(crate) async fn sessions_are_deleted_by_sub_after_changes_too(store: &dyn SessionStore) {
    let sub = unique();
    let ids = [id(), id()];
    for id in &ids {
        let session = |version| StoredSession {
            sub: sub.clone(),
            ..session(version)
        };
        assert_eq!(store.save(id, None, session(1), NOW).await, Ok(Saved::Done));
        assert_eq!(store.save(id, Some(1), session(2), NOW).await, Ok(Saved::Done));
    }
    assert_eq!(store.delete_by_sub(&sub).await, Ok(2));
    assert_eq!(store.load(&ids[1], NOW).await, Ok(None));
}

pub(crate) async fn sessions_of_a_user_without_a_sid_are_deleted_alone(store: &dyn SessionStore) {
    let sub = unique();
    let of_user = |sid| StoredSession {
        sub: sub.clone(),
        sid,
        ..session(1)
    };
    let ids = [id(), id(), id()];
    for (id, sid) in ids.iter().zip([None, Some(unique()), None]) {
        assert_eq!(store.save(id, None, of_user(sid), NOW).await, Ok(Saved::Done));
    }
    let other = id();
    let of_other = StoredSession {
        sid: None,
        ..session(1)
    };
    assert_eq!(store.save(&other, None, of_other, NOW).await, Ok(Saved::Done));
    assert_eq!(store.delete_by_sub_without_sid(&sub).await, Ok(2));
    for (id, is_there) in [(&ids[0], false), (&ids[1], true), (&ids[2], false), (&other, true)] {
        assert_eq!(store.load(id, NOW).await.unwrap().is_some(), is_there);
    }
    assert_eq!(store.delete_by_sub_without_sid(&sub).await, Ok(0));
    assert_eq!(store.delete_by_sub(&sub).await, Ok(1));
}

pub(crate) async fn a_sweep_removes_what_has_ended_and_nothing_else(store: &dyn SessionStore) {
    // Earlier than any other test's sessions end: they share a table.
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

pub(crate) async fn a_text_from_a_token_is_data_and_nothing_else(store: &dyn SessionStore) {
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

/// What a deny list keeps: no content, no session at the provider.
pub(crate) async fn a_note_without_content_is_kept_and_replaced(store: &dyn SessionStore) {
    let (id, user) = (id(), unique());
    let note = |version| StoredSession {
        sealed: String::new(),
        sid: None,
        sub: user.clone(),
        ..session(version)
    };
    for (expected, version) in [(None, 5), (Some(5), 1_000_000_000)] {
        assert_eq!(store.save(&id, expected, note(version), NOW).await, Ok(Saved::Done));
        assert_eq!(store.load(&id, NOW).await, Ok(Some(note(version))));
    }
}

/// Two apps of one tenant on one server have the same users, and notes about them under the same
/// ids.
pub(crate) async fn apps_on_one_server_have_nothing_to_do_with_each_other(
    store: &dyn SessionStore,
    other: &dyn SessionStore,
) {
    let (id, note, other_session) = (id(), id(), id());
    let (sub, sid) = (unique(), unique());
    let of_user = |version| StoredSession {
        sub: sub.clone(),
        sid: Some(sid.clone()),
        ..session(version)
    };
    let mine = of_user(1);
    assert_eq!(store.save(&id, None, mine.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(store.save(&note, None, of_user(1), NOW).await, Ok(Saved::Done));
    assert_eq!(other.load(&id, NOW).await, Ok(None));
    assert_eq!(other.load_all(&[id, note], NOW).await, Ok(vec![None, None]));
    assert_eq!(other.save(&id, Some(1), of_user(2), NOW).await, Ok(Saved::Conflict));
    assert_eq!(other.save(&note, None, of_user(5), NOW).await, Ok(Saved::Done));
    for id in [other_session, self::id()] {
        let without_sid = StoredSession {
            sid: None,
            ..of_user(1)
        };
        assert_eq!(other.save(&id, None, without_sid, NOW).await, Ok(Saved::Done));
    }
    assert_eq!(other.delete_by_sid(&sid).await, Ok(1), "its own note");
    assert_eq!(other.delete_by_sub_without_sid(&sub).await, Ok(2));
    assert_eq!(other.delete_by_sub(&sub).await, Ok(0));
    assert_eq!(other.delete(&id).await, Ok(()));
    sweep(other, NOW.plus(1_000)).await.unwrap();
    assert_eq!(store.load(&id, NOW).await, Ok(Some(mine)));
    assert_eq!(store.delete_by_sub(&sub).await, Ok(2));
}

/// Runs every behaviour on the store that an expression makes.
macro_rules! behaviours {
    ($store:expr) => {
        suite::behaviours! { $store;
            a_saved_session_is_loaded_as_it_was
            several_are_loaded_in_the_order_of_their_ids
            a_save_that_expects_another_version_is_a_conflict
            of_many_savers_exactly_one_wins
            an_ended_session_is_not_handed_out_and_makes_room
            a_deleted_session_is_not_brought_back
            sessions_are_deleted_by_sid
            sessions_are_deleted_by_sub_after_changes_too
            sessions_of_a_user_without_a_sid_are_deleted_alone
            a_sweep_removes_what_has_ended_and_nothing_else
            a_text_from_a_token_is_data_and_nothing_else
            a_note_without_content_is_kept_and_replaced
        }
    };
    ($store:expr; $($name:ident)+) => {
        $(#[tokio::test]
        async fn $name() {
            suite::$name(&$store).await;
        })+
    };
}
pub(crate) use behaviours;
