//! The store of the instances, and the proxies before it.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    thread::sleep,
    time::Duration,
};

use logto_testing::{RedisSentinel, StoreKind as Server, StoreServer};
use tokio::task::spawn_blocking;

use crate::{failure::Failure, journal::INSTANCES, wire::FaultProxy};

/// How long a killed server stays away.
const AWAY: Duration = Duration::from_secs(2);
/// How long the previous primary stays away: its replica takes its place meanwhile.
const AWAY_AFTER_FAILOVER: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(200);
const POLLS: usize = 150;

/// The kinds of stores that are tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StoreKind {
    Redis,
    Postgres,
    /// Redis with a replica and three sentinels.
    Sentinel,
}

impl StoreKind {
    pub(crate) fn named(name: &str) -> Option<Self> {
        Some(match name {
            "redis" => Self::Redis,
            "postgres" => Self::Postgres,
            "sentinel" => Self::Sentinel,
            _ => return None,
        })
    }

    pub(crate) fn file_name(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Postgres => "postgres",
            Self::Sentinel => "sentinel",
        }
    }

    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Redis => "Redis",
            Self::Postgres => "PostgreSQL",
            Self::Sentinel => "Redis with Sentinel",
        }
    }

    /// Whether connections to the store go through a proxy. Sentinels name the servers by their own
    /// addresses.
    pub(crate) fn has_proxies(self) -> bool {
        self != Self::Sentinel
    }
}

pub(crate) struct Store {
    servers: Arc<Mutex<Servers>>,
    urls: Vec<String>,
    /// One for each instance, or none.
    proxies: Vec<FaultProxy>,
}

enum Servers {
    One(StoreServer),
    Sentinel(RedisSentinel),
}

impl Store {
    /// Starts the store. One that `forgets` loses its data when it is restarted.
    pub(crate) async fn start(kind: StoreKind, forgets: bool) -> Result<Self, Failure> {
        let servers = spawn_blocking(move || Servers::start(kind, forgets)).await??;
        let (mut urls, mut proxies) = (Vec::new(), Vec::new());
        for _ in 0..INSTANCES {
            match &servers {
                Servers::One(server) => {
                    let proxy = FaultProxy::start(SocketAddr::from((Ipv4Addr::LOCALHOST, server.port()))).await?;
                    let port = |port: u16| format!(":{port}");
                    urls.push(
                        server
                            .url()
                            .replace(&port(server.port()), &port(proxy.address().port())),
                    );
                    proxies.push(proxy);
                }
                Servers::Sentinel(servers) => urls.push(servers.url()),
            }
        }
        let servers = Arc::new(Mutex::new(servers));
        Ok(Self { servers, urls, proxies })
    }

    /// The connection string for an instance.
    pub(crate) fn url(&self, instance: usize) -> &str {
        &self.urls[instance]
    }

    /// The proxy of an instance.
    pub(crate) fn proxy(&self, instance: usize) -> Option<&FaultProxy> {
        self.proxies.get(instance)
    }

    /// Kills the store, or the primary of the sentinels, and starts it again.
    pub(crate) async fn restart(&self) -> Result<(), Failure> {
        let servers = Arc::clone(&self.servers);
        spawn_blocking(move || servers.lock().unwrap_or_else(PoisonError::into_inner).restart()).await?
    }
}

impl Servers {
    fn start(kind: StoreKind, forgets: bool) -> Result<Self, Failure> {
        let server = match kind {
            StoreKind::Redis => Server::Redis,
            StoreKind::Postgres => Server::Postgres,
            StoreKind::Sentinel => return Ok(Self::Sentinel(RedisSentinel::builder().start()?)),
        };
        let builder = StoreServer::builder(server);
        let builder = if forgets { builder.in_memory() } else { builder };
        Ok(Self::One(builder.start()?))
    }

    fn restart(&mut self) -> Result<(), Failure> {
        match self {
            Self::One(server) => {
                server.kill();
                sleep(AWAY);
                server.start();
                Ok(())
            }
            Self::Sentinel(redis) => fail_over(redis),
        }
    }
}

/// Kills the primary. It comes back as a replica.
fn fail_over(redis: &mut RedisSentinel) -> Result<(), Failure> {
    let is_primary = |server: &StoreServer| is(server, "role:master");
    let primary = redis
        .servers()
        .iter()
        .position(is_primary)
        .ok_or("Redis has no primary")?;
    redis.servers_mut()[primary].kill();
    sleep(AWAY_AFTER_FAILOVER);
    redis.servers_mut()[primary].start();
    for _ in 0..POLLS {
        if is(&redis.servers()[primary], "master_link_status:up") {
            return Ok(());
        }
        sleep(POLL_INTERVAL);
    }
    Err("the previous primary has not become a replica".into())
}

fn is(server: &StoreServer, line: &str) -> bool {
    let state = server.command(&["INFO", "replication"]);
    state.is_ok_and(|state| state.contains(line))
}
