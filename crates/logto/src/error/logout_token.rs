//! Errors of the logout token, one for each step of its validation.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault};

/// A logout token that must not be acted on, by the step of OIDC Back-Channel Logout 1.0 §2.6 that
/// refused it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogoutTokenError {
    /// The keys are missing: nothing can be said about the token.
    #[error(transparent)]
    Keys(#[from] DiscoveryError),
    /// Not a signed JWT with `iss`, `aud`, `iat` and `exp`.
    #[error("the logout token is malformed")]
    Malformed,
    /// The header's `typ` is another one's.
    #[error("the token is of another type than `logout+jwt`")]
    Type,
    /// Signed with an algorithm that is not in the provider's metadata and ours.
    #[error("the logout token is signed with an algorithm that is not accepted")]
    Algorithm,
    /// No key of the provider fits.
    #[error("no key of the provider fits the logout token")]
    UnknownKey,
    /// The signature does not verify.
    #[error("the logout token's signature is wrong")]
    Signature,
    /// `iss` is another provider's.
    #[error("the logout token was issued by another provider; `endpoint` must be the one that sends it")]
    Issuer,
    /// `aud` does not name this app, or names others too.
    #[error("the logout token was issued for another app; check the back-channel logout URI in the Logto console")]
    Audience,
    /// `exp` is past.
    #[error("the logout token has expired; check the clocks, or raise `clock_tolerance`")]
    Expired,
    /// `iat` or `nbf` is in the future.
    #[error("the logout token was issued in the future; check the clocks, or raise `clock_tolerance`")]
    NotYetValid,
    /// `events` does not have the logout event, or that is no object.
    #[error("the token says nothing about a logout")]
    Event,
    /// There is a `nonce`: it may be an ID token.
    #[error("the logout token has a nonce, which it must not have")]
    Nonce,
    /// There is no `jti`.
    #[error("the logout token has no `jti`, so that it could be used twice")]
    TokenId,
    /// There is neither `sub` nor `sid`.
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
