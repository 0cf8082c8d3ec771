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

/// A role of the organization template: what a member with this role may do in each organization.
///
/// ```
/// use logto_testing::{DEFAULT_RESOURCE, OrganizationRole, TestProvider};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let editor = OrganizationRole::new("editor")
///     .with_permission("edit:pages")
///     .with_resource_permission(DEFAULT_RESOURCE, "read:products");
/// let provider = TestProvider::builder().organization_role(editor).start().await;
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OrganizationRole {
    /// The name. The id of the role is `role_<name>`.
    pub name: String,
    /// The scopes of the organization token.
    pub permissions: BTreeSet<String>,
    /// Scopes within the organization, by API resource.
    pub resource_permissions: BTreeMap<String, BTreeSet<String>>,
}

impl OrganizationRole {
    /// Creates a role without permissions.
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            permissions: BTreeSet::new(),
            resource_permissions: BTreeMap::new(),
        }
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
        let scopes = self.resource_permissions.entry(resource.to_owned()).or_default();
        scopes.insert(scope.to_owned());
        self
    }

    fn allows(&self, resource: &str, scope: &str) -> bool {
        let scopes = self.resource_permissions.get(resource);
        scopes.is_some_and(|scopes| scopes.contains(scope))
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

    /// Gives the member a role, with its permissions.
    pub(crate) fn assign(&mut self, role: &OrganizationRole) {
        if !self.roles.contains(&role.name) {
            self.roles.push(role.name.clone());
        }
        self.permissions.extend(role.permissions.iter().cloned());
        for (resource, scopes) in &role.resource_permissions {
            let within = self.resource_permissions.entry(resource.clone()).or_default();
            within.extend(scopes.iter().cloned());
        }
    }

    /// Takes a role away, with the permissions that none of the `other` roles of the member has.
    pub(crate) fn unassign(&mut self, role: &OrganizationRole, others: &[&OrganizationRole]) {
        self.roles.retain(|name| *name != role.name);
        let is_kept = |scope: &String| others.iter().any(|other| other.permissions.contains(scope));
        self.permissions
            .retain(|scope| !role.permissions.contains(scope) || is_kept(scope));
        for (resource, scopes) in &mut self.resource_permissions {
            let is_kept = |scope: &str| others.iter().any(|other| other.allows(resource, scope));
            scopes.retain(|scope| !role.allows(resource, scope) || is_kept(scope));
        }
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
