//! A request for an access token: its target, and whether the cache may be used.

use super::TokenTarget;

/// A request for an access token.
///
/// A [`TokenTarget`] converts into a request that returns the cached token while it is valid. If it
/// names a resource and no organization, the app's configuration decides whether the token is for
/// the active organization; by default it is not.
///
/// ```
/// use logto::{TokenRequest, TokenTarget};
///
/// let cached: TokenRequest = TokenTarget::resource("https://api.example.com").into();
/// let fresh = TokenTarget::resource("https://api.example.com").in_organization("o1").fresh();
/// assert!(fresh.fresh && !cached.fresh);
///
/// let active = TokenTarget::resource("https://api.example.com").in_active_organization();
/// assert_eq!(active.in_active_organization, Some(true));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TokenRequest {
    /// The target of the token.
    pub target: TokenTarget,
    /// Whether to ask the provider even if the cached token is still valid.
    pub fresh: bool,
    /// Whether the active organization of the session replaces that of the target. `None`: the
    /// configuration decides for a resource without an organization.
    pub in_active_organization: Option<bool>,
}

impl From<TokenTarget> for TokenRequest {
    fn from(target: TokenTarget) -> Self {
        Self {
            target,
            fresh: false,
            in_active_organization: None,
        }
    }
}

impl TokenRequest {
    /// Asks the provider even if the cached token is still valid, see [`TokenTarget::fresh`].
    #[must_use]
    pub fn fresh(self) -> Self {
        Self { fresh: true, ..self }
    }

    /// Sets the organization to the active one, see [`TokenTarget::in_active_organization`].
    #[must_use]
    pub fn in_active_organization(self) -> Self {
        Self {
            in_active_organization: Some(true),
            ..self
        }
    }

    /// Never uses the active organization, see [`TokenTarget::without_active_organization`].
    #[must_use]
    pub fn without_active_organization(self) -> Self {
        Self {
            in_active_organization: Some(false),
            ..self
        }
    }
}

impl TokenTarget {
    /// Requests a token for the active organization of the session.
    #[must_use]
    pub fn active_organization() -> TokenRequest {
        Self::USER_INFO.in_active_organization()
    }

    /// Sets the organization to the active one of the session.
    ///
    /// Without an active organization the request fails. It never falls back to a token without an
    /// organization, which would have other permissions.
    #[must_use]
    pub fn in_active_organization(self) -> TokenRequest {
        TokenRequest::from(self).in_active_organization()
    }

    /// Requests a token for exactly this target, even if the app uses the active organization by
    /// default.
    #[must_use]
    pub fn without_active_organization(self) -> TokenRequest {
        TokenRequest::from(self).without_active_organization()
    }

    /// Sets the organization. The token has the permissions of the user in it. If the id is empty,
    /// each request fails with [`TokenError::EmptyTarget`](crate::TokenError::EmptyTarget).
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
        TokenRequest::from(self).fresh()
    }
}
