//! Errors of the ID token, one for each step of its verification.

use std::time::Duration;

use super::{Diagnose, DiscoveryError, Fault};

/// An ID token that must not be believed, by the step of OIDC Core §3.1.3.7 that refused it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdTokenError {
    /// The keys are missing.
    #[error(transparent)]
    Keys(#[from] DiscoveryError),
    /// Not a signed JWT with the claims an ID token must have.
    #[error("the ID token is malformed; check that `endpoint` is a Logto server")]
    Malformed,
    /// Signed with an algorithm that is not in the provider's metadata and ours.
    #[error("the ID token is signed with an algorithm that is not accepted")]
    Algorithm,
    /// No key of the provider fits.
    #[error("no key of the provider fits the ID token")]
    UnknownKey,
    /// The signature does not verify.
    #[error("the ID token's signature is wrong")]
    Signature,
    /// `iss` is another provider's.
    #[error("the ID token was issued by another provider")]
    Issuer,
    /// `aud` does not name this app, or names others too.
    #[error("the ID token was issued for another app")]
    Audience,
    /// `azp` is another app's.
    #[error("the ID token was issued to another app")]
    AuthorizedParty,
    /// `exp` is past.
    #[error("the ID token has expired; check the clocks, or raise `clock_tolerance`")]
    Expired,
    /// `iat` or `nbf` is in the future.
    #[error("the ID token was issued in the future; check the clocks, or raise `clock_tolerance`")]
    NotYetValid,
    /// `nonce` is not the one sent.
    #[error("the ID token's nonce is not the one that was sent; start again")]
    Nonce,
    /// The user's last authentication is older than `max_age` asked for, or is not stated.
    #[error("the user's authentication is older than `max_age` allows; sign in again")]
    AuthenticationTooOld,
}

impl Diagnose for IdTokenError {
    fn code(&self) -> &'static str {
        match self {
            Self::Keys(error) => error.code(),
            Self::Malformed => "id_token_malformed",
            Self::Algorithm => "id_token_algorithm",
            Self::UnknownKey => "id_token_unknown_key",
            Self::Signature => "id_token_signature",
            Self::Issuer => "id_token_issuer",
            Self::Audience => "id_token_audience",
            Self::AuthorizedParty => "id_token_authorized_party",
            Self::Expired => "id_token_expired",
            Self::NotYetValid => "id_token_not_yet_valid",
            Self::Nonce => "id_token_nonce",
            Self::AuthenticationTooOld => "authentication_too_old",
        }
    }

    fn fault(&self) -> Fault {
        match self {
            Self::Keys(error) => error.fault(),
            Self::Malformed => Fault::Provider,
            Self::AuthenticationTooOld => Fault::User,
            _ => Fault::Mismatch,
        }
    }

    fn is_transient(&self) -> bool {
        matches!(self, Self::Keys(error) if error.is_transient())
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Keys(error) => error.retry_after(),
            _ => None,
        }
    }
}
