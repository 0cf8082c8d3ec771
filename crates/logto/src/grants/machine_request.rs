//! The target and the scopes of a machine token.

use std::collections::BTreeSet;

use super::token_request::check;
use crate::{error::GrantError, token::TokenTarget};

/// A request for a machine token: its target, and the scopes that it must have.
///
/// Logto grants no scope that is not asked for.
///
/// ```
/// use logto::MachineTokenRequest;
///
/// let orders = MachineTokenRequest::resource("https://api.example.com").with_scopes(["read:orders"]);
/// let within_acme = orders.in_organization("acme");
/// # let _ = within_acme;
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MachineTokenRequest {
    pub(super) target: TokenTarget,
    /// Sorted, so that their order makes no second cache entry.
    pub(super) scopes: BTreeSet<String>,
}

impl From<TokenTarget> for MachineTokenRequest {
    fn from(target: TokenTarget) -> Self {
        let scopes = BTreeSet::new();
        Self { target, scopes }
    }
}

impl MachineTokenRequest {
    /// Creates a request for a token for an API resource.
    #[must_use]
    pub fn resource(resource: impl Into<String>) -> Self {
        TokenTarget::resource(resource).into()
    }

    /// Creates a request for a token for an organization.
    #[must_use]
    pub fn organization(id: impl Into<String>) -> Self {
        TokenTarget::organization(id).into()
    }

    /// Sets the organization: the token has the app's permissions in it.
    #[must_use]
    pub fn in_organization(mut self, id: impl Into<String>) -> Self {
        self.target = self.target.in_organization(id);
        self
    }

    /// Adds scopes that the token must have.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes.extend(scopes.into_iter().map(Into::into));
        self
    }

    pub(super) fn check(&self) -> Result<(), GrantError> {
        if self.target == TokenTarget::USER_INFO {
            return Err(GrantError::NoTarget);
        }
        check(&self.target)
    }
}
