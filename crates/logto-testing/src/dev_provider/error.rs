//! Errors at the start of a development provider.

use std::{io, path::PathBuf};

/// The development provider cannot start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DevProviderError {
    /// A file cannot be read or written.
    #[error("{} cannot be read or written: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The file with the users and settings is invalid.
    #[error("{}, line {line}: {problem}", path.display())]
    Invalid {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The problem and its fix.
        problem: String,
    },
    /// The saved state is invalid.
    #[error("{}: {problem}; delete it, which signs everyone out", path.display())]
    State {
        /// The file.
        path: PathBuf,
        /// The problem.
        problem: String,
    },
    /// The port is in use.
    #[error(
        "the development provider cannot listen on port {port} of 127.0.0.1: {source}; another app may use it: end \
         that app, or set another `port` in {}",
        path.display()
    )]
    Port {
        /// The port.
        port: u16,
        /// The file that sets the port.
        path: PathBuf,
        /// The reason.
        source: io::Error,
    },
    /// The operating system refuses a thread or its runtime.
    #[error("the thread of the development provider cannot start: {0}")]
    Thread(io::Error),
}

impl DevProviderError {
    pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        |source| Self::File { path, source }
    }
}

/// A problem of `logto-dev.toml`, and the position of its text.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) at: usize,
    pub(super) text: String,
}
