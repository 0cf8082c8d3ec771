use std::{io, path::PathBuf, process::ExitStatus};

/// A reason to stop, with steps the developer can take where there are any.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("{problem}")]
    Advised { problem: String, advice: Vec<String> },
    #[error("{program} could not be started: {source}")]
    Start { program: String, source: io::Error },
    #[error("{program} failed: {status}")]
    Exit { program: String, status: ExitStatus },
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {problem}", path.display())]
    Format { path: PathBuf, problem: String },
    #[error(transparent)]
    Metadata(#[from] cargo_metadata::Error),
    #[error("the system provides no random numbers: {0}")]
    Random(#[from] getrandom::Error),
}

pub(crate) type Result<T = ()> = std::result::Result<T, Error>;

impl Error {
    /// An error for the developer: what is wrong, and what to do.
    pub(crate) fn advised<S: Into<String>>(problem: impl Into<String>, advice: impl IntoIterator<Item = S>) -> Self {
        Self::Advised {
            problem: problem.into(),
            advice: advice.into_iter().map(Into::into).collect(),
        }
    }

    pub(crate) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, source }
    }

    pub(crate) fn format(path: impl Into<PathBuf>, problem: impl Into<String>) -> Self {
        Self::Format {
            path: path.into(),
            problem: problem.into(),
        }
    }

    /// The error with its first advice.
    pub(crate) fn in_one_line(&self) -> String {
        match self {
            Self::Advised { problem, advice } if !advice.is_empty() => format!("{problem} ({})", advice[0]),
            error => error.to_string(),
        }
    }

    /// Prints the error and its advice to standard error.
    pub(crate) fn print(&self) {
        eprintln!("error: {self}");
        if let Self::Advised { advice, .. } = self {
            for line in advice {
                eprintln!("       {line}");
            }
        }
    }
}
