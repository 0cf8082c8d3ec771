//! Membership, roles and scopes in an organization.

use crate::{
    facts::ScopeTarget,
    requirement::{Expression, OrganizationPart, Requirement, combine},
    scope::ScopeRequirement,
};

/// Membership in an organization, and the roles and scopes that the member must have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use = "a requirement has no effect until it is checked"]
pub struct OrganizationRequirement {
    /// `None` stands for the active organization.
    organization_id: Option<String>,
    /// Each of them implies membership.
    required: Vec<OrganizationPart>,
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
        organization_id: Some(id.into()),
        required: Vec::new(),
    }
}

/// Requires that the user has chosen an organization to work in, for example with the organization
/// switcher, and still is a member of it.
///
/// A user without an active organization does not meet the requirement, whatever their roles are.
/// Read the organization's data by `User::active_organization`, never by an id of the request.
///
/// ```
/// use logto_requirements::active_organization;
///
/// let member = active_organization();
/// let billing = active_organization().role("billing").scope("read:invoices");
/// ```
pub fn active_organization() -> OrganizationRequirement {
    OrganizationRequirement {
        organization_id: None,
        required: Vec::new(),
    }
}

impl OrganizationRequirement {
    /// Requires membership by the claim `organizations`, which needs the scope
    /// `urn:logto:scope:organizations`. This is the default without roles and scopes, which imply
    /// it.
    pub fn member(self) -> Self {
        self.with(OrganizationPart::Member)
    }

    /// Adds a role in the organization, by its name: the claim `organization_roles`, which needs
    /// the scope `urn:logto:scope:organization_roles`.
    pub fn role(self, name: impl Into<String>) -> Self {
        self.with(OrganizationPart::Role(name.into()))
    }

    /// Adds a scope: the user's token for the organization has it. A text names a permission of the
    /// organization template; with [`ScopeRequirement::on`] it is a scope of that API resource
    /// within the organization.
    pub fn scope(self, scope: impl Into<ScopeRequirement>) -> Self {
        let ScopeRequirement { scope, resource } = scope.into();
        self.with(OrganizationPart::Scope { scope, resource })
    }

    fn with(mut self, part: OrganizationPart) -> Self {
        self.required.push(part);
        self
    }
}

impl OrganizationPart {
    /// The part as a requirement of one organization.
    pub(crate) fn of(&self, organization_id: &str) -> Expression {
        let organization_id = organization_id.to_owned();
        match self {
            Self::Member => Expression::Member(organization_id),
            Self::Role(role) => Expression::OrganizationRole {
                organization_id,
                role: role.clone(),
            },
            Self::Scope { scope, resource } => {
                let target = ScopeTarget {
                    resource: resource.clone(),
                    organization_id: Some(organization_id),
                };
                Expression::Scope(scope.clone(), target)
            }
        }
    }
}

combine!(OrganizationRequirement);

impl From<OrganizationRequirement> for Requirement {
    fn from(organization: OrganizationRequirement) -> Self {
        let mut parts = organization.required;
        if parts.is_empty() {
            parts.push(OrganizationPart::Member);
        }
        Self(match organization.organization_id {
            Some(id) => Expression::All(parts.iter().map(|part| part.of(&id)).collect()),
            None => Expression::InActiveOrganization(parts),
        })
    }
}
