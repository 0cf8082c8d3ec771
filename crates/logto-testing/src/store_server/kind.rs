//! The supported servers.

use std::fmt;

/// The server that a [`StoreServer`](crate::StoreServer) runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StoreKind {
    /// Redis, or its fork Valkey.
    Redis,
    /// PostgreSQL.
    Postgres,
}

impl fmt::Display for StoreKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Redis => "Redis",
            Self::Postgres => "PostgreSQL",
        })
    }
}
