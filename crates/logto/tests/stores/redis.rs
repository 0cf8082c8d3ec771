//! A real Redis server.

use logto::session::store::{RedisStore, Saved, SessionStore as _, StoreError, StoredSession};

use crate::{
    proxy::Proxy,
    suite::{self, NOW, id, session, unique},
};

fn store() -> RedisStore {
    RedisStore::new(&suite::address("REDIS_URL"), &format!("test-{}", unique())).expect("a valid REDIS_URL")
}

suite::behaviours!(store());

#[tokio::test]
async fn apps_on_one_server_are_separated() {
    suite::apps_on_one_server_are_separated(&store(), &store()).await;
}

#[tokio::test]
async fn a_missing_server_is_unavailable_and_not_empty() {
    suite::is_unavailable(&RedisStore::new("redis://127.0.0.1:1/", "test").unwrap()).await;
}

#[tokio::test]
async fn an_unresponsive_connection_is_replaced() {
    let address = suite::address("REDIS_URL");
    let proxy = Proxy::to(&address).await;
    let store = RedisStore::new(&proxy.address(&address), &unique()).unwrap();
    suite::recovers_from_an_unresponsive_server(&store, || proxy.stop_forwarding(), || proxy.forward()).await;
    assert_eq!(proxy.connections(), 2, "all queries share one");
}

#[tokio::test]
async fn a_restart_of_the_server_goes_unnoticed() {
    let address = suite::address("REDIS_URL");
    let proxy = Proxy::to(&address).await;
    let store = RedisStore::new(&proxy.address(&address), &unique()).unwrap();
    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    proxy.disconnect();
    assert_eq!(store.load(&id, NOW).await, Ok(Some(saved)));
    assert_eq!(proxy.connections(), 2);
}

#[test]
fn debug_output_contains_no_password() {
    let store = RedisStore::new("redis://user:password@127.0.0.1:1/", "app").unwrap();
    assert_eq!(format!("{store:?}"), "RedisStore { app_id: \"app\", .. }");
}

/// After a broken connection a save is repeated on another one.
#[tokio::test]
async fn a_repeated_save_is_idempotent() {
    let (store, id, first) = (store(), id(), session(1));
    assert_eq!(store.save(&id, None, first.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(store.save(&id, None, first.clone(), NOW).await, Ok(Saved::Done));
    let second = session(2);
    assert_eq!(store.save(&id, Some(1), second.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(store.save(&id, Some(1), second.clone(), NOW).await, Ok(Saved::Done));
    assert_eq!(store.save(&id, None, first, NOW).await, Ok(Saved::Conflict));
    assert_eq!(store.load(&id, NOW).await, Ok(Some(second)));
}

#[tokio::test]
async fn expired_sessions_are_removed_from_the_index_of_a_user() {
    let prefix = unique();
    let store = RedisStore::new(&suite::address("REDIS_URL"), &prefix).unwrap();
    let sub = unique();
    for day in 0..10 {
        let now = NOW.plus(day * 1_000);
        let session = StoredSession {
            sub: sub.clone(),
            expires: now.plus(100),
            ..session(1)
        };
        assert_eq!(store.save(&id(), None, session, now).await, Ok(Saved::Done));
    }
    assert_eq!(store.delete_by_sub(&sub).await, Ok(1), "the last one is still valid");
}

#[tokio::test]
async fn no_key_outlives_its_last_session() {
    let (address, prefix) = (suite::address("REDIS_URL"), unique());
    let store = RedisStore::new(&address, &prefix).unwrap();
    let (sub, sid) = (unique(), Some(unique()));
    for seconds in [100, 1_000, 10] {
        let session = StoredSession {
            sub: sub.clone(),
            sid: sid.clone(),
            expires: NOW.plus(seconds),
            ..session(1)
        };
        assert_eq!(store.save(&id(), None, session, NOW).await, Ok(Saved::Done));
    }
    let mut redis = ::redis::Client::open(address).unwrap().get_connection().unwrap();
    let keys: Vec<String> = ::redis::cmd("KEYS")
        .arg(format!("{prefix}:*"))
        .query(&mut redis)
        .unwrap();
    let mut lives: Vec<i64> = keys
        .iter()
        .map(|key| ::redis::cmd("TTL").arg(key).query(&mut redis).unwrap())
        .collect();
    lives.sort_unstable();
    // Three sessions, and the indexes by `sub` and `sid`, which live as long as the last session.
    let expected = [10, 100, 1_000, 1_000, 1_000];
    assert_eq!(lives.len(), expected.len(), "{keys:?}");
    for (life, expected) in lives.into_iter().zip(expected) {
        assert!(
            (expected - 5..=expected).contains(&life),
            "{life} instead of {expected}"
        );
    }
}

#[tokio::test]
async fn a_wrong_password_is_not_a_transient_error() {
    let mut url = url::Url::parse(&suite::address("REDIS_URL")).unwrap();
    url.set_username("nobody").unwrap();
    url.set_password(Some("wrong")).unwrap();
    let store = RedisStore::new(url.as_str(), "test").unwrap();
    for _ in 0..2 {
        assert_eq!(store.load(&id(), NOW).await, Err(StoreError::Unexpected("redis")));
    }
}
