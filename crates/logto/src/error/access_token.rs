//! Errors of a bearer token.

use std::time::Duration;

use logto_requirements::StepUp;

use super::{Diagnose, Diagnosis, DiscoveryError, Fault, GrantError};

/// A bearer token was rejected (RFC 6750 §3.1).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccessTokenError {
    /// The provider's keys are unavailable, so the token could not be verified.
    #[error(transparent)]
    Keys(#[from] DiscoveryError),
    /// The token is not a JWT access token signed by the provider (RFC 9068 §4).
    #[error("the access token is malformed or not signed by the provider; ask for one with a `resource`")]
    Invalid,
    /// `exp` is in the past.
    #[error("the access token has expired; get a new one")]
    Expired,
    /// `iss` names another provider.
    #[error("the access token was issued by another provider")]
    Issuer,
    /// `aud` names another API.
    #[error("the access token is for another audience; ask for this API's resource indicator")]
    Audience,
    /// The token is for another organization, or for none.
    #[error("the access token is for another organization")]
    Organization,
    /// The token lacks this scope.
    #[error(
        "the access token lacks the scope `{0}`; the user needs that permission in Logto, and `scopes` must name it"
    )]
    InsufficientScope(String),
    /// The user has not proved enough for this: the authentication is too old or too weak
    /// (RFC 9470).
    #[error(
        "the authentication of the token's user is too old or too weak; send the user to a sign-in with this proof"
    )]
    InsufficientAuthentication(StepUp),
    /// A personal access token could not be exchanged, and the token itself is not the reason.
    #[error("the personal access token could not be exchanged: {0}")]
    Exchange(GrantError),
    /// Too many personal access tokens were rejected within a minute, so unknown ones are not sent
    /// to the provider at present.
    #[error("too many personal access tokens were rejected; try again later")]
    TooManyExchanges {
        /// How long to wait.
        retry_after: Duration,
    },
}

impl Diagnose for AccessTokenError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Keys(error) => error.diagnosis(),
            Self::InsufficientScope(_) => Diagnosis::new("insufficient_scope", Fault::User),
            Self::InsufficientAuthentication(_) => Diagnosis::new("insufficient_user_authentication", Fault::User),
            Self::Exchange(error) => error.diagnosis(),
            Self::TooManyExchanges { retry_after } => {
                Diagnosis::transient("too_many_exchanges", Fault::User).with_retry_after(Some(*retry_after))
            }
            _ => Diagnosis::new("invalid_token", Fault::User),
        }
    }
}
