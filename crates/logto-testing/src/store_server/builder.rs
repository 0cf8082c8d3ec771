//! Options of a store server.

use super::{error::StoreServerError, kind::StoreKind, server::StoreServer};

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
    in_memory: bool,
}

impl StoreServer {
    /// Configures a server before it starts.
    pub fn builder(kind: StoreKind) -> StoreServerBuilder {
        StoreServerBuilder { kind, in_memory: false }
    }
}

impl StoreServerBuilder {
    /// Turns off Redis's append-only file: the server is faster, and a killed one loses its data.
    ///
    /// No effect on PostgreSQL, which always runs with `fsync=off`: acknowledged writes survive a
    /// killed process, not a crash of the machine.
    pub fn in_memory(mut self) -> Self {
        self.in_memory = true;
        self
    }

    /// Starts the server and waits until it accepts connections.
    ///
    /// # Errors
    ///
    /// If a program is missing, a file cannot be created, or the server does not accept
    /// connections within 30 seconds.
    pub fn start(self) -> Result<StoreServer, StoreServerError> {
        StoreServer::start_new(self.kind, self.in_memory)
    }
}
