use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use logto_testing::{RedisCluster, RedisSentinel, StoreKind, StoreServer};

fn redis_command(server: &StoreServer, command: &str) -> String {
    let mut stream = TcpStream::connect(address(server)).unwrap();
    write!(stream, "{command}\r\n").unwrap();
    let mut answer = [0; 64];
    let length = stream.read(&mut answer).unwrap();
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

/// The authority of the connection string without a user: host and port.
fn address(server: &StoreServer) -> String {
    let url = server.url();
    let authority = url.split('/').nth(2).unwrap();
    authority.trim_start_matches("postgres@").to_owned()
}

fn accepts_connections(address: &str) -> bool {
    TcpStream::connect(address).is_ok()
}

#[test]
fn redis_keeps_acknowledged_writes_when_it_is_killed() {
    let mut server = StoreServer::redis();
    assert_eq!(redis_command(&server, "SET user ada"), "+OK\r\n");
    server.kill();
    server.start();
    assert_eq!(redis_command(&server, "GET user"), "$3\r\nada\r\n");
}

#[test]
fn an_in_memory_redis_starts_empty_after_it_was_killed() {
    let mut server = StoreServer::builder(StoreKind::Redis).in_memory().start().unwrap();
    assert_eq!(redis_command(&server, "SET user ada"), "+OK\r\n");
    server.kill();
    server.start();
    assert_eq!(redis_command(&server, "GET user"), "$-1\r\n");
}

#[test]
fn postgresql_starts_again_after_it_was_killed() {
    let mut server = StoreServer::postgres();
    server.kill();
    assert!(!accepts_connections(&address(&server)));
    server.start();
    assert!(accepts_connections(&address(&server)));
}

#[test]
fn a_dropped_server_accepts_no_connections() {
    for server in [StoreServer::redis(), StoreServer::postgres()] {
        let address = address(&server);
        assert!(accepts_connections(&address));
        drop(server);
        assert!(!accepts_connections(&address));
    }
}

fn is_running(server: &StoreServer) -> bool {
    server.command(&["PING"]).is_ok()
}

#[test]
fn a_cluster_serves_all_slots_and_ends_when_it_is_dropped() {
    let cluster = RedisCluster::builder().replicas(1).in_memory().start().unwrap();
    assert_eq!(cluster.nodes().len(), 6);
    for node in cluster.nodes() {
        let info = node.command(&["CLUSTER", "INFO"]).unwrap();
        assert!(
            info.contains("cluster_state:ok") && info.contains("cluster_slots_ok:16384"),
            "{info}"
        );
    }
    let ports: Vec<_> = cluster.nodes().iter().map(StoreServer::port).collect();
    let expected: Vec<_> = ports.iter().map(|port| format!("127.0.0.1:{port}")).collect();
    assert_eq!(cluster.url(), format!("redis-cluster://{}", expected.join(",")));
    drop(cluster);
    assert!(expected.iter().all(|address| !accepts_connections(address)));
}

#[test]
fn a_node_that_was_killed_joins_its_cluster_again() {
    let mut cluster = RedisCluster::builder().start().unwrap();
    let node = &mut cluster.nodes_mut()[1];
    node.kill();
    assert!(!is_running(node));
    node.start();
    assert!(node.command(&["CLUSTER", "NODES"]).unwrap().contains("5461-10921"));
}

#[test]
fn sentinels_name_the_primary_and_end_when_they_are_dropped() {
    let redis = RedisSentinel::builder().in_memory().start().unwrap();
    let primary = redis.servers()[0].port();
    for sentinel in redis.sentinels() {
        let named = sentinel.command(&["SENTINEL", "GET-MASTER-ADDR-BY-NAME", "mymaster"]);
        assert_eq!(named.unwrap(), format!("127.0.0.1\n{primary}"));
    }
    let replica = redis.servers()[1].command(&["ROLE"]).unwrap();
    assert!(
        replica.starts_with(&format!("slave\n127.0.0.1\n{primary}\nconnected")),
        "{replica}"
    );
    let servers = redis.servers().iter().chain(redis.sentinels());
    let addresses: Vec<_> = servers.map(|server| format!("127.0.0.1:{}", server.port())).collect();
    drop(redis);
    assert!(addresses.iter().all(|address| !accepts_connections(address)));
}
