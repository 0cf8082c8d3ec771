//! The people and organizations the provider knows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

/// A user. Fields are public: a test changes them with
/// [`TestProvider::update_user`](crate::TestProvider::update_user).
#[derive(Clone, Debug)]
pub struct User {
    /// The `sub` claim. Differs from the username, so that mixing them up shows.
    pub id: String,
    /// What `sign_in_as` names.
    pub username: String,
    /// `name`, JSON `null` when absent.
    pub name: Option<String>,
    /// `picture`, JSON `null` when absent.
    pub picture: Option<String>,
    /// `email`, JSON `null` when absent.
    pub email: Option<String>,
    /// `phone_number`, JSON `null` when absent.
    pub phone: Option<String>,
    /// Other claims of scope `profile` or `address`, left out when absent: `family_name`, `locale`,
    /// `address`, …
    pub profile: Map<String, Value>,
    /// Names for the `roles` claim.
    pub roles: Vec<String>,
    /// Scopes by API resource, held outside any organization.
    pub permissions: BTreeMap<String, BTreeSet<String>>,
    /// Organizations the user belongs to.
    pub memberships: Vec<Membership>,
    /// `custom_data`, userinfo only.
    pub custom_data: Value,
    /// `identities`, userinfo only.
    pub identities: Value,
    /// `sso_identities`, userinfo only.
    pub sso_identities: Value,
    /// Milliseconds since the Unix epoch, as Logto sends them.
    pub created_at: u64,
    /// Milliseconds since the Unix epoch, as Logto sends them.
    pub updated_at: u64,
    /// A suspended user's refreshes answer `invalid_grant`.
    pub suspended: bool,
    /// The user may not use the application: every refresh answers 400 `access_denied`, and so does
    /// a sign-in at the callback. Refresh tokens stay valid and work again when this is `false`.
    pub access_denied: bool,
}

impl User {
    /// A user without name, picture, e-mail address, roles or permissions; the id is
    /// `usr_<username>`.
    pub fn new(username: &str) -> Self {
        Self {
            id: format!("usr_{username}"),
            username: username.to_owned(),
            name: None,
            picture: None,
            email: None,
            phone: None,
            profile: Map::new(),
            roles: Vec::new(),
            permissions: BTreeMap::new(),
            memberships: Vec::new(),
            custom_data: json!({}),
            identities: json!({}),
            sso_identities: json!([]),
            created_at: 1_700_000_000_123,
            updated_at: 1_700_000_500_456,
            suspended: false,
            access_denied: false,
        }
    }

    /// With this `name`.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// With this `email`, verified.
    #[must_use]
    pub fn email(mut self, email: &str) -> Self {
        self.email = Some(email.to_owned());
        self
    }

    /// With one more role.
    #[must_use]
    pub fn role(mut self, role: &str) -> Self {
        self.roles.push(role.to_owned());
        self
    }

    /// With one more permission for an API resource.
    #[must_use]
    pub fn permission(mut self, resource: &str, scope: &str) -> Self {
        self.permissions
            .entry(resource.to_owned())
            .or_default()
            .insert(scope.to_owned());
        self
    }

    /// Belonging to one more organization.
    #[must_use]
    pub fn member_of(mut self, membership: Membership) -> Self {
        self.memberships.push(membership);
        self
    }

    pub(crate) fn membership(&self, organization_id: &str) -> Option<&Membership> {
        self.memberships
            .iter()
            .find(|membership| membership.organization_id == organization_id)
    }

    /// The scopes for `resource`: within one organization, or, without one, the user's own and
    /// those of every organization together, as Logto's `findUserScopesForResourceIndicator` does.
    pub(crate) fn scopes_for(&self, resource: &str, organization_id: Option<&str>) -> BTreeSet<String> {
        let within = |membership: &Membership| membership.permissions_for(resource);
        match organization_id {
            Some(id) => self.membership(id).map(within).unwrap_or_default(),
            None => self
                .memberships
                .iter()
                .flat_map(within)
                .chain(self.permissions.get(resource).cloned().unwrap_or_default())
                .collect(),
        }
    }
}

/// What a user is and may do in one organization.
#[derive(Clone, Debug)]
pub struct Membership {
    /// The organization.
    pub organization_id: String,
    /// Names for the `organization_roles` claim.
    pub roles: Vec<String>,
    /// Scopes of the organization token.
    pub permissions: BTreeSet<String>,
    /// Scopes by API resource within the organization.
    pub resource_permissions: BTreeMap<String, BTreeSet<String>>,
}

impl Membership {
    /// Belonging to an organization without roles or permissions.
    pub fn of(organization_id: &str) -> Self {
        Self {
            organization_id: organization_id.to_owned(),
            roles: Vec::new(),
            permissions: BTreeSet::new(),
            resource_permissions: BTreeMap::new(),
        }
    }

    /// With one more role.
    #[must_use]
    pub fn role(mut self, role: &str) -> Self {
        self.roles.push(role.to_owned());
        self
    }

    /// With one more permission in the organization itself.
    #[must_use]
    pub fn permission(mut self, scope: &str) -> Self {
        self.permissions.insert(scope.to_owned());
        self
    }

    /// With one more permission for an API resource within the organization.
    #[must_use]
    pub fn resource_permission(mut self, resource: &str, scope: &str) -> Self {
        self.resource_permissions
            .entry(resource.to_owned())
            .or_default()
            .insert(scope.to_owned());
        self
    }

    fn permissions_for(&self, resource: &str) -> BTreeSet<String> {
        self.resource_permissions.get(resource).cloned().unwrap_or_default()
    }
}

/// An organization.
#[derive(Clone, Debug)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// JSON `null` when absent.
    pub description: Option<String>,
}

impl Organization {
    /// An organization without a description.
    pub fn new(id: &str, name: &str) -> Self {
        Self {
            id: id.to_owned(),
            name: name.to_owned(),
            description: None,
        }
    }

    /// With this description.
    #[must_use]
    pub fn description(mut self, description: &str) -> Self {
        self.description = Some(description.to_owned());
        self
    }
}
