//! The target of an access token.

use std::borrow::Cow;

use crate::{error::TokenError, organization_urn};

/// The target of an access token: userinfo, an API resource, an organization, or a resource within
/// an organization.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct TokenTarget {
    /// The resource indicator (RFC 8707).
    pub resource: Option<String>,
    /// The id of the organization.
    pub organization_id: Option<String>,
}

impl TokenTarget {
    /// An opaque token for userinfo only.
    pub const USER_INFO: Self = Self {
        resource: None,
        organization_id: None,
    };

    /// A token for an API resource. If the name is empty, each request fails with
    /// [`TokenError::EmptyTarget`].
    #[must_use]
    pub fn resource(resource: impl Into<String>) -> Self {
        Self {
            resource: Some(resource.into()),
            organization_id: None,
        }
    }

    /// A token for an organization. If the id is empty, each request fails with
    /// [`TokenError::EmptyTarget`].
    #[must_use]
    pub fn organization(id: impl Into<String>) -> Self {
        Self {
            resource: None,
            organization_id: Some(id.into()),
        }
    }

    /// Fails if the resource or the organization is empty.
    pub(crate) fn check(&self) -> Result<(), TokenError> {
        let mut names = self.resource.iter().chain(&self.organization_id);
        if names.any(String::is_empty) {
            return Err(TokenError::EmptyTarget);
        }
        Ok(())
    }

    /// The audience of the token. `None` for an opaque token.
    #[must_use]
    pub fn audience(&self) -> Option<Cow<'_, str>> {
        match (&self.resource, &self.organization_id) {
            (Some(resource), _) => Some(Cow::Borrowed(resource)),
            (None, Some(id)) => Some(Cow::Owned(organization_urn(id))),
            (None, None) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_determines_the_audience() {
        assert_eq!(TokenTarget::USER_INFO.audience(), None);
        assert_eq!(TokenTarget::resource("https://api").audience().unwrap(), "https://api");
        assert_eq!(
            TokenTarget::organization("o1").audience().unwrap(),
            "urn:logto:organization:o1"
        );
        let both = TokenTarget {
            resource: Some("https://api".into()),
            organization_id: Some("o1".into()),
        };
        assert_eq!(both.audience().unwrap(), "https://api");
    }
}
