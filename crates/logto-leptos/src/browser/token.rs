//! The view of an access token.

use serde::{Deserialize, Serialize};

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

    use super::TokenView;
    use crate::{AccessToken, IssuedToken, TokenTarget};

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
