//! What a caller asks for: a target, and how new the token has to be.

use super::TokenTarget;

/// A request for an access token. A [`TokenTarget`] is one too, and gets the cached token while
/// that is valid.
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
    /// What the token is for.
    pub target: TokenTarget,
    /// Whether the provider is asked even if a cached token is still valid.
    pub fresh: bool,
}

impl From<TokenTarget> for TokenRequest {
    fn from(target: TokenTarget) -> Self {
        Self { target, fresh: false }
    }
}

impl TokenTarget {
    /// Sets the organization: the token then carries the permissions that the user has there.
    #[must_use]
    pub fn in_organization(self, id: impl Into<String>) -> Self {
        Self {
            organization_id: Some(id.into()),
            ..self
        }
    }

    /// Asks the provider even if a cached token is still valid: after a role or a permission was
    /// granted, which the cached token does not have. It costs a request to the provider each time.
    ///
    /// A permission in an organization shows at once. One for an API resource that the user did not
    /// have at the sign-in needs a new sign-in as well, because Logto limits a grant to the scopes
    /// of that moment.
    #[must_use]
    pub fn fresh(self) -> TokenRequest {
        TokenRequest {
            target: self,
            fresh: true,
        }
    }
}
