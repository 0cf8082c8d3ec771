//! The configuration after its check.

use url::Url;

use super::{management_app::ManagementApp, options::LogtoConfig};
use crate::{
    http::HttpLimits,
    prompt::Prompt,
    provider_address::ProviderAddress,
    scope::{ReservedResource, ReservedScope, UserScope},
    secret::SecretString,
};

/// A [`LogtoConfig`] that passed [`LogtoConfig::check`], with the reserved scopes and resources
/// added.
#[derive(Clone, Debug)]
pub struct CheckedConfig {
    config: LogtoConfig,
    issuer: String,
    seal_id: String,
    provider: ProviderAddress,
}

impl CheckedConfig {
    pub(super) fn new(mut config: LogtoConfig, endpoint: &Url, internal: Option<&Url>) -> Self {
        let mut scopes: Vec<String> = Vec::new();
        if config.reserved_scopes {
            scopes.extend(
                [
                    ReservedScope::OpenId,
                    ReservedScope::OfflineAccess,
                    ReservedScope::Profile,
                ]
                .map(String::from),
            );
        }
        scopes.append(&mut config.scopes);
        config.scopes = without_repeats(scopes);
        let organizations = UserScope::Organizations.as_str();
        if config.scopes.iter().any(|scope| scope == organizations) {
            config.resources.push(ReservedResource::Organization.into());
        }
        config.resources = without_repeats(config.resources);
        let issuer = format!("{}/oidc", endpoint.as_str().trim_end_matches('/'));
        let provider = ProviderAddress::new(endpoint, internal);
        Self {
            seal_id: format!("{} {issuer}", config.app_id),
            config,
            issuer,
            provider,
        }
    }

    /// The issuer: `<endpoint>/oidc`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The application's id.
    #[must_use]
    pub fn app_id(&self) -> &str {
        &self.config.app_id
    }

    /// The application's id with its issuer, to which seals are bound: a session is valid for its
    /// own Logto tenant only, even if another one uses the same cookie secret.
    #[must_use]
    pub fn seal_id(&self) -> &str {
        &self.seal_id
    }

    /// The application's secret. `None` for a public client.
    #[must_use]
    pub fn app_secret(&self) -> Option<&SecretString> {
        self.config.app_secret.as_ref()
    }

    /// The scopes of the authorization request.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.config.scopes
    }

    /// The resources of the authorization request.
    #[must_use]
    pub fn resources(&self) -> &[String] {
        &self.config.resources
    }

    /// How far clocks may differ, in seconds.
    #[must_use]
    pub fn clock_tolerance(&self) -> u64 {
        self.config.clock_tolerance
    }

    /// How long a sign-in may take, in seconds.
    #[must_use]
    pub fn transaction_lifetime(&self) -> u64 {
        self.config.transaction_lifetime
    }

    pub(crate) fn http_limits(&self) -> HttpLimits {
        self.config.http_limits()
    }

    pub(crate) fn management_app(&self) -> Option<&ManagementApp> {
        self.config.management_app.as_ref()
    }

    pub(crate) fn management_resource(&self) -> Option<&str> {
        self.config.management_resource.as_deref()
    }

    pub(crate) fn provider(&self) -> &ProviderAddress {
        &self.provider
    }

    pub(crate) fn prompt(&self) -> &[Prompt] {
        &self.config.prompt
    }

    /// In seconds.
    pub(crate) fn metadata_lifetime(&self) -> u64 {
        self.config.metadata_lifetime.as_secs()
    }

    pub(crate) fn allow_http(&self) -> bool {
        self.config.allow_http
    }
}

fn without_repeats(values: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    values.into_iter().filter(|value| seen.insert(value.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config() -> LogtoConfig {
        LogtoConfig::new("https://tenant.logto.app/", "app", "secret")
    }

    #[test]
    fn the_reserved_scopes_are_added_once() {
        let checked = config().with_scopes(["profile", "email"]).check().unwrap();
        assert_eq!(checked.scopes(), ["openid", "offline_access", "profile", "email"]);
        assert_eq!(checked.issuer(), "https://tenant.logto.app/oidc");
    }

    #[test]
    fn the_reserved_scopes_can_be_left_out() {
        let config = config().with_scopes(["openid"]).with_reserved_scopes(false);
        assert_eq!(config.check().unwrap().scopes(), ["openid"]);
    }

    #[test]
    fn the_organizations_scope_adds_the_organization_resource() {
        let with = config()
            .with_scopes([UserScope::Organizations])
            .with_resources(["https://api.example.com"])
            .check()
            .unwrap();
        assert_eq!(
            with.resources(),
            ["https://api.example.com", "urn:logto:resource:organizations"]
        );
        assert!(config().check().unwrap().resources().is_empty());
    }
}
