//! What is fixed while the provider runs.

use serde_json::{Map, Value};

use crate::user::Organization;

/// Lifetimes in seconds; the default is Logto's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetimes {
    /// ID token: 1 hour.
    pub id_token: u64,
    /// Access token, opaque or not: 1 hour.
    pub access_token: u64,
    /// Refresh token: 14 days.
    pub refresh_token: u64,
    /// The grant itself, which ends whatever the refresh token's lifetime: 180 days.
    pub grant: u64,
    /// Authorization code: 1 minute.
    pub authorization_code: u64,
    /// Back-channel logout token: 2 minutes.
    pub logout_token: u64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            id_token: 3600,
            access_token: 3600,
            refresh_token: 14 * 86_400,
            grant: 180 * 86_400,
            authorization_code: 60,
            logout_token: 120,
        }
    }
}

/// When a refresh gives another refresh token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RotationRule {
    /// Once 70 % of the token's lifetime have passed: a Traditional web app.
    #[default]
    Traditional,
    /// At every use: a public client.
    EveryUse,
    /// Never: the application's rotation is switched off.
    Never,
}

/// What the provider signs with: any of the algorithms that a Logto tenant may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SigningAlgorithm {
    /// ECDSA on P-256.
    Es256,
    /// ECDSA on P-384, what a new Logto tenant has.
    #[default]
    Es384,
    /// ECDSA on P-521.
    Es512,
    /// RSA PKCS #1 v1.5 with 2048 bits.
    Rs256,
}

impl SigningAlgorithm {
    /// Every algorithm.
    pub const ALL: [Self; 4] = [Self::Es256, Self::Es384, Self::Es512, Self::Rs256];

    /// The name in the `alg` header, RFC 7518 §3.1.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Es512 => "ES512",
            Self::Rs256 => "RS256",
        }
    }
}

#[derive(Debug)]
pub(crate) struct Config {
    pub(crate) app_id: String,
    /// `None` for a public client.
    pub(crate) app_secret: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) post_logout_redirect_uris: Vec<String>,
    pub(crate) resources: Vec<String>,
    pub(crate) organizations: Vec<Organization>,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) rotation: RotationRule,
    pub(crate) algorithm: SigningAlgorithm,
    pub(crate) always_issue_refresh_token: bool,
    /// Whether ID tokens carry `sid`.
    pub(crate) backchannel_session_required: bool,
    /// Claims that the tenant has taken out of ID tokens.
    pub(crate) left_out_of_id_tokens: Vec<String>,
    /// Laid over the discovery document; `null` removes a field.
    pub(crate) metadata: Map<String, Value>,
    /// The address that users see, if it is not the one it listens at.
    pub(crate) public_endpoint: Option<String>,
}
