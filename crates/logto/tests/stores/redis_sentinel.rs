//! Real sentinels, which each test starts together with the servers that they watch.

use logto::session::store::{RedisStore, Saved, SessionStore as _, StoreError};
use logto_testing::RedisSentinel;

use crate::{
    load,
    suite::{self, NOW, id, session, unique},
};

fn sentinel() -> RedisSentinel {
    RedisSentinel::builder().in_memory().start().unwrap()
}

fn store(redis: &RedisSentinel) -> RedisStore {
    RedisStore::new(&redis.url(), &format!("test-{}", unique())).unwrap()
}

#[tokio::test]
async fn a_store_behind_sentinel_behaves_like_any_other() {
    let mut redis = sentinel();
    suite::behaviours!(together & store(&redis));
    suite::apps_on_one_server_are_separated(&store(&redis), &store(&redis)).await;
    let unknown = redis.url().replace("/mymaster", "/unknown");
    let unknown = RedisStore::new(&unknown, "test").unwrap();
    assert_eq!(unknown.load(&id(), NOW).await, Err(StoreError::Unexpected("redis")));

    redis.sentinels_mut()[0].kill();
    assert_eq!(
        store(&redis).load(&id(), NOW).await,
        Ok(None),
        "the next sentinel is asked"
    );
    for sentinel in redis.sentinels_mut() {
        sentinel.kill();
    }
    suite::is_unavailable(&store(&redis)).await;
}

/// A sentinel that has not heard of a failover names the previous primary.
#[tokio::test]
async fn a_replica_is_not_taken_for_the_primary() {
    let redis = sentinel();
    let store = store(&redis);
    let (id, saved) = (id(), session(1));
    assert_eq!(store.save(&id, None, saved.clone(), NOW).await, Ok(Saved::Done));
    // The second sentinel monitors the replica as if it was a primary.
    let port = redis.servers()[1].port().to_string();
    let sentinel = &redis.sentinels()[0];
    sentinel.command(&["SENTINEL", "REMOVE", "mymaster"]).unwrap();
    sentinel
        .command(&["SENTINEL", "MONITOR", "mymaster", "127.0.0.1", &port, "2"])
        .unwrap();
    let other = self::store(&redis);
    assert_eq!(other.save(&self::id(), None, session(1), NOW).await, Ok(Saved::Done));
}

#[tokio::test]
async fn a_planned_failover_needs_no_restart_of_the_app() {
    let redis = sentinel();
    let successor = redis.servers()[1].port();
    load::survives(&redis.url(), || redis.fail_over().unwrap(), successor).await;
}

#[tokio::test]
async fn the_replica_takes_the_place_of_a_killed_primary() {
    let mut redis = sentinel();
    let successor = redis.servers()[1].port();
    load::survives(&redis.url(), || redis.servers_mut()[0].kill(), successor).await;
}

/// Connections to a frozen server stay open, and it still takes new ones.
#[tokio::test]
async fn the_replica_takes_the_place_of_a_frozen_primary() {
    let redis = sentinel();
    let successor = redis.servers()[1].port();
    load::survives(&redis.url(), || redis.servers()[0].freeze(), successor).await;
}

/// The previous primary still takes writes, as it does for some seconds after a planned failover.
#[tokio::test]
async fn a_primary_that_the_sentinels_have_replaced_is_left() {
    let redis = sentinel();
    let store = store(&redis);
    assert_eq!(store.save(&id(), None, session(1), NOW).await, Ok(Saved::Done));
    let next = &redis.servers()[1];
    next.command(&["REPLICAOF", "NO", "ONE"]).unwrap();
    next.command(&["FLUSHALL"]).unwrap();
    let port = next.port().to_string();
    for sentinel in redis.sentinels() {
        sentinel.command(&["SENTINEL", "REMOVE", "mymaster"]).unwrap();
        sentinel
            .command(&["SENTINEL", "MONITOR", "mymaster", "127.0.0.1", &port, "2"])
            .unwrap();
    }
    let mut pause = tokio::time::interval(std::time::Duration::from_millis(50));
    for _ in 0..200 {
        pause.tick().await;
        assert_eq!(store.save(&id(), None, session(1), NOW).await, Ok(Saved::Done));
        if next.command(&["DBSIZE"]).unwrap() != "0" {
            return;
        }
    }
    panic!("the app still uses the previous primary after ten seconds");
}

/// The app can reach the previous primary, but neither the sentinels nor the replica can. With
/// `min-replicas-to-write` it refuses writes, and the app asks the sentinels.
#[tokio::test]
async fn a_primary_that_is_cut_off_from_its_replica_is_left() {
    let redis = sentinel();
    for server in redis.servers() {
        server
            .command(&["ACL", "SETUSER", "logto", "on", ">p4ss", "~*", "+@all"])
            .unwrap();
    }
    let primary = &redis.servers()[0];
    primary
        .command(&["CONFIG", "SET", "min-replicas-to-write", "1"])
        .unwrap();
    let url = redis.url().replace("://", "://logto:p4ss@");
    let operator = primary.url().replace("://", "://logto:p4ss@");
    let cut_off = || {
        let mut operator = ::redis::Client::open(operator).unwrap().get_connection().unwrap();
        // The sentinels and the replica are this user.
        for command in ["ACL SETUSER default off", "CLIENT KILL USER default"] {
            let mut words = command.split(' ');
            let () = ::redis::cmd(words.next().unwrap())
                .arg(words.collect::<Vec<_>>())
                .query(&mut operator)
                .unwrap();
        }
    };
    load::survives(&url, cut_off, redis.servers()[1].port()).await;
}
