//! Scopes of API resources.

use crate::{
    facts::ScopeTarget,
    requirement::{Expression, Requirement, combine},
};

/// A scope, and the API resource that grants it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a requirement has no effect until it is checked"]
pub struct ScopeRequirement {
    pub(crate) scope: String,
    pub(crate) resource: Option<String>,
}

/// Requires a scope of an API resource: the user's access token for the resource has it.
///
/// [`ScopeRequirement::on`] names the resource. Without it, it is the only resource of the app's
/// configuration.
///
/// ```
/// use logto_requirements::scope;
///
/// let orders = scope("read:orders").on("https://api.example.com");
/// ```
pub fn scope(name: impl Into<String>) -> ScopeRequirement {
    ScopeRequirement {
        scope: name.into(),
        resource: None,
    }
}

impl ScopeRequirement {
    /// Sets the API resource, by its indicator. It must be in the app's configuration.
    pub fn on(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into());
        self
    }
}

combine!(ScopeRequirement);

impl From<ScopeRequirement> for Requirement {
    fn from(required: ScopeRequirement) -> Self {
        let target = ScopeTarget {
            resource: required.resource,
            organization_id: None,
        };
        Self(Expression::Scope(required.scope, target))
    }
}

impl From<&str> for ScopeRequirement {
    fn from(name: &str) -> Self {
        scope(name)
    }
}

impl From<String> for ScopeRequirement {
    fn from(name: String) -> Self {
        scope(name)
    }
}
