//! How strongly a user is authenticated.

use serde::{Deserialize, Serialize};

pub(crate) const FIRST_FACTOR: &str = "urn:logto:acr:1fa";
pub(crate) const MFA: &str = "urn:logto:acr:mfa";

/// The factors that the user has proved in a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) enum Authentication {
    #[default]
    Password,
    OneTimeToken,
    SecondFactor,
    /// A second factor after a one-time token.
    SecondFactorAfterToken,
}

impl Authentication {
    /// The claims `acr` and `amr`.
    pub(crate) const fn claims(self) -> (&'static str, &'static [&'static str]) {
        match self {
            Self::Password => (FIRST_FACTOR, &["pwd"]),
            Self::OneTimeToken => (FIRST_FACTOR, &["otp"]),
            Self::SecondFactor => (MFA, &["pwd", "otp", "mfa"]),
            Self::SecondFactorAfterToken => (MFA, &["otp", "mfa"]),
        }
    }

    pub(crate) fn reaches(self, class: &str) -> bool {
        let (reached, _) = self.claims();
        class == FIRST_FACTOR || class == reached
    }

    /// The factors after the user has proved the second one.
    pub(crate) const fn with_second_factor(self) -> Self {
        match self {
            Self::Password | Self::SecondFactor => Self::SecondFactor,
            Self::OneTimeToken | Self::SecondFactorAfterToken => Self::SecondFactorAfterToken,
        }
    }
}
