//! Errors of logout tokens, one for each step of the validation.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault};

/// A logout token was rejected. The variants are the steps of OIDC Back-Channel Logout 1.0 §2.6.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogoutTokenError {
    /// The provider's keys are unavailable, so the token could not be verified.
    #[error(transparent)]
    Keys(#[from] DiscoveryError),
    /// The token is not a signed JWT with `iss`, `aud`, `iat` and `exp`.
    #[error("the logout token is malformed")]
    Malformed,
    /// `typ` in the header is not `logout+jwt`.
    #[error("the type of the token is not `logout+jwt`")]
    Type,
    /// The algorithm is not accepted, or not in the provider's metadata.
    #[error("the logout token is signed with an algorithm that is not accepted")]
    Algorithm,
    /// No key of the provider matches.
    #[error("no key of the provider matches the logout token")]
    UnknownKey,
    /// The signature is invalid.
    #[error("the logout token's signature is invalid")]
    Signature,
    /// `iss` names another provider.
    #[error("the logout token was issued by another provider; set `endpoint` to the Logto server that sends it")]
    Issuer,
    /// `aud` does not name this app, or also names others.
    #[error("the logout token was issued for another app; check the back-channel logout URI in the Logto console")]
    Audience,
    /// `exp` is in the past.
    #[error("the logout token has expired; check the clocks, or raise `clock_tolerance`")]
    Expired,
    /// `iat` or `nbf` is in the future.
    #[error("the logout token was issued in the future; check the clocks, or raise `clock_tolerance`")]
    NotYetValid,
    /// `events` does not contain the logout event as an object.
    #[error("the token has no logout event")]
    Event,
    /// `nonce` is present, so the token may be an ID token.
    #[error("the logout token has a `nonce`, which is not allowed")]
    Nonce,
    /// `jti` is missing.
    #[error("the logout token has no `jti`, so its reuse could not be detected")]
    TokenId,
    /// `sub` and `sid` are both missing.
    #[error("the logout token names neither a user nor a session")]
    NoSubject,
}

impl Diagnose for LogoutTokenError {
    fn diagnosis(&self) -> Diagnosis {
        let code = match self {
            Self::Keys(error) => return error.diagnosis(),
            Self::Malformed => "logout_token_malformed",
            Self::Type => "logout_token_type",
            Self::Algorithm => "logout_token_algorithm",
            Self::UnknownKey => "logout_token_unknown_key",
            Self::Signature => "logout_token_signature",
            Self::Issuer => "logout_token_issuer",
            Self::Audience => "logout_token_audience",
            Self::Expired => "logout_token_expired",
            Self::NotYetValid => "logout_token_not_yet_valid",
            Self::Event => "logout_token_event",
            Self::Nonce => "logout_token_nonce",
            Self::TokenId => "logout_token_id_missing",
            Self::NoSubject => "logout_token_no_subject",
        };
        Diagnosis::new(code, Fault::Mismatch)
    }
}
