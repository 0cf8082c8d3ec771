//! The facts about a user.

use std::{collections::BTreeMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::acr::Acr;

/// The facts about a user that requirements are evaluated with.
///
/// A list that was not set is unknown, which differs from an empty list.
///
/// ```
/// use logto_requirements::{Decision, Facts, role};
///
/// let roles = ["admin".to_owned()];
/// let facts = Facts::signed_in().with_roles(&roles);
/// assert_eq!(role("admin").evaluate(&facts), Ok(Decision::Allowed));
/// assert_eq!(role("owner").evaluate(&facts), Ok(Decision::Forbidden));
/// assert!(role("admin").evaluate(&Facts::signed_in()).is_err());
/// ```
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub(crate) is_signed_in: bool,
    pub(crate) authenticated_ago: Option<Duration>,
    pub(crate) acr: Option<&'a Acr>,
    pub(crate) roles: Option<&'a [String]>,
    pub(crate) organizations: Option<&'a [String]>,
    pub(crate) active_organization: Option<&'a str>,
    pub(crate) organization_roles: Option<&'a [String]>,
    pub(crate) scopes: BTreeMap<&'a ScopeTarget, &'a [String]>,
}

impl<'a> Facts<'a> {
    /// The facts about a visitor who is not signed in: no requirement is met.
    #[must_use]
    pub const fn signed_out() -> Self {
        Self {
            is_signed_in: false,
            authenticated_ago: None,
            acr: None,
            roles: None,
            organizations: None,
            active_organization: None,
            organization_roles: None,
            scopes: BTreeMap::new(),
        }
    }

    /// The facts about a signed-in user of whom nothing else is known.
    #[must_use]
    pub const fn signed_in() -> Self {
        let mut facts = Self::signed_out();
        facts.is_signed_in = true;
        facts
    }

    /// Sets how long ago the user entered credentials. Until it is set, no sign-in is recent.
    #[must_use]
    pub const fn with_authenticated_ago(mut self, age: Duration) -> Self {
        self.authenticated_ago = Some(age);
        self
    }

    /// Sets the class that the authentication has reached. Until it is set, it has reached none.
    #[must_use]
    pub const fn with_acr(mut self, acr: &'a Acr) -> Self {
        self.acr = Some(acr);
        self
    }

    /// Sets the names of all global roles of the user.
    #[must_use]
    pub const fn with_roles(mut self, names: &'a [String]) -> Self {
        self.roles = Some(names);
        self
    }

    /// Sets the ids of all organizations of the user.
    #[must_use]
    pub const fn with_organizations(mut self, ids: &'a [String]) -> Self {
        self.organizations = Some(ids);
        self
    }

    /// Sets the id of the organization that the user has chosen to work in. Until it is set, none
    /// is active.
    #[must_use]
    pub const fn with_active_organization(mut self, id: &'a str) -> Self {
        self.active_organization = Some(id);
        self
    }

    /// Sets the roles of the user in organizations, each as `<organization id>:<role name>`.
    #[must_use]
    pub const fn with_organization_roles(mut self, roles: &'a [String]) -> Self {
        self.organization_roles = Some(roles);
        self
    }

    /// Sets all scopes that the user has for one target.
    #[must_use]
    pub fn with_scopes(mut self, target: &'a ScopeTarget, scopes: &'a [String]) -> Self {
        self.scopes.insert(target, scopes);
        self
    }
}

/// A fact that a requirement depends on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Fact {
    /// The global roles.
    Roles,
    /// The organizations.
    Organizations,
    /// The roles in organizations.
    OrganizationRoles,
    /// The scopes for a target.
    Scopes(ScopeTarget),
}

/// The target of a token that grants scopes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ScopeTarget {
    /// The indicator of the API resource. `None` without an organization stands for the only
    /// resource of the app's configuration.
    pub resource: Option<String>,
    /// The id of the organization.
    pub organization_id: Option<String>,
}
