//! Errors of fetching the provider's metadata and keys.

use super::{Diagnose, Diagnosis, Fault, RequestError};

/// Fetching the metadata or the keys failed (OIDC Discovery §4).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// The request failed.
    #[error("discovery: {0}")]
    Request(#[from] RequestError),
    /// The issuer in the document is not the configured one.
    #[error(
        "the provider's issuer is {found:?}, but this `endpoint` requires {expected:?}; set `endpoint` to the address that \
         Logto itself uses (its variable ENDPOINT), and `internal_endpoint` (LOGTO_INTERNAL_ENDPOINT in the quick start) if this server \
         reaches it at another one"
    )]
    IssuerMismatch {
        /// `endpoint` + `/oidc`.
        expected: String,
        /// The issuer in the document, truncated if it is long.
        found: String,
    },
    /// An endpoint is neither https nor on this machine.
    #[error(
        "the discovery document's `{0}` is not an https address; serve Logto over https (http is allowed on loopback only)"
    )]
    InsecureEndpoint(&'static str),
    /// An endpoint is not at the origin of the issuer, or contains a user name.
    #[error(
        "the discovery document's `{0}` is not at the issuer's host; set `endpoint` to the address that Logto itself uses, and \
         `internal_endpoint` if this server reaches it at another one, or let the proxy before it pass the host on"
    )]
    ForeignEndpoint(&'static str),
    /// The provider supports none of the accepted signing algorithms.
    #[error("the provider signs ID tokens with none of the accepted algorithms (ES256, ES384, ES512, RS256)")]
    NoAcceptedAlgorithm,
}

impl Diagnose for DiscoveryError {
    fn diagnosis(&self) -> Diagnosis {
        match self {
            Self::Request(error) => error.diagnosis(),
            Self::IssuerMismatch { .. } => Diagnosis::new("discovery_issuer_mismatch", Fault::Provider),
            Self::InsecureEndpoint(_) => Diagnosis::new("discovery_insecure_endpoint", Fault::Provider),
            Self::ForeignEndpoint(_) => Diagnosis::new("discovery_foreign_endpoint", Fault::Provider),
            Self::NoAcceptedAlgorithm => Diagnosis::new("discovery_no_accepted_algorithm", Fault::Provider),
        }
    }
}
