//! The endpoints of an OpenID provider.

/// An endpoint of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Endpoint {
    /// The discovery document, OpenID Connect Discovery 1.0 §4.
    Discovery,
    /// The key set, RFC 7517 §5.
    Jwks,
    /// The authorization endpoint, RFC 6749 §3.1.
    Authorization,
    /// The token endpoint, RFC 6749 §3.2.
    Token,
    /// The userinfo endpoint, OpenID Connect Core 1.0 §5.3.
    UserInfo,
    /// The revocation endpoint, RFC 7009 §2.
    Revocation,
    /// The end-session endpoint, OpenID Connect RP-Initiated Logout 1.0 §2.
    EndSession,
    /// Logto's Management API: users, organizations, invitations, subject tokens, one-time tokens and
    /// webhooks below [`path`](Self::path).
    Management,
    /// Logto's Account API, with its verification records: all paths below
    /// [`path`](Self::path).
    Account,
}

impl Endpoint {
    /// Every endpoint.
    pub const ALL: [Self; 9] = [
        Self::Discovery,
        Self::Jwks,
        Self::Authorization,
        Self::Token,
        Self::UserInfo,
        Self::Revocation,
        Self::EndSession,
        Self::Management,
        Self::Account,
    ];

    /// The path, relative to [`TestProvider::endpoint`](crate::TestProvider::endpoint).
    pub const fn path(self) -> &'static str {
        match self {
            Self::Discovery => "/oidc/.well-known/openid-configuration",
            Self::Jwks => "/oidc/jwks",
            Self::Authorization => "/oidc/auth",
            Self::Token => "/oidc/token",
            Self::UserInfo => "/oidc/me",
            Self::Revocation => "/oidc/token/revocation",
            Self::EndSession => "/oidc/session/end",
            Self::Management | Self::Account => "/api",
        }
    }

    pub(crate) fn at(path: &str) -> Option<Self> {
        let is_at = |endpoint: &Self| match endpoint {
            Self::Management => is_management(path),
            Self::Account => path.starts_with("/api/"),
            endpoint => endpoint.path() == path,
        };
        Self::ALL.into_iter().find(is_at)
    }
}

fn is_management(path: &str) -> bool {
    let below = path.strip_prefix("/api/").unwrap_or_default();
    let first = below.split('/').next().unwrap_or_default();
    [
        "users",
        "organizations",
        "organization-roles",
        "organization-invitations",
        "subject-tokens",
        "one-time-tokens",
        "hooks",
    ]
    .contains(&first)
}
