//! The facts that every error reports: a stable code, who has to act, and whether a retry may help.

use std::time::Duration;

/// The party that has to act on an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The developer or operator: the configuration or the calling code is wrong.
    Configuration,
    /// The provider: it broke the protocol or is unavailable.
    Provider,
    /// The user: they cancelled, took too long or lack a permission.
    User,
    /// Possibly an attacker: the response does not match the request.
    Mismatch,
}

/// The facts about one error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    code: &'static str,
    fault: Fault,
    is_transient: bool,
    retry_after: Option<Duration>,
}

impl Diagnosis {
    /// Creates the diagnosis of a permanent error.
    #[must_use]
    pub const fn new(code: &'static str, fault: Fault) -> Self {
        Self {
            code,
            fault,
            is_transient: false,
            retry_after: None,
        }
    }

    /// Creates the diagnosis of a transient error.
    #[must_use]
    pub const fn transient(code: &'static str, fault: Fault) -> Self {
        Self {
            is_transient: true,
            ..Self::new(code, fault)
        }
    }

    /// Sets how long to wait before a retry.
    #[must_use]
    pub const fn with_retry_after(mut self, delay: Option<Duration>) -> Self {
        self.retry_after = delay;
        self
    }
}

/// An error with a stable code that says who has to act on it and whether a retry may help.
///
/// ```
/// use logto::{Diagnose, Fault, RequestError};
///
/// let error = RequestError::TimedOut;
/// assert_eq!(error.code(), "provider_timed_out");
/// assert_eq!(error.fault(), Fault::Provider);
/// assert!(error.is_transient());
/// ```
pub trait Diagnose: std::error::Error {
    /// All facts about the error. An error that wraps another error returns the facts of that
    /// error.
    fn diagnosis(&self) -> Diagnosis;

    /// A stable code in `snake_case`, which may be shown to users.
    fn code(&self) -> &'static str {
        self.diagnosis().code
    }

    /// The party responsible for the error.
    fn fault(&self) -> Fault {
        self.diagnosis().fault
    }

    /// Whether the same call may succeed later without any change. A transient error never ends a
    /// session.
    fn is_transient(&self) -> bool {
        self.diagnosis().is_transient
    }

    /// How long to wait before a retry, if the provider said so (`Retry-After`).
    fn retry_after(&self) -> Option<Duration> {
        self.diagnosis().retry_after
    }
}
