//! Organizations and their members.

use std::collections::{BTreeMap, BTreeSet};

/// An organization of the tenant.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Organization {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The description; `None` becomes JSON `null`.
    pub description: Option<String>,
}

impl Organization {
    /// Creates an organization without a description.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            description: None,
        }
    }

    /// Sets the description.
    #[must_use]
    pub fn with_description(mut self, description: &str) -> Self {
        self.description = Some(description.to_owned());
        self
    }
}

/// A user's membership in one organization, with roles and permissions.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Membership {
    /// The organization's id.
    pub organization_id: String,
    /// The roles, which become the claim `organization_roles`.
    pub roles: Vec<String>,
    /// The scopes of the organization token.
    pub permissions: BTreeSet<String>,
    /// Scopes within the organization, by API resource.
    pub resource_permissions: BTreeMap<String, BTreeSet<String>>,
}

impl Membership {
    /// Creates a membership without roles or permissions.
    pub fn of(organization_id: &str) -> Self {
        Self {
            organization_id: organization_id.to_owned(),
            roles: Vec::new(),
            permissions: BTreeSet::new(),
            resource_permissions: BTreeMap::new(),
        }
    }

    /// Adds a role.
    #[must_use]
    pub fn with_role(mut self, role: &str) -> Self {
        self.roles.push(role.to_owned());
        self
    }

    /// Adds a permission of the organization itself.
    #[must_use]
    pub fn with_permission(mut self, scope: &str) -> Self {
        self.permissions.insert(scope.to_owned());
        self
    }

    /// Adds a permission for an API resource within the organization.
    #[must_use]
    pub fn with_resource_permission(mut self, resource: &str, scope: &str) -> Self {
        self.resource_permissions
            .entry(resource.to_owned())
            .or_default()
            .insert(scope.to_owned());
        self
    }

    pub(super) fn permissions_for(&self, resource: &str) -> BTreeSet<String> {
        self.resource_permissions.get(resource).cloned().unwrap_or_default()
    }
}

impl From<&str> for Membership {
    fn from(organization_id: &str) -> Self {
        Self::of(organization_id)
    }
}
