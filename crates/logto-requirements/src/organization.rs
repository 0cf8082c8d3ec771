//! Membership, roles and scopes in an organization.

use crate::{
    facts::ScopeTarget,
    requirement::{Expression, Requirement, combine},
    scope::ScopeRequirement,
};

/// Membership in an organization, and the roles and scopes that the member must have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a requirement has no effect until it is checked"]
pub struct OrganizationRequirement {
    organization_id: String,
    /// Each of them implies membership.
    required: Vec<Expression>,
}

/// Requires a member of an organization, by its id.
///
/// ```
/// use logto_requirements::{organization, scope};
///
/// let member = organization("o1");
/// let billing = organization("o1").role("billing").scope("read:invoices");
/// let orders = organization("o1").scope(scope("read:orders").on("https://api.example.com"));
/// ```
pub fn organization(id: impl Into<String>) -> OrganizationRequirement {
    OrganizationRequirement {
        organization_id: id.into(),
        required: Vec::new(),
    }
}

impl OrganizationRequirement {
    /// Requires membership by the claim `organizations`, which needs the scope
    /// `urn:logto:scope:organizations`. This is the default without roles and scopes, which imply
    /// it.
    pub fn member(mut self) -> Self {
        self.required.push(Expression::Member(self.organization_id.clone()));
        self
    }

    /// Adds a role in the organization, by its name: the claim `organization_roles`, which needs
    /// the scope `urn:logto:scope:organization_roles`.
    pub fn role(mut self, name: impl Into<String>) -> Self {
        self.required.push(Expression::OrganizationRole {
            organization_id: self.organization_id.clone(),
            role: name.into(),
        });
        self
    }

    /// Adds a scope: the user's token for the organization has it. A text names a permission of the
    /// organization template; with [`ScopeRequirement::on`] it is a scope of that API resource
    /// within the organization.
    pub fn scope(mut self, scope: impl Into<ScopeRequirement>) -> Self {
        let ScopeRequirement { scope, resource } = scope.into();
        let target = ScopeTarget {
            resource,
            organization_id: Some(self.organization_id.clone()),
        };
        self.required.push(Expression::Scope(scope, target));
        self
    }
}

combine!(OrganizationRequirement);

impl From<OrganizationRequirement> for Requirement {
    fn from(organization: OrganizationRequirement) -> Self {
        let mut organization = organization;
        if organization.required.is_empty() {
            organization = organization.member();
        }
        let all = organization.required;
        Self(Expression::All(all))
    }
}
