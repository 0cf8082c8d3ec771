//! The settings of an app, as a builder.

use std::time::Duration;

use super::management_app::ManagementApp;
use crate::{
    http::HttpLimits,
    prompt::Prompt,
    secret::{ExposeSecret as _, SecretString},
    tls::TrustedCertificates,
};

/// The settings with which an app signs its users in with Logto.
///
/// ```
/// use logto::{LogtoConfig, UserScope};
///
/// let config = LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret")
///     .with_scopes([UserScope::Email, UserScope::Organizations])
///     .with_resources(["https://api.example.com"]);
/// let checked = config.check()?;
/// assert!(checked.scopes().iter().any(|scope| scope == "offline_access"));
/// assert!(checked.resources().iter().any(|resource| resource == "urn:logto:resource:organizations"));
/// # Ok::<(), logto::ConfigError>(())
/// ```
#[doc(alias = "LogtoNextConfig")]
#[derive(Clone, Debug)]
pub struct LogtoConfig {
    pub(super) endpoint: String,
    pub(super) internal_endpoint: Option<String>,
    pub(super) app_id: String,
    /// `None` for a public client.
    pub(super) app_secret: Option<SecretString>,
    pub(super) scopes: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) prompt: Vec<Prompt>,
    pub(super) reserved_scopes: bool,
    /// In seconds.
    pub(super) clock_tolerance: u64,
    /// In seconds.
    pub(super) transaction_lifetime: u64,
    pub(super) metadata_lifetime: Duration,
    http_limits: HttpLimits,
    trusted_certificates: TrustedCertificates,
    pub(super) allow_http: bool,
    pub(super) management_app: Option<ManagementApp>,
    pub(super) management_resource: Option<String>,
}

impl LogtoConfig {
    /// Creates a configuration with the defaults, for a "Traditional web" application.
    ///
    /// `endpoint` is the address of Logto as browsers see it, without `/oidc`:
    /// `https://tenant.logto.app`. The id and the secret are on the application's page in the Logto
    /// console.
    #[must_use]
    pub fn new(endpoint: impl Into<String>, app_id: impl Into<String>, app_secret: impl Into<SecretString>) -> Self {
        Self {
            app_secret: Some(app_secret.into()),
            ..Self::public_client(endpoint, app_id)
        }
    }

    /// Creates a configuration with the defaults, for an application without a secret (RFC 6749
    /// §2.1).
    #[must_use]
    pub fn public_client(endpoint: impl Into<String>, app_id: impl Into<String>) -> Self {
        Self {
            endpoint: endpoint.into(),
            internal_endpoint: None,
            app_id: app_id.into(),
            app_secret: None,
            scopes: Vec::new(),
            resources: Vec::new(),
            prompt: vec![Prompt::Consent],
            reserved_scopes: true,
            clock_tolerance: 60,
            transaction_lifetime: 3600,
            metadata_lifetime: Duration::from_secs(3600),
            http_limits: HttpLimits::default(),
            trusted_certificates: TrustedCertificates::default(),
            allow_http: false,
            management_app: None,
            management_resource: None,
        }
    }

