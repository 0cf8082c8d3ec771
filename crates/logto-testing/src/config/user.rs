//! Users of the tenant.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::organization::Membership;
use crate::random;

/// A user of the tenant.
///
/// [`TestProvider::update_user`](crate::TestProvider::update_user) changes one while the provider
/// runs.
///
/// ```
/// use logto_testing::{Membership, TestProvider, User};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let grace = User::new("grace")
///     .with_email("grace@example.com")
///     .with_organization(Membership::of("acme").with_role("admin"));
/// let provider = TestProvider::builder().user(grace).start().await;
/// provider.update_user("grace", |user| user.suspended = true);
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct User {
    /// The claim `sub`. It differs from the username, so that tests notice when the two are mixed
    /// up.
    pub id: String,
    /// The name that methods such as `sign_in_as` take. A user who has registered with an email
    /// address has the address here, and no claim `username`.
    pub username: String,
    /// The password on the sign-in page of an [interactive](crate::TestProviderBuilder::interactive)
    /// provider; without one the user can only be chosen from its list.
    pub password: Option<String>,
    /// The claim `name`; `None` becomes JSON `null`.
    pub name: Option<String>,
    /// The claim `picture`; `None` becomes JSON `null`.
    pub picture: Option<String>,
    /// The claim `email`, always verified; `None` becomes JSON `null`.
    pub email: Option<String>,
    /// The claim `phone_number`, always verified; `None` becomes JSON `null`.
    pub phone: Option<String>,
    /// Other claims of the scopes `profile` and `address`: `family_name`, `locale`, `address`, …
    pub profile: Map<String, Value>,
    /// The names in the claim `roles`.
    pub roles: Vec<String>,
    /// Scopes outside organizations, by API resource.
    pub permissions: BTreeMap<String, BTreeSet<String>>,
    /// The organizations that the user is a member of.
    pub memberships: Vec<Membership>,
    /// The claim `custom_data`, userinfo only.
    pub custom_data: Value,
    /// The claim `identities`, userinfo only.
    pub identities: Value,
    /// The claim `sso_identities`, userinfo only.
    pub sso_identities: Value,
    /// The claim `created_at`, in milliseconds since the Unix epoch.
    pub created_at: u64,
    /// The claim `updated_at`, in milliseconds since the Unix epoch.
    pub updated_at: u64,
    /// Whether the user has a second factor, such as an authenticator app.
    pub second_factor: bool,
    /// Whether the user is suspended: refreshes return `invalid_grant`.
    pub suspended: bool,
    /// Whether the user may not use the application: refreshes, sign-ins and token exchanges return
    /// `access_denied`. Refresh tokens stay valid for when this becomes `false`.
    pub access_denied: bool,
}

impl User {
    /// Creates a user without name, email address, roles or permissions. The id is
    /// `usr_<username>`.
    pub fn new(username: &str) -> Self {
        Self {
            id: format!("usr_{username}"),
            username: username.to_owned(),
            password: None,
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
            second_factor: false,
            suspended: false,
            access_denied: false,
        }
    }

    /// A user who registers with an email address alone.
    pub(crate) fn registered(email: &str, now: u64) -> Self {
        let user = Self {
            id: random::id(),
            created_at: now * 1000,
            updated_at: now * 1000,
            ..Self::new(email)
        };
        user.with_email(email)
    }

    /// The claim `username`, which cannot contain `@`.
    pub(crate) fn username_claim(&self) -> Option<&str> {
        (!self.username.contains('@')).then_some(&self.username)
    }

    /// Sets or removes the username. A user without one has the email address in its place.
    pub(crate) fn set_username(&mut self, username: Option<String>) {
        let substitute = || self.email.clone().unwrap_or_else(|| format!("@{}", self.id));
        self.username = username.unwrap_or_else(substitute);
    }

    /// Whether the user can prove their identity, so that sensitive calls of the Account API need it.
    pub(crate) fn has_security_method(&self) -> bool {
        self.password.is_some() || self.email.is_some() || self.phone.is_some()
    }

    /// Whether the user has this email address. Logto ignores the case.
    pub(crate) fn has_email(&self, address: &str) -> bool {
        let email = self.email.as_deref().map(str::to_lowercase);
        email == Some(address.to_lowercase())
    }

    /// Sets the password.
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.password = Some(password.to_owned());
        self
    }

    /// Gives the user a second factor, which they prove when a
    /// [step-up](crate::TestProviderBuilder::step_up) demands it. An
    /// [interactive](crate::TestProviderBuilder::interactive) provider asks for the code `123456`.
    #[must_use]
    pub fn with_second_factor(mut self) -> Self {
        self.second_factor = true;
        self
    }

    /// Sets the name.
    #[must_use]
    pub fn with_name(mut self, name: &str) -> Self {
        self.name = Some(name.to_owned());
        self
    }

    /// Sets the email address.
    #[must_use]
    pub fn with_email(mut self, email: &str) -> Self {
        self.email = Some(email.to_owned());
        self
    }

    /// Adds a role.
    #[must_use]
    pub fn with_role(mut self, role: &str) -> Self {
        self.roles.push(role.to_owned());
        self
    }

    /// Adds a permission for an API resource.
    #[must_use]
    pub fn with_permission(mut self, resource: &str, scope: &str) -> Self {
        self.permissions
            .entry(resource.to_owned())
            .or_default()
            .insert(scope.to_owned());
        self
    }

    /// Adds a membership in an organization: an id or, with roles and permissions, a
    /// [`Membership`].
    #[must_use]
    pub fn with_organization(mut self, membership: impl Into<Membership>) -> Self {
        self.memberships.push(membership.into());
        self
    }

    pub(crate) fn membership(&self, organization_id: &str) -> Option<&Membership> {
        self.memberships
            .iter()
            .find(|membership| membership.organization_id == organization_id)
    }

    /// The scopes for `resource` within one organization. Without an organization: the user's own
    /// and those of all memberships, as Logto's `findUserScopesForResourceIndicator` returns.
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
