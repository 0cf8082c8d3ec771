//! The session of a browser, and its end.

use serde::{Deserialize, Serialize};

use crate::endpoints::authorize::step_up::{FIRST_FACTOR, MFA};

#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct BrowserSession {
    pub(crate) sid: String,
    pub(crate) user_id: String,
    pub(crate) authenticated_at: u64,
    #[serde(default)]
    pub(crate) authentication: Authentication,
}

/// What the user has proved in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Authentication {
    #[default]
    Password,
    SecondFactor,
}

impl Authentication {
    /// The claims `acr` and `amr`.
    pub(crate) const fn claims(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Password => (FIRST_FACTOR, &["pwd"]),
            Self::SecondFactor => (MFA, &["pwd", "otp", "mfa"]),
        }
    }

    pub(crate) fn reaches(self, class: &str) -> bool {
        class == FIRST_FACTOR || (class == MFA && self == Self::SecondFactor)
    }
}

#[derive(Clone, Debug)]
pub(crate) struct PendingLogout {
    pub(crate) xsrf: String,
    /// The client's URI, with the parameter `state` if the request had one.
    pub(crate) return_to: Option<String>,
}
