//! A request for an access token: its target, and whether the cache may be used.

use super::TokenTarget;

/// A request for an access token.
///
/// A [`TokenTarget`] converts into a request that returns the cached token while it is valid.
///
/// ```
/// use logto::{TokenRequest, TokenTarget};
///
/// let cached: TokenRequest = TokenTarget::resource("https://api.example.com").into();
/// let fresh = TokenTarget::resource("https://api.example.com").in_organization("o1").fresh();
/// assert!(fresh.fresh && !cached.fresh);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The target of the token.
    pub target: TokenTarget,
    /// Whether to ask the provider even if the cached token is still valid.
    pub fresh: bool,
}

impl From<TokenTarget> for TokenRequest {
    fn from(target: TokenTarget) -> Self {
        Self { target, fresh: false }
    }
}

impl TokenTarget {
    /// Sets the organization. The token has the permissions of the user in it.
    #[must_use]
    pub fn in_organization(self, id: impl Into<String>) -> Self {
        Self {
            organization_id: Some(id.into()),
            ..self
        }
    }

    /// Asks the provider even if the cached token is still valid. Every call costs a request.
    ///
    /// Use it after a role or a permission was granted, which the cached token lacks. A permission
    /// in an organization takes effect at once. A new permission for an API resource also needs a
    /// new sign-in, because Logto limits a grant to the scopes that it had at the sign-in.
    #[must_use]
    pub fn fresh(self) -> TokenRequest {
        TokenRequest {
            target: self,
            fresh: true,
        }
    }
}
