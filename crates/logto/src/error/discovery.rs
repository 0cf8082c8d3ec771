//! Errors of discovery and of the keys.

use super::{Diagnose, Diagnosis, Fault, RequestError};

/// Discovery, or fetching the keys, failed (OIDC Discovery §4).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// The request failed.
    #[error("discovery: {0}")]
    Request(#[from] RequestError),
    /// The document is of another issuer than the one asked.
    #[error(
        "the provider calls itself {found:?}, and with this `endpoint` it should be {expected:?}; set `endpoint` to the address that \
         Logto itself uses (its variable ENDPOINT), and `internal_endpoint` (LOGTO_INTERNAL_ENDPOINT in the quick start) if this server \
         reaches it at another one"
    )]
    IssuerMismatch {
        /// `endpoint` + `/oidc`.
        expected: String,
        /// The document's issuer, cut off if it is long.
        found: String,
    },
    /// An endpoint is not https, nor on this machine.
    #[error("the discovery document's `{0}` is no https address; serve Logto by https (http is for loopback only)")]
    InsecureEndpoint(&'static str),
    /// An endpoint is not where the issuer is: another host, port or scheme, or with a user name.
    #[error(
        "the discovery document's `{0}` is at another host than the issuer; set `endpoint` to the address that Logto itself uses, and \
         `internal_endpoint` if this server reaches it at another one, or let the proxy before it pass the host on"
    )]
    ForeignEndpoint(&'static str),
    /// None of the signing algorithms is one that is accepted here.
    #[error("the provider signs ID tokens with no accepted algorithm (ES256, ES384, ES512, RS256)")]
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
