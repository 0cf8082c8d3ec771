use std::{
    io::{Read as _, Write as _},
    net::TcpStream,
};

use logto_testing::{StoreKind, StoreServer};

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
