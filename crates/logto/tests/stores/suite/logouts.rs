//! Logouts: sessions that are deleted by `sub` and `sid`, also while they change.

use logto::session::{
    SessionId,
    store::{Saved, SessionStore, StoredSession},
};

use super::{NOW, id, session, unique};

/// Two sessions for each pair of a user and a `sid`.
struct Population {
    subs: [String; 2],
    sids: [Option<String>; 4],
    /// The sessions, with the positions of their `sub` and their `sid`.
    sessions: Vec<(SessionId, usize, usize)>,
}

impl Population {
    async fn in_store(store: &dyn SessionStore) -> Self {
        let subs = [unique(), unique()];
        let sids = [Some(unique()), Some(unique()), Some(unique()), None];
        let mut sessions = Vec::new();
        for (sub, sid) in (0..16).map(|number| (number % 2, number / 4)) {
            let id = id();
            let session = |version| StoredSession {
                sub: subs[sub].clone(),
                sid: sids[sid].clone(),
                ..session(version)
            };
            assert_eq!(store.save(&id, None, session(1), NOW).await, Ok(Saved::Done));
            // A change must neither lose the session from an index nor put it there twice.
            assert_eq!(store.save(&id, Some(1), session(2), NOW).await, Ok(Saved::Done));
            sessions.push((id, sub, sid));
        }
        Self { subs, sids, sessions }
    }

    /// Checks that exactly the sessions are left for which `is_left` holds.
    async fn assert_left(&self, store: &dyn SessionStore, is_left: impl Fn(usize, usize) -> bool) {
        for (id, sub, sid) in &self.sessions {
            let loaded = store.load(id, NOW).await.unwrap();
            assert_eq!(loaded.is_some(), is_left(*sub, *sid), "user {sub}, sid {sid}");
        }
    }
}

pub(crate) async fn sessions_are_deleted_by_sid(store: &dyn SessionStore) {
    let population = Population::in_store(store).await;
    let sids: Vec<_> = population.sids.iter().flatten().collect();
    for (deleted, sid) in sids.iter().enumerate() {
        assert_eq!(store.delete_by_sid(sid).await, Ok(4), "of both users");
        assert_eq!(store.delete_by_sid(sid).await, Ok(0), "again");
        population.assert_left(store, |_, sid| sid > deleted).await;
    }
    assert_eq!(store.delete_by_sid(&unique()).await, Ok(0));
    population.assert_left(store, |_, sid| sid == 3).await;
}

pub(crate) async fn sessions_are_deleted_by_sub(store: &dyn SessionStore) {
    let population = Population::in_store(store).await;
    assert_eq!(store.delete_by_sub(&population.subs[0]).await, Ok(8), "with every sid");
    assert_eq!(store.delete_by_sub(&population.subs[0]).await, Ok(0), "again");
    assert_eq!(store.delete_by_sub(&unique()).await, Ok(0));
    population.assert_left(store, |sub, _| sub == 1).await;
    // The index by `sid` still finds the sessions of the other user.
    for sid in population.sids.iter().flatten() {
        assert_eq!(store.delete_by_sid(sid).await, Ok(2));
    }
    population.assert_left(store, |sub, sid| sub == 1 && sid == 3).await;
}

pub(crate) async fn a_session_is_found_by_its_new_sid(store: &dyn SessionStore) {
    let (id, sids) = (id(), [unique(), unique()]);
    let with = |sid: &String, version| StoredSession {
        sid: Some(sid.clone()),
        ..session(version)
    };
    assert_eq!(store.save(&id, None, with(&sids[0], 1), NOW).await, Ok(Saved::Done));
    assert_eq!(store.save(&id, Some(1), with(&sids[1], 2), NOW).await, Ok(Saved::Done));
    assert_eq!(store.delete_by_sid(&sids[1]).await, Ok(1));
    assert_eq!(store.load(&id, NOW).await, Ok(None));
}

pub(crate) async fn a_logout_of_its_old_sid_keeps_a_session(store: &dyn SessionStore) {
    for new in [Some(unique()), None] {
        let (ids, old) = ([id(), id()], unique());
        let of_old = || StoredSession {
            sid: Some(old.clone()),
            ..session(1)
        };
        for id in &ids {
            assert_eq!(store.save(id, None, of_old(), NOW).await, Ok(Saved::Done));
        }
        let changed = StoredSession {
            sid: new.clone(),
            ..session(2)
        };
        assert_eq!(
            store.save(&ids[0], Some(1), changed.clone(), NOW).await,
            Ok(Saved::Done)
        );
        assert_eq!(store.delete_by_sid(&old).await, Ok(1), "the other session of this sid");
        assert_eq!(store.load(&ids[0], NOW).await, Ok(Some(changed)));
        assert_eq!(store.load(&ids[1], NOW).await, Ok(None));
    }
}

