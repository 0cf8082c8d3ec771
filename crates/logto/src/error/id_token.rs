//! Errors of ID tokens, one for each step of the verification.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault};

/// An ID token was rejected. The variants are the steps of OIDC Core §3.1.3.7.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IdTokenError {
    /// The provider's keys are unavailable.
    #[error(transparent)]
    Keys(#[from] DiscoveryError),
    /// The token is not a signed JWT with the required claims.
    #[error("the ID token is malformed; check that `endpoint` is a Logto server")]
    Malformed,
    /// The algorithm is not accepted, or not in the provider's metadata.
    #[error("the ID token is signed with an algorithm that is not accepted")]
    Algorithm,
    /// No key of the provider matches.
    #[error("no key of the provider matches the ID token")]
    UnknownKey,
    /// The signature is invalid.
    #[error("the ID token's signature is invalid")]
    Signature,
    /// `iss` names another provider.
    #[error("the ID token was issued by another provider")]
    Issuer,
    /// `aud` does not name this app, or also names others.
    #[error("the ID token was issued for another app")]
    Audience,
    /// `azp` names another app.
    #[error("the ID token was issued to another app")]
    AuthorizedParty,
    /// `exp` is in the past.
    #[error("the ID token has expired; check the clocks, or raise `clock_tolerance`")]
    Expired,
    /// `iat` or `nbf` is in the future.
    #[error("the ID token was issued in the future; check the clocks, or raise `clock_tolerance`")]
    NotYetValid,
    /// `nonce` is not that of the sign-in.
    #[error("the ID token's nonce is not that of this sign-in; start again")]
    Nonce,
    /// The last authentication is older than `max_age`, or `auth_time` is missing.
    #[error("the user's authentication is older than `max_age` allows; sign in again")]
    AuthenticationTooOld,
    /// The authentication has not reached a class of `acr_values`, or `acr` is missing.
    #[error(
        "the user's authentication is weaker than `acr_values` demands; let the user set up a second factor, and use \
         Logto 1.46 or newer"
    )]
    AuthenticationTooWeak,
}

impl Diagnose for IdTokenError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Keys(error) => error.diagnosis(),
            Self::Malformed => Diagnosis::new("id_token_malformed", Fault::Provider),
            Self::Algorithm => Diagnosis::new("id_token_algorithm", Fault::Mismatch),
            Self::UnknownKey => Diagnosis::new("id_token_unknown_key", Fault::Mismatch),
            Self::Signature => Diagnosis::new("id_token_signature", Fault::Mismatch),
            Self::Issuer => Diagnosis::new("id_token_issuer", Fault::Mismatch),
            Self::Audience => Diagnosis::new("id_token_audience", Fault::Mismatch),
            Self::AuthorizedParty => Diagnosis::new("id_token_authorized_party", Fault::Mismatch),
            Self::Expired => Diagnosis::new("id_token_expired", Fault::Mismatch),
            Self::NotYetValid => Diagnosis::new("id_token_not_yet_valid", Fault::Mismatch),
            Self::Nonce => Diagnosis::new("id_token_nonce", Fault::Mismatch),
            Self::AuthenticationTooOld => Diagnosis::new("authentication_too_old", Fault::User),
            Self::AuthenticationTooWeak => Diagnosis::new("authentication_too_weak", Fault::User),
        }
    }
}
