//! Machine-to-machine apps, which get tokens for themselves.

use std::collections::{BTreeMap, BTreeSet};

use super::organization::Membership;

/// The resource of the Management API, at every Logto outside of the cloud.
pub(crate) const MANAGEMENT_RESOURCE: &str = "https://default.logto.app/api";

/// A machine-to-machine app of the tenant, with its permissions.
///
/// ```
/// use logto_testing::{DEFAULT_RESOURCE, MachineApp, TestProvider};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let worker = MachineApp::new("worker", "a secret").with_permission(DEFAULT_RESOURCE, "read:products");
/// let admin = MachineApp::new("admin", "another secret").with_management_api();
/// let provider = TestProvider::builder().machine_app(worker).machine_app(admin).start().await;
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct MachineApp {
    /// The client id, which is also the `sub` of its tokens.
    pub id: String,
    /// The client secret.
    pub secret: String,
    /// Scopes by API resource.
    pub permissions: BTreeMap<String, BTreeSet<String>>,
    /// The organizations that the app is associated with.
    pub memberships: Vec<Membership>,
    /// Whether the app may exchange tokens.
    pub token_exchange: bool,
}

impl MachineApp {
    /// Creates an app without permissions.
    pub fn new(id: &str, secret: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: secret.to_owned(),
            permissions: BTreeMap::new(),
            memberships: Vec::new(),
            token_exchange: false,
        }
    }

    /// Adds a permission for an API resource.
    #[must_use]
    pub fn with_permission(mut self, resource: &str, scope: &str) -> Self {
        let scopes = self.permissions.entry(resource.to_owned()).or_default();
        scopes.insert(scope.to_owned());
        self
    }

    /// Adds the role "Logto Management API access".
    #[must_use]
    pub fn with_management_api(self) -> Self {
        self.with_permission(MANAGEMENT_RESOURCE, "all")
    }

    /// Whether the app has access to the Management API.
    #[must_use]
    pub fn may_manage(&self) -> bool {
        let scopes = self.permissions.get(MANAGEMENT_RESOURCE);
        scopes.is_some_and(|scopes| scopes.contains("all"))
    }

    /// Associates the app with an organization.
    #[must_use]
    pub fn with_organization(mut self, membership: impl Into<Membership>) -> Self {
        self.memberships.push(membership.into());
        self
    }

    /// Allows the app to exchange tokens.
    #[must_use]
    pub fn with_token_exchange(mut self) -> Self {
        self.token_exchange = true;
        self
    }

    pub(crate) fn membership(&self, organization_id: &str) -> Option<&Membership> {
        let mut all = self.memberships.iter();
        all.find(|membership| membership.organization_id == organization_id)
    }

    pub(crate) fn scopes_for(&self, resource: &str, within: Option<&Membership>) -> BTreeSet<String> {
        match within {
            Some(membership) => membership.permissions_for(resource),
            None => self.permissions.get(resource).cloned().unwrap_or_default(),
        }
    }
}
