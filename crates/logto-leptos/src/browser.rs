//! Everything of this crate that may reach the browser. No type here holds a token.

use serde::{Deserialize, Serialize};

/// How the session stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionView {
    /// There is no session.
    #[default]
    Anonymous,
    /// The user is signed in.
    Active,
    /// The user is signed in, and the provider cannot be reached to renew the claims.
    Stale,
    /// The grant has ended: the user has to sign in again.
    SignInNeeded,
    /// The user may not use the application at present: a new sign-in does not help. Say so, and
    /// offer to sign out.
    AccessDenied,
    /// The session is past its time.
    Expired,
}

impl SessionView {
    /// Whether the user is signed in.
    #[doc(alias = "isAuthenticated")]
    #[must_use]
    pub const fn is_authenticated(self) -> bool {
        matches!(self, Self::Active | Self::Stale)
    }
}

/// What may be shown of an access token: everything but the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// The audience: a resource indicator, or an organization's URN. `None` for the opaque token
    /// for userinfo.
    pub audience: Option<String>,
    /// The organization, for a token within one.
    pub organization_id: Option<String>,
    /// Granted scopes; none when the user has no permission.
    pub scopes: Vec<String>,
    /// When it ends, in seconds since the Unix epoch.
    pub expires: u64,
    /// Whether the provider was asked just now, rather than the session.
    pub refreshed: bool,
}

#[cfg(feature = "ssr")]
mod from_server {
    use super::{SessionView, TokenView};
    use crate::{IssuedToken, SessionState};

    impl From<SessionState> for SessionView {
        fn from(state: SessionState) -> Self {
            match state {
                SessionState::Anonymous => Self::Anonymous,
                SessionState::Active => Self::Active,
                SessionState::Stale => Self::Stale,
                SessionState::SignInNeeded => Self::SignInNeeded,
                SessionState::AccessDenied => Self::AccessDenied,
                SessionState::Expired => Self::Expired,
                // A state of a later version: not signed in.
                _ => Self::Anonymous,
            }
        }
    }

    impl From<&IssuedToken> for TokenView {
        fn from(issued: &IssuedToken) -> Self {
            Self {
                audience: issued.target.audience().map(std::borrow::Cow::into_owned),
                organization_id: issued.target.organization_id.clone(),
                scopes: issued.token.scopes.clone(),
                expires: issued.token.expires.as_secs(),
                refreshed: issued.refreshed,
            }
        }
    }
}
