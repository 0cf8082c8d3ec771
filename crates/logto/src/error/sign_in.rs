//! Errors of sign-in and its callback.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault, IdTokenError, OAuthError, TokenError};

/// A sign-in could not be started.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// The provider's metadata is unavailable.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// The random source failed.
    #[error(transparent)]
    NoRandomness(#[from] crate::clock::NoRandomness),
    /// The redirect URI is not an absolute http(s) address.
    #[error("the redirect URI is not an absolute http(s) address without fragment; check `base_url`")]
    InvalidRedirectUri,
    /// An extra parameter belongs to the protocol.
    #[error(
        "the extra parameter `{0}` belongs to the protocol; use the method of `SignInOptions` for it, if there is one"
    )]
    ReservedParameter(String),
}

impl Diagnose for SignInError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Discovery(error) => error.diagnosis(),
            Self::NoRandomness(_) => Diagnosis::new("no_randomness", Fault::Configuration),
            Self::InvalidRedirectUri => Diagnosis::new("invalid_redirect_uri", Fault::Configuration),
            Self::ReservedParameter(_) => Diagnosis::new("reserved_parameter", Fault::Configuration),
        }
    }
}

/// The callback was rejected, or the code exchange failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CallbackError {
    /// The address of the callback is not the redirect URI of the sign-in.
    #[error(
        "the callback did not arrive at the redirect URI of the sign-in; check `base_url` and the proxy in front of the app"
    )]
    RedirectUriMismatch,
    /// The transaction has expired.
    #[error("the sign-in took too long; start again")]
    TransactionExpired,
    /// The transaction was started for another provider or app.
    #[error("the sign-in was started for another provider or app; start again")]
    TransactionMismatch,
    /// `state` is missing or wrong (RFC 6749 §10.12), or a parameter is repeated.
    #[error("the callback's `state` is not that of the sign-in; start again")]
    StateMismatch,
    /// `iss` is missing or names another provider (RFC 9207 §2.4).
    #[error("the callback's `iss` is not the configured provider; start again")]
    IssuerMismatch,
    /// The provider returned an error (RFC 6749 §4.1.2.1).
    #[error("the provider refused the sign-in ({}): {}", .0.code(), .0.advice())]
    Refused(OAuthError),
    /// The callback has neither `code` nor `error`.
    #[error("the callback has neither an authorization code nor an error; start again")]
    MissingCode,
    /// The code exchange failed.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The token response has no ID token.
    #[error("the provider sent no ID token; keep the scope `openid`")]
    MissingIdToken,
    /// The ID token is invalid.
    #[error(transparent)]
    IdToken(#[from] IdTokenError),
}

impl Diagnose for CallbackError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::RedirectUriMismatch => Diagnosis::new("redirect_uri_mismatch", Fault::Configuration),
            Self::TransactionExpired => Diagnosis::new("transaction_expired", Fault::User),
            Self::TransactionMismatch => Diagnosis::new("transaction_mismatch", Fault::Mismatch),
            Self::StateMismatch => Diagnosis::new("state_mismatch", Fault::Mismatch),
            Self::IssuerMismatch => Diagnosis::new("issuer_mismatch", Fault::Mismatch),
            Self::Refused(error) => error.diagnosis(),
            Self::MissingCode => Diagnosis::new("missing_code", Fault::Provider),
            Self::Token(error) => error.diagnosis(),
            Self::MissingIdToken => Diagnosis::new("missing_id_token", Fault::Provider),
            Self::IdToken(error) => error.diagnosis(),
        }
    }
}