    /// Sets the address of Logto as browsers see it, without `/oidc`.
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.endpoint = endpoint.into();
        self
    }

    /// Sets the address at which this server reaches Logto, if browsers use a different one:
    /// `http://logto:3001` in a network of containers.
    ///
    /// Discovery, keys, tokens, userinfo and revocation use this address. The issuer stays
    /// `endpoint` + `/oidc`, and browsers are sent to `endpoint`.
    #[must_use]
    pub fn with_internal_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.internal_endpoint = Some(endpoint.into());
        self
    }

    /// Sets the application's id.
    #[doc(alias = "appId")]
    #[must_use]
    pub fn with_app_id(mut self, app_id: impl Into<String>) -> Self {
        self.app_id = app_id.into();
        self
    }

    /// Sets the application's secret.
    #[doc(alias = "appSecret")]
    #[must_use]
    pub fn with_app_secret(mut self, app_secret: impl Into<SecretString>) -> Self {
        self.app_secret = Some(app_secret.into());
        self
    }

    /// Sets the scopes to ask for at sign-in: [`UserScope`](crate::UserScope)s and API scopes. The
    /// reserved ones are added.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the resource indicators (RFC 8707) of the APIs that the app wants tokens for.
    #[must_use]
    pub fn with_resources<S: Into<String>>(mut self, resources: impl IntoIterator<Item = S>) -> Self {
        self.resources = resources.into_iter().map(Into::into).collect();
        self
    }

    /// Sets `prompt` of the authorization request (OIDC Core §3.1.2.1).
    ///
    /// The default is `consent`: without it Logto silently drops `offline_access`, and there is no
    /// refresh token.
    #[must_use]
    pub fn with_prompt(mut self, prompt: impl IntoIterator<Item = Prompt>) -> Self {
        self.prompt = prompt.into_iter().collect();
        self
    }

    /// Sets whether the [`ReservedScope`](crate::ReservedScope)s are added to the scopes.
    ///
    /// On by default. Set to `false` only for an app that wants no refresh token.
    #[doc(alias = "includeReservedScopes")]
    #[must_use]
    pub fn with_reserved_scopes(mut self, reserved_scopes: bool) -> Self {
        self.reserved_scopes = reserved_scopes;
        self
    }

    /// Sets how far clocks may differ when a token's times are checked, in **seconds**.
    ///
    /// 60 by default: enough for machines with NTP, and short compared with a token's lifetime of
    /// one hour.
    #[must_use]
    pub fn with_clock_tolerance(mut self, seconds: u64) -> Self {
        self.clock_tolerance = seconds;
        self
    }

    /// Sets how long a sign-in may take, in **seconds**, from the redirect to Logto until the
    /// callback.
    ///
    /// One hour by default, which is Logto's own limit: enough for a registration, an email and a
    /// second factor.
    #[must_use]
    pub fn with_transaction_lifetime(mut self, seconds: u64) -> Self {
        self.transaction_lifetime = seconds;
        self
    }

    /// Sets how long the metadata and the keys are cached.
    ///
    /// One hour by default. An unknown key causes an earlier fetch, and stale entries are used
    /// while the provider is unreachable.
    #[must_use]
    pub fn with_metadata_lifetime(mut self, lifetime: Duration) -> Self {
        self.metadata_lifetime = lifetime;
        self
    }

    /// Sets the limits for requests to the provider.
    #[must_use]
    pub fn with_http_limits(mut self, limits: HttpLimits) -> Self {
        self.http_limits = limits;
        self
    }

    /// Sets certificate authorities to trust in addition to those of the system, for a Logto server
    /// whose certificate was issued by a private authority.
    #[must_use]
    pub fn with_trusted_certificates(mut self, certificates: TrustedCertificates) -> Self {
        self.trusted_certificates = certificates;
        self
    }

    /// Sets whether the endpoints may use http beyond this machine.
    ///
    /// Off by default, because tokens would cross the network unencrypted. Meant for a Logto server
    /// in the same private container network.
    #[must_use]
    pub fn with_allow_http(mut self, allow_http: bool) -> Self {
        self.allow_http = allow_http;
        self
    }

    /// Sets the machine-to-machine app with the role "Logto Management API access", for apps that
    /// create organizations, invite users or act as them. None by default.
    ///
    /// ```
    /// # use logto::LogtoConfig;
    /// # let config = LogtoConfig::new("https://tenant.logto.app", "app-id", "app-secret");
    /// let config = config.with_management_app("machine-app-id", "machine-app-secret");
    /// ```
    #[must_use]
    pub fn with_management_app(mut self, app_id: impl Into<String>, app_secret: impl Into<SecretString>) -> Self {
        self.management_app = Some(ManagementApp {
            id: app_id.into(),
            secret: app_secret.into(),
        });
        self
    }

    /// Sets the resource indicator of the Management API: `https://<tenant-id>.logto.app/api`.
    ///
    /// Only a tenant in Logto's cloud with a domain of its own needs it: otherwise it follows from the
    /// endpoint.
    #[must_use]
    pub fn with_management_resource(mut self, resource: impl Into<String>) -> Self {
        self.management_resource = Some(resource.into());
        self
    }

    /// The address of Logto as browsers see it.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The address at which this server reaches Logto, if it differs.
    #[must_use]
    pub fn internal_endpoint(&self) -> Option<&str> {
        self.internal_endpoint.as_deref()
    }

    /// The application's id.
    #[must_use]
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// How long a sign-in may take, in seconds.
    #[must_use]
    pub fn transaction_lifetime(&self) -> u64 {
        self.transaction_lifetime
    }

    /// The limits for requests to the provider.
    #[must_use]
    pub fn http_limits(&self) -> HttpLimits {
        self.http_limits
    }

    pub(crate) fn trusted_certificates(&self) -> &TrustedCertificates {
        &self.trusted_certificates
    }

    pub(super) fn has_empty_secret(&self) -> bool {
        let secret = self.app_secret.as_ref();
        secret.is_some_and(|secret| secret.expose_secret().trim().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_hides_the_secret() {
        assert!(!format!("{:?}", LogtoConfig::new("https://a", "app", "s3cr3t-value")).contains("s3cr3t-value"));
    }
}
