//! Errors of the ID token, one for each step of its verification.

use super::{Diagnose, Diagnosis, DiscoveryError, Fault};

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
        }
    }
}
