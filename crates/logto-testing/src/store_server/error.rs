//! The reason why a store server did not start.

use std::io;

use thiserror::Error;

use super::kind::StoreKind;

/// A store server did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreServerError {
    /// A program is not installed on this machine.
    #[error("{program} is missing. Debian, Ubuntu: apt-get install {debian}. macOS: brew install {homebrew}.")]
    ProgramMissing {
        /// The program, such as `redis-server`.
        program: &'static str,
        /// The Debian package that contains it.
        debian: &'static str,
        /// The Homebrew formula that contains it.
        homebrew: &'static str,
    },
    /// This process is root, and the user that PostgreSQL should run as does not exist.
    #[error("PostgreSQL refuses to run as root, and there is no user postgres. Create it, or run as another user.")]
    UserMissing,
    /// PostgreSQL's `initdb` failed.
    #[error("initdb failed: {0}")]
    InitDb(String),
    /// The server did not accept connections within 30 seconds.
    #[error("{kind} does not accept connections after 30 seconds. Its output: {output}")]
    NotListening {
        /// The kind of server.
        kind: StoreKind,
        /// The server's standard output and standard error.
        output: String,
    },
    /// The servers of a cluster, or of a primary with sentinels, did not find each other within 30
    /// seconds.
    #[error("{servers} are not ready after 30 seconds: {reason}")]
    NotReady {
        /// The servers, such as "the nodes of the cluster".
        servers: &'static str,
        /// The last answer of one of them.
        reason: String,
    },
    /// The operating system refused an operation.
    #[error("{action} failed: {source}")]
    Io {
        /// The operation that failed, such as "starting the server".
        action: &'static str,
        /// The error of the operating system.
        source: io::Error,
    },
}

/// For `map_err`: wraps an I/O error with the operation that failed.
pub(super) fn io(action: &'static str) -> impl FnOnce(io::Error) -> StoreServerError {
    move |source| StoreServerError::Io { action, source }
}
