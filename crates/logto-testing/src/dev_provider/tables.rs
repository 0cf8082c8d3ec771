//! The tables of `logto-dev.toml`, as they are written.

use std::{
    collections::{BTreeMap, BTreeSet},
    num::NonZeroU64,
};

use serde::Deserialize;
use serde_json::{Map, Value};
use toml::Spanned;

/// Organization roles by the organization's id.
pub(super) type RolesByOrganization = BTreeMap<Spanned<String>, Vec<Spanned<String>>>;

/// Scopes by the indicator of an API resource.
pub(super) type ScopesByResource = BTreeMap<Spanned<String>, Vec<Spanned<String>>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tables {
    #[serde(default)]
    pub(super) provider: ProviderTable,
    #[serde(default)]
    pub(super) pages: PagesTable,
    #[serde(default)]
    pub(super) lifetimes: LifetimesTable,
    /// Scopes by indicator.
    #[serde(default)]
    pub(super) resources: BTreeMap<Spanned<String>, Vec<String>>,
    #[serde(default)]
    pub(super) roles: BTreeMap<String, ScopesByResource>,
    #[serde(default)]
    pub(super) organization_roles: BTreeMap<String, OrganizationRoleTable>,
    #[serde(default)]
    pub(super) organizations: BTreeMap<String, OrganizationTable>,
    /// By client id.
    #[serde(default)]
    pub(super) machine_apps: BTreeMap<Spanned<String>, MachineAppTable>,
    #[serde(default)]
    pub(super) users: BTreeMap<Spanned<String>, UserTable>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct ProviderTable {
    pub(super) port: u16,
    pub(super) app_name: String,
    pub(super) step_up: bool,
    pub(super) token_exchange: bool,
}

impl Default for ProviderTable {
    fn default() -> Self {
        Self {
            port: 3302,
            app_name: "the app".to_owned(),
            step_up: true,
            token_exchange: false,
        }
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct PagesTable {
    pub(super) user_list: bool,
    pub(super) consent: bool,
    pub(super) sign_out_question: bool,
}

impl Default for PagesTable {
    fn default() -> Self {
        Self {
            user_list: true,
            consent: false,
            sign_out_question: false,
        }
    }
}

/// In seconds.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[expect(clippy::struct_field_names, reason = "the names of the settings")]
pub(super) struct LifetimesTable {
    pub(super) id_token: Option<NonZeroU64>,
    pub(super) access_token: Option<NonZeroU64>,
    pub(super) refresh_token: Option<NonZeroU64>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationRoleTable {
    #[serde(default)]
    pub(super) permissions: Vec<String>,
    #[serde(default)]
    pub(super) resources: ScopesByResource,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationTable {
    pub(super) name: String,
    pub(super) description: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct MachineAppTable {
    pub(super) management_api: bool,
    pub(super) token_exchange: bool,
    pub(super) permissions: ScopesByResource,
    pub(super) organizations: RolesByOrganization,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct UserTable {
    pub(super) id: Option<Spanned<String>>,
    pub(super) password: Option<String>,
    pub(super) name: Option<String>,
    pub(super) picture: Option<String>,
    pub(super) email: Option<String>,
    pub(super) phone: Option<String>,
    pub(super) profile: Map<String, Value>,
    pub(super) roles: Vec<Spanned<String>>,
    pub(super) organizations: RolesByOrganization,
    pub(super) custom_data: Map<String, Value>,
    pub(super) identities: Map<String, Value>,
    pub(super) sso_identities: Vec<Value>,
    /// Milliseconds since the Unix epoch.
    pub(super) created_at: Option<u64>,
    /// Milliseconds since the Unix epoch.
    pub(super) updated_at: Option<u64>,
    pub(super) second_factor: bool,
    pub(super) suspended: bool,
    pub(super) access_denied: bool,
}

impl Tables {
    /// Every permission, for API resources and in organizations.
    pub(super) fn scopes(&self) -> Vec<String> {
        let in_organizations = self.organization_roles.values().map(|role| &role.permissions);
        let all = self.resources.values().chain(in_organizations).flatten().cloned();
        all.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// The entries in the order of the file: the first API resource is the default of some apps.
pub(super) fn in_file_order<T>(table: &BTreeMap<Spanned<String>, T>) -> Vec<(&str, &T)> {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(name, _)| name.span().start);
    entries
        .into_iter()
        .map(|(name, value)| (name.get_ref().as_str(), value))
        .collect()
}
