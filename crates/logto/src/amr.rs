//! Authentication methods: how a user has signed in.

use serde::{Deserialize, Serialize};

/// An authentication method (`amr`, RFC 8176), as Logto reports it since 1.46.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
#[non_exhaustive]
pub enum Amr {
    /// `pwd`: a password.
    Password,
    /// `otp`: a code by email, of an authenticator app or a backup code, or a one-time token.
    OneTimePassword,
    /// `sms`: a code by text message.
    Sms,
    /// `pop`: a key, as of a passkey.
    ProofOfPossession,
    /// `user`: the device has verified the user, as for a passkey.
    UserPresence,
    /// `fed`: a social or an enterprise connector.
    Federated,
    /// `mfa`: several factors.
    MultiFactor,
    /// A method that this version does not know.
    Other(String),
}

impl Amr {
    /// Returns the method as it is sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Password => "pwd",
            Self::OneTimePassword => "otp",
            Self::Sms => "sms",
            Self::ProofOfPossession => "pop",
            Self::UserPresence => "user",
            Self::Federated => "fed",
            Self::MultiFactor => "mfa",
            Self::Other(method) => method,
        }
    }
}

impl From<String> for Amr {
    fn from(method: String) -> Self {
        match method.as_str() {
            "pwd" => Self::Password,
            "otp" => Self::OneTimePassword,
            "sms" => Self::Sms,
            "pop" => Self::ProofOfPossession,
            "user" => Self::UserPresence,
            "fed" => Self::Federated,
            "mfa" => Self::MultiFactor,
            _ => Self::Other(method),
        }
    }
}

impl From<Amr> for String {
    fn from(method: Amr) -> Self {
        method.as_str().to_owned()
    }
}
