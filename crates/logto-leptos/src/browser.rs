//! The types that may reach the browser. None of them holds a token.

use serde::{Deserialize, Serialize};

/// The session state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SessionView {
    /// There is no session.
    #[default]
    Anonymous,
    /// The user is signed in.
    Active,
    /// The user is signed in, but Logto cannot be reached to renew the claims.
    Stale,
    /// The grant has ended, so that the user has to sign in again.
    SignInNeeded,
    /// The user currently has no access to the application, and a new sign-in does not help. Say
    /// so, and offer to sign out.
    AccessDenied,
    /// The session has expired.
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

/// The properties of an access token, without the token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct TokenView {
    /// The audience: a resource indicator or an organization's URN. `None` for the opaque token
    /// for userinfo.
    pub audience: Option<String>,
    /// The organization that the token is limited to.
    pub organization_id: Option<String>,
    /// The granted scopes: empty if the user has no permission.
    pub scopes: Vec<String>,
    /// When the token expires, in **seconds** since the Unix epoch.
    pub expires: u64,
    /// Whether the token was just refreshed. `false` for a token from the session.
    pub refreshed: bool,
}

#[cfg(feature = "ssr")]
mod from_server {
    use std::borrow::Cow;

    use super::{SessionView, TokenView};
    use crate::{AccessToken, IssuedToken, SessionState, TokenTarget};

    impl From<SessionState> for SessionView {
        fn from(state: SessionState) -> Self {
            match state {
                SessionState::Active => Self::Active,
                SessionState::Stale => Self::Stale,
                SessionState::SignInNeeded => Self::SignInNeeded,
                SessionState::AccessDenied => Self::AccessDenied,
                SessionState::Expired => Self::Expired,
                // `Anonymous`, and states that a later version may add.
                _ => Self::Anonymous,
            }
        }
    }

    impl From<&IssuedToken> for TokenView {
        fn from(issued: &IssuedToken) -> Self {
            Self {
                refreshed: issued.refreshed,
                ..Self::cached(&issued.target, &issued.token)
            }
        }
    }

    impl TokenView {
        /// Describes `token`, which the session holds for `target`.
        #[must_use]
        pub fn cached(target: &TokenTarget, token: &AccessToken) -> Self {
            Self {
                audience: target.audience().map(Cow::into_owned),
                organization_id: target.organization_id.clone(),
                scopes: token.scopes.clone(),
                expires: token.expires.as_secs(),
                refreshed: false,
            }
        }
    }
}
