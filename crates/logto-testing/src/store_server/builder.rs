//! Options of a store server.

use super::{
    error::StoreServerError,
    kind::StoreKind,
    programs::{Program, RedisSettings},
    server::StoreServer,
    tls::StoreTls,
};

/// Configures a [`StoreServer`]; created by [`StoreServer::builder`].
///
/// ```no_run
/// use logto_testing::{StoreKind, StoreServer};
///
/// # fn main() -> Result<(), logto_testing::StoreServerError> {
/// let redis = StoreServer::builder(StoreKind::Redis).in_memory().start()?;
/// let postgres = StoreServer::builder(StoreKind::Postgres).in_memory().start()?;
/// println!("REDIS_URL={} DATABASE_URL={}", redis.url(), postgres.url());
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "the server is not running until `start` is called"]
pub struct StoreServerBuilder {
    kind: StoreKind,
    redis: RedisSettings,
}

impl StoreServer {
    /// Configures a server before it starts.
    pub fn builder(kind: StoreKind) -> StoreServerBuilder {
        StoreServerBuilder {
            kind,
            redis: RedisSettings::default(),
        }
    }
}

impl StoreServerBuilder {
    /// Turns off Redis's append-only file: the server is faster, and a killed one loses its data.
    ///
    /// No effect on PostgreSQL, which always runs with `fsync=off`: acknowledged writes survive a
    /// killed process, not a crash of the machine.
    pub fn in_memory(mut self) -> Self {
        self.redis.in_memory = true;
        self
    }

    /// Makes Redis encrypt connections; [`StoreServer::url`] then begins with `rediss://`.
    ///
    /// No effect on PostgreSQL.
    pub fn tls(mut self, tls: StoreTls) -> Self {
        self.redis.tls = Some(tls);
        self
    }

    /// Starts the server and waits until it accepts connections.
    ///
    /// # Errors
    ///
    /// If a program is missing, a file cannot be created, or the server does not accept
    /// connections within 30 seconds.
    pub fn start(self) -> Result<StoreServer, StoreServerError> {
        StoreServer::start_new(match self.kind {
            StoreKind::Redis => Program::Redis(self.redis),
            StoreKind::Postgres => Program::Postgres,
        })
    }
}
