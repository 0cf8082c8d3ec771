//! A primary and a replica of Redis, and the sentinels that watch them.

use super::{
    error::{StoreServerError, io},
    programs::{PRIMARY_NAME, Program, RedisSettings, SentinelSettings},
    server::StoreServer,
    tls::StoreTls,
    wait::until_ready,
};

/// Number of sentinels. Two of them have to agree that the primary is down.
const SENTINELS: usize = 3;

/// A Redis primary, a replica, and three sentinels, on unused ports of 127.0.0.1.
///
/// A primary that is down for a second is replaced by the replica. Dropping this value kills the
/// servers and removes their data.
///
/// ```no_run
/// # fn main() -> Result<(), logto_testing::StoreServerError> {
/// use logto_testing::RedisSentinel;
///
/// let mut redis = RedisSentinel::builder().start()?;
/// let url = redis.url(); // redis-sentinel://127.0.0.1:49152,…/mymaster
/// redis.servers_mut()[0].kill();
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "the servers are killed when this value is dropped"]
pub struct RedisSentinel {
    servers: Vec<StoreServer>,
    sentinels: Vec<StoreServer>,
    has_tls: bool,
}

/// Configures a [`RedisSentinel`].
#[derive(Clone, Debug, Default)]
#[must_use = "the servers are not running until `start` is called"]
pub struct RedisSentinelBuilder {
    redis: RedisSettings,
}

impl RedisSentinelBuilder {
    /// Turns off the append-only files: the servers are faster, and a killed one loses its data.
    pub fn in_memory(mut self) -> Self {
        self.redis.in_memory = true;
        self
    }

    /// Encrypts connections, also those between the servers.
    pub fn tls(mut self, tls: StoreTls) -> Self {
        self.redis.tls = Some(tls);
        self
    }

    /// Starts the servers and waits until the sentinels know the replica and each other.
    ///
    /// # Errors
    ///
    /// If a program is missing, a server does not accept connections, or they do not find each
    /// other within 30 seconds.
    pub fn start(mut self) -> Result<RedisSentinel, StoreServerError> {
        let setting = |name: &str, value: String| [name.to_owned(), value];
        self.redis.further = vec![setting("repl-diskless-sync-delay", "0".to_owned())];
        let primary = StoreServer::start_new(Program::Redis(self.redis.clone()))?;
        let port = primary.port();
        self.redis
            .further
            .push(setting("replicaof", format!("127.0.0.1 {port}")));
        let replica = StoreServer::start_new(Program::Redis(self.redis.clone()))?;
        until_ready("the primary and its replica", || {
            let state = primary
                .command(&["INFO", "replication"])
                .map_err(|error| error.to_string())?;
            // Until then the primary only collects what it has to send.
            if state.contains("state=online") {
                Ok(())
            } else {
                Err(state)
            }
        })?;
        let settings = SentinelSettings {
            primary: port,
            tls: self.redis.tls.clone(),
        };
        let sentinel = |_| StoreServer::start_new(Program::Sentinel(settings.clone()));
        let redis = RedisSentinel {
            servers: vec![primary, replica],
            sentinels: (0..SENTINELS).map(sentinel).collect::<Result<_, _>>()?,
            has_tls: self.redis.tls.is_some(),
        };
        until_ready("the sentinels", || redis.is_complete())?;
        Ok(redis)
    }
}

impl RedisSentinel {
    /// Configures the servers before they start.
    pub fn builder() -> RedisSentinelBuilder {
        RedisSentinelBuilder::default()
    }

    /// The connection string. It names all sentinels.
    pub fn url(&self) -> String {
        let scheme = if self.has_tls {
            "rediss-sentinel"
        } else {
            "redis-sentinel"
        };
        let hosts: Vec<_> = self
            .sentinels
            .iter()
            .map(|sentinel| format!("127.0.0.1:{}", sentinel.port()))
            .collect();
        format!("{scheme}://{}/{PRIMARY_NAME}", hosts.join(","))
    }

    /// The servers: first the one that was the primary at the start, then its replica.
    pub fn servers(&self) -> &[StoreServer] {
        &self.servers
    }

    /// The servers, to kill or restart one.
    pub fn servers_mut(&mut self) -> &mut [StoreServer] {
        &mut self.servers
    }

    /// The sentinels.
    pub fn sentinels(&self) -> &[StoreServer] {
        &self.sentinels
    }

    /// The sentinels, to kill or restart one.
    pub fn sentinels_mut(&mut self) -> &mut [StoreServer] {
        &mut self.sentinels
    }

    /// Makes a sentinel replace the primary, as an operator does before maintenance.
    ///
    /// # Errors
    ///
    /// If the sentinel is not reachable or refuses, such as during another failover.
    pub fn fail_over(&self) -> Result<(), StoreServerError> {
        let answer = self.sentinels[0].command(&["SENTINEL", "FAILOVER", PRIMARY_NAME]);
        answer.map(drop).map_err(io("replacing the primary"))
    }

    fn is_complete(&self) -> Result<(), String> {
        self.sentinels.iter().try_for_each(|sentinel| {
            let ask = |subcommand| {
                let answer = sentinel.command(&["SENTINEL", subcommand, PRIMARY_NAME]);
                answer.map_err(|error| error.to_string())
            };
            let state = ask("MASTER")?;
            ask("CKQUORUM")?;
            let others = format!("num-other-sentinels\n{}", SENTINELS - 1);
            // A replica counts once the sentinel has seen its state.
            let replicas = ask("REPLICAS")?;
            let is_ready = state.contains("num-slaves\n1\n")
                && state.contains(&others)
                && replicas.contains("master-link-status\nok");
            if is_ready {
                Ok(())
            } else {
                Err(format!("{state}\n{replicas}"))
            }
        })
    }
}