pub(crate) async fn sessions_without_a_sid_are_deleted_by_sub(store: &dyn SessionStore) {
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

/// Whether a logout finds the sessions of a user is independent of the moment of a cancellation.
pub(crate) async fn a_cancelled_save_leaves_no_session_that_a_logout_misses(store: &dyn SessionStore) {
    for polls in (0..12).map(|exponent| 1 << exponent) {
        let (id, saved) = (id(), session(1));
        let mut save = store.save(&id, None, saved.clone(), NOW);
        for _ in 0..polls {
            if futures_util::poll!(&mut save).is_ready() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(save);
        // A server may execute the save after the cancellation.
        for _ in 0..2 {
            let before = store.load(&id, NOW).await.unwrap();
            assert!(
                before.as_ref().is_none_or(|session| *session == saved),
                "a whole session or none"
            );
            let deleted = store.delete_by_sub(&saved.sub).await.unwrap();
            if before.is_some() {
                assert_eq!(deleted, 1, "after {polls} polls");
                assert_eq!(store.load(&id, NOW).await, Ok(None));
            }
        }
    }
}

pub(crate) async fn a_change_during_a_logout_does_not_keep_a_session(store: &dyn SessionStore) {
    for _ in 0..20 {
        let (id, first) = (id(), session(1));
        assert_eq!(store.save(&id, None, first.clone(), NOW).await, Ok(Saved::Done));
        let second = StoredSession {
            version: 2,
            ..first.clone()
        };
        let (saved, deleted) =
            futures_util::join!(store.save(&id, Some(1), second, NOW), store.delete_by_sub(&first.sub));
        assert!(saved.is_ok(), "{saved:?}");
        assert_eq!(deleted, Ok(1));
        assert_eq!(store.load(&id, NOW).await, Ok(None));
    }
}

pub(crate) async fn a_sign_in_during_a_logout_is_found_by_the_next_one(store: &dyn SessionStore) {
    for _ in 0..20 {
        let (sub, sid) = (unique(), unique());
        let ids: Vec<_> = (0..5).map(|_| id()).collect();
        let sign_ins = ids.iter().map(|id| {
            let session = StoredSession {
                sub: sub.clone(),
                sid: Some(sid.clone()),
                ..session(1)
            };
            store.save(id, None, session, NOW)
        });
        let sign_ins = futures_util::future::join_all(sign_ins);
        let (saved, by_sub, by_sid) =
            futures_util::join!(sign_ins, store.delete_by_sub(&sub), store.delete_by_sid(&sid));
        assert!(saved.iter().all(|saved| *saved == Ok(Saved::Done)), "{saved:?}");
        let found = store.load_all(&ids, NOW).await.unwrap();
        let left = found.iter().flatten().count();
        assert_eq!(by_sub.unwrap() + by_sid.unwrap() + u64::try_from(left).unwrap(), 5);
        assert_eq!(store.delete_by_sub(&sub).await, Ok(u64::try_from(left).unwrap()));
    }
}

/// The conflicting save has an earlier expiry, at which an index could drop the session.
pub(crate) async fn a_conflict_does_not_hide_a_session_from_a_logout(store: &dyn SessionStore) {
    let (id, sub, sid) = (id(), unique(), unique());
    let until = |version, expires| StoredSession {
        sub: sub.clone(),
        sid: Some(sid.clone()),
        expires,
        ..session(version)
    };
    let (soon, late) = (NOW.plus(10), NOW.plus(1_000));
    assert_eq!(store.save(&id, None, until(5, late), NOW).await, Ok(Saved::Done));
    assert_eq!(store.save(&id, Some(1), until(2, soon), NOW).await, Ok(Saved::Conflict));
    let other = super::id();
    assert_eq!(store.save(&other, None, until(1, late), soon).await, Ok(Saved::Done));
    assert_eq!(store.delete_by_sid(&sid).await, Ok(2));
    assert_eq!(store.load_all(&[id, other], soon).await, Ok(vec![None, None]));
}
