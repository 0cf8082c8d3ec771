//! Redis and PostgreSQL servers that a test starts, kills, freezes and restarts.

mod builder;
mod cluster;
mod error;
mod kind;
mod ports;
mod process;
mod programs;
mod resp;
mod sentinel;
mod server;
mod tls;
mod wait;

pub use self::{
    builder::StoreServerBuilder,
    cluster::{RedisCluster, RedisClusterBuilder},
    error::StoreServerError,
    kind::StoreKind,
    sentinel::{RedisSentinel, RedisSentinelBuilder},
    server::StoreServer,
    tls::StoreTls,
};
