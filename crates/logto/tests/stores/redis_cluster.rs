//! A real cluster of Redis, which each test starts.

use logto::session::store::{RedisStore, Saved, SessionStore as _, StoreError, StoredSession};
use logto_testing::{RedisCluster, StoreServer};

use crate::{
    load,
    suite::{self, NOW, id, session, unique},
};

fn cluster() -> RedisCluster {
    RedisCluster::builder().in_memory().start().unwrap()
}

fn store(cluster: &RedisCluster) -> RedisStore {
    RedisStore::new(&cluster.url(), &format!("test-{}", unique())).unwrap()
}

#[tokio::test]
async fn a_store_in_a_cluster_behaves_like_any_other() {
    let cluster = cluster();
    suite::behaviours!(together & store(&cluster));
    suite::apps_on_one_server_are_separated(&store(&cluster), &store(&cluster)).await;
    sessions_of_all_nodes_are_loaded_together(&store(&cluster)).await;
    braces_in_an_app_id_do_not_move_all_keys_to_one_node(&cluster).await;
}

/// A hundred sessions of one user are on all three nodes.
async fn sessions_of_all_nodes_are_loaded_together(store: &RedisStore) {
    let sub = unique();
    let mut sessions = Vec::new();
    for _ in 0..100 {
        let of_user = StoredSession {
            sub: sub.clone(),
            ..session(1)
        };
        let id = id();
        assert_eq!(store.save(&id, None, of_user.clone(), NOW).await, Ok(Saved::Done));
        sessions.push((id, of_user));
    }
    let ids: Vec<_> = sessions.iter().map(|(id, _)| *id).collect();
    let expected: Vec<_> = sessions.into_iter().map(|(_, session)| Some(session)).collect();
    assert_eq!(store.load_all(&ids, NOW).await, Ok(expected));
    assert_eq!(store.delete_by_sub(&sub).await, Ok(100));
}

async fn braces_in_an_app_id_do_not_move_all_keys_to_one_node(cluster: &RedisCluster) {
    let keys = |node: &StoreServer| node.command(&["DBSIZE"]).unwrap().parse::<u64>().unwrap();
    let before: Vec<_> = cluster.nodes().iter().map(keys).collect();
    let store = RedisStore::new(&cluster.url(), &format!("{{{}}}", unique())).unwrap();
    for _ in 0..50 {
        assert_eq!(store.save(&id(), None, session(1), NOW).await, Ok(Saved::Done));
    }
    for (node, before) in cluster.nodes().iter().zip(before) {
        assert!(keys(node) > before, "each node has some of the keys");
    }
}

#[tokio::test]
async fn a_session_is_found_while_its_slot_moves_to_another_node() {
    let cluster = cluster();
    let app = unique();
    let store = RedisStore::new(&cluster.url(), &app).unwrap();
    let (id, sub) = (id(), unique());
    let version = |version| StoredSession {
        sub: sub.clone(),
        ..session(version)
    };
    let first = version(1);
    assert_eq!(store.save(&id, None, first.clone(), NOW).await, Ok(Saved::Done));

    let key = format!("{app}:session:{{{}}}", id.to_text());
    let slot = cluster.nodes()[0].command(&["CLUSTER", "KEYSLOT", &key]).unwrap();
    let (sources, targets): (Vec<_>, Vec<_>) = cluster
        .nodes()
        .iter()
        .partition(|node| node.command(&["EXISTS", &key]).is_ok_and(|answer| answer == "1"));
    let (source, target) = (sources[0], targets[0]);
    let name = |node: &StoreServer| node.command(&["CLUSTER", "MYID"]).unwrap();
    let setslot = |node: &StoreServer, state, other: &str| {
        node.command(&["CLUSTER", "SETSLOT", &slot, state, other]).unwrap();
    };
    setslot(target, "IMPORTING", &name(source));
    setslot(source, "MIGRATING", &name(target));
    assert_eq!(store.load(&id, NOW).await, Ok(Some(first)), "still at the source");
    let second = version(2);
    assert_eq!(store.save(&id, Some(1), second.clone(), NOW).await, Ok(Saved::Done));

    let port = target.port().to_string();
    source
        .command(&["MIGRATE", "127.0.0.1", &port, &key, "0", "5000"])
        .unwrap();
    assert_eq!(store.load(&id, NOW).await, Ok(Some(second)), "the source answers ASK");
    let third = version(3);
    assert_eq!(store.save(&id, Some(2), third.clone(), NOW).await, Ok(Saved::Done));

    for node in [target, source] {
        setslot(node, "NODE", &name(target));
    }
    assert_eq!(store.load(&id, NOW).await, Ok(Some(third)), "the source answers MOVED");
    assert_eq!(store.save(&id, Some(3), version(4), NOW).await, Ok(Saved::Done));
    assert_eq!(store.delete_by_sub(&sub).await, Ok(1));
    assert_eq!(store.load(&id, NOW).await, Ok(None));
}

#[tokio::test]
async fn a_missing_node_is_unavailable_and_its_sessions_are_not_absent() {
    let mut cluster = cluster();
    for node in cluster.nodes() {
        node.command(&["CONFIG", "SET", "cluster-require-full-coverage", "no"])
            .unwrap();
    }
    let store = store(&cluster);
    let ids: Vec<_> = (0..30).map(|_| id()).collect();
    for id in &ids {
        assert_eq!(store.save(id, None, session(1), NOW).await, Ok(Saved::Done));
    }
    cluster.nodes_mut()[1].kill();
    let (mut found, mut unavailable) = (0, 0);
    for id in &ids {
        match store.load(id, NOW).await {
            Ok(Some(_)) => found += 1,
            Err(StoreError::Unavailable("redis")) => unavailable += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(found > 0 && unavailable > 0, "{found} found, {unavailable} unavailable");
    let all = store.load_all(&ids, NOW).await;
    assert_eq!(all, Err(StoreError::Unavailable("redis")));
    for node in cluster.nodes_mut() {
        node.kill();
    }
    suite::is_unavailable(&store).await;
}

#[tokio::test]
async fn a_replica_takes_the_place_of_a_killed_primary() {
    let mut cluster = RedisCluster::builder().in_memory().replicas(1).start().unwrap();
    let successor = cluster.nodes()[3].port();
    load::survives(&cluster.url(), || cluster.nodes_mut()[0].kill(), successor).await;
}

/// Connections to a frozen server stay open, and it still takes new ones.
#[tokio::test]
async fn a_replica_takes_the_place_of_a_frozen_primary() {
    let cluster = RedisCluster::builder().in_memory().replicas(1).start().unwrap();
    let successor = cluster.nodes()[3].port();
    load::survives(&cluster.url(), || cluster.nodes()[0].freeze(), successor).await;
}

#[tokio::test]
async fn the_address_of_one_server_does_not_work_for_a_cluster() {
    let cluster = cluster();
    let store = RedisStore::new(&cluster.nodes()[0].url(), "test").unwrap();
    let mut answers = Vec::new();
    for _ in 0..30 {
        answers.push(store.load(&id(), NOW).await);
    }
    assert!(answers.contains(&Err(StoreError::Unexpected("redis"))), "{answers:?}");
}
