//! How strongly a user is authenticated.

use serde::{Deserialize, Serialize};

pub(crate) const FIRST_FACTOR: &str = "urn:logto:acr:1fa";
pub(crate) const MFA: &str = "urn:logto:acr:mfa";

/// The factors that the user has proved in a session.
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
