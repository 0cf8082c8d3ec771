//! Errors of the Management API, told apart by Logto's `code` and the status.

use std::fmt;

use serde_json::Value;

use super::{Diagnose, Diagnosis, Fault, GrantError, RequestError};

/// A call of the Management API failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ManagementError {
    /// No token for the API could be obtained.
    #[error(transparent)]
    Token(#[from] GrantError),
    /// The request failed. 429 and 5xx are [`RequestError::Unavailable`].
    #[error("Management API: {0}")]
    Request(#[from] RequestError),
    /// A part of the path is empty, `.` or `..`. No request was sent, because it would be another
    /// call.
    #[error("a part of the path of a Management API call is empty or a dot segment; check the ids before the call")]
    InvalidPath,
    /// The body of the request cannot be written as JSON. No request was sent.
    #[error("the body of a Management API call cannot be written as JSON; check its type")]
    InvalidBody,
    /// The list has more pages than allowed.
    #[error("the list has more than {0} pages; filter it, or raise the limit with `with_max_pages`")]
    TooManyPages(u32),
    /// Logto refused the call.
    #[error("Logto refused a Management API call: {0}")]
    Refused(#[from] ManagementRefusal),
}

/// A refusal by the Management API: `{code, message, data}`.
///
/// `Debug` and `Display` print the status and the code only, because the rest may hold personal data.
#[derive(Clone, PartialEq, Eq)]
pub struct ManagementRefusal {
    status: u16,
    code: Option<Box<str>>,
    message: Option<Box<str>>,
    data: Option<Box<Value>>,
}

/// The kinds of refusals by the Management API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ManagementErrorKind {
    /// The token was rejected, even a new one (401): it is for another resource.
    Unauthorized,
    /// The app may not use the API (403).
    Forbidden,
    /// There is no such entity (404).
    NotFound,
    /// There is one already, such as a pending invitation (`entity.unique_integrity_violation`).
    Conflict,
    /// The values are not acceptable (400, 409, 422).
    Invalid,
    /// The tenant has no connector for it, such as one for email (501).
    ConnectorMissing,
    /// Another refusal.
    Other,
}

impl ManagementRefusal {
    pub(crate) fn new(status: u16, code: Option<String>, message: Option<String>, data: Option<Value>) -> Self {
        Self {
            status,
            code: code.map(Into::into),
            message: message.map(Into::into),
            data: data.map(Into::into),
        }
    }

    /// The HTTP status.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.status
    }

    /// Logto's code, such as `entity.unique_integrity_violation`. `None` if the response has none.
    #[must_use]
    pub fn logto_code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// Logto's text, in the language of the request. For developers only: branch on
    /// [`kind`](Self::kind) and [`logto_code`](Self::logto_code).
    #[must_use]
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// Details.
    #[must_use]
    pub fn data(&self) -> Option<&Value> {
        self.data.as_deref()
    }

    /// The kind of the refusal.
    #[must_use]
    pub fn kind(&self) -> ManagementErrorKind {
        use ManagementErrorKind as Kind;
        match (self.logto_code(), self.status) {
            (Some("entity.unique_integrity_violation"), _) => Kind::Conflict,
            (_, 401) => Kind::Unauthorized,
            (_, 403) => Kind::Forbidden,
            (_, 404) => Kind::NotFound,
            (_, 400 | 409 | 422) => Kind::Invalid,
            (_, 501) => Kind::ConnectorMissing,
            _ => Kind::Other,
        }
    }
}

impl ManagementError {
    /// The kind of the refusal. `None` if Logto has not refused the call.
    #[must_use]
    pub fn kind(&self) -> Option<ManagementErrorKind> {
        match self {
            Self::Refused(refusal) => Some(refusal.kind()),
            _ => None,
        }
    }
}

impl fmt::Display for ManagementRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = match self.kind() {
            ManagementErrorKind::Unauthorized => "set the API's resource with `with_resource`",
            ManagementErrorKind::Forbidden => {
                "give the machine-to-machine app the role \"Logto Management API access\""
            }
            ManagementErrorKind::NotFound => "there is no such entity",
            ManagementErrorKind::Conflict => "there is one already",
            ManagementErrorKind::Invalid => "check the values",
            ManagementErrorKind::ConnectorMissing => "add the connector in the Logto console",
            ManagementErrorKind::Other => "see Logto's log",
        };
        let code = self.logto_code().unwrap_or("no code");
        write!(f, "{advice} ({code}, HTTP {})", self.status)
    }
}

impl fmt::Debug for ManagementRefusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ManagementRefusal")
            .field("status", &self.status)
            .field("code", &self.code)
            .finish_non_exhaustive()
    }
}

impl std::error::Error for ManagementRefusal {}

impl Diagnose for ManagementRefusal {
    fn diagnosis(&self) -> Diagnosis {
        match self.kind() {
            ManagementErrorKind::Unauthorized => Diagnosis::new("management_unauthorized", Fault::Configuration),
            ManagementErrorKind::Forbidden => Diagnosis::new("management_forbidden", Fault::Configuration),
            ManagementErrorKind::NotFound => Diagnosis::new("management_not_found", Fault::User),
            ManagementErrorKind::Conflict => Diagnosis::new("management_conflict", Fault::User),
            ManagementErrorKind::Invalid => Diagnosis::new("management_values_rejected", Fault::User),
            ManagementErrorKind::ConnectorMissing => {
                Diagnosis::new("management_connector_missing", Fault::Configuration)
            }
            ManagementErrorKind::Other => Diagnosis::new("management_refused", Fault::Provider),
        }
    }
}

impl Diagnose for ManagementError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Token(error) => error.diagnosis(),
            Self::Request(error) => error.diagnosis(),
            Self::InvalidPath => Diagnosis::new("management_path_invalid", Fault::Configuration),
            Self::InvalidBody => Diagnosis::new("management_body_invalid", Fault::Configuration),
            Self::TooManyPages(_) => Diagnosis::new("management_too_many_pages", Fault::Configuration),
            Self::Refused(refusal) => refusal.diagnosis(),
        }
    }
}
