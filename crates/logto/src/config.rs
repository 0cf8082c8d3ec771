//! What the developer decides, checked once at start.

use std::{fmt, time::Duration};

use url::Url;

use crate::{
    endpoint::check_endpoint,
    http::HttpLimits,
    prompt::Prompt,
    provider_address::ProviderAddress,
    scope::{ReservedResource, ReservedScope, UserScope},
    secret::{ExposeSecret as _, SecretString},
    tls::TrustedCertificates,
};

/// How an app signs its users in with Logto.
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
    /// Address of Logto, without `/oidc`: `https://tenant.logto.app`.
    pub endpoint: String,
    /// Address at which this server reaches Logto, if that is another one than users' browsers see:
    /// `http://logto:3001` in a network of containers. Discovery, keys, tokens, userinfo and
    /// revocation go there; the issuer stays `endpoint` + `/oidc`, and browsers are sent to
    /// `endpoint`.
    pub internal_endpoint: Option<String>,
    /// The application's id in the Logto console.
    pub app_id: String,
    /// The application's secret. `None` for a public client.
    pub app_secret: Option<SecretString>,
    /// Scopes to ask for at sign-in, beside the reserved ones.
    pub scopes: Vec<String>,
    /// Resource indicators (RFC 8707) of the APIs the app wants tokens for.
    pub resources: Vec<String>,
    /// `prompt` of the authorization request (OIDC Core §3.1.2.1). The default is `consent`:
    /// without it Logto silently drops `offline_access`, and there is no refresh token.
    pub prompt: Vec<Prompt>,
    /// Whether [`ReservedScope`]s are added to `scopes`. On by default; off only for an app that
    /// wants no refresh token.
    pub include_reserved_scopes: bool,
    /// How far clocks may differ, in **seconds**, when a token's times are judged. 60 by default:
    /// enough for machines with NTP, and short against the hour a token lives.
    pub clock_tolerance: u64,
    /// How long a sign-in may take, in **seconds**, from the redirect to Logto until the callback.
    /// One hour by default, as long as Logto itself gives a user: registration, an e-mail and a
    /// second factor fit in.
    pub transaction_lifetime: u64,
    /// How long discovery and keys are used before they are fetched anew. One hour by default; keys
    /// that are missing are fetched earlier, and while the provider is down the old ones are used
    /// on.
    pub metadata_lifetime: Duration,
    /// Limits for requests to the provider.
    pub http_limits: HttpLimits,
    /// Certificate authorities to trust beside those of the system, for a Logto whose certificate a
    /// private one has signed. None by default.
    pub trusted_certificates: TrustedCertificates,
    /// Whether `endpoint` and `internal_endpoint` may be http beyond this machine. Off by default:
    /// tokens would cross the network unencrypted. Meant for a Logto in the same private container
    /// network.
    pub allow_http: bool,
}

impl LogtoConfig {
    /// A configuration with the defaults, for a Traditional web application.
    #[must_use]
    pub fn new(endpoint: impl Into<String>, app_id: impl Into<String>, app_secret: impl Into<SecretString>) -> Self {
        Self {
            endpoint: endpoint.into(),
            internal_endpoint: None,
            app_id: app_id.into(),
            app_secret: Some(app_secret.into()),
            scopes: Vec::new(),
            resources: Vec::new(),
            prompt: vec![Prompt::Consent],
            include_reserved_scopes: true,
            clock_tolerance: 60,
            transaction_lifetime: 3600,
            metadata_lifetime: Duration::from_secs(3600),
            http_limits: HttpLimits::default(),
            trusted_certificates: TrustedCertificates::default(),
            allow_http: false,
        }
    }

    /// The same with these scopes; [`UserScope`]s and API scopes alike.
    #[must_use]
    pub fn with_scopes<S: Into<String>>(mut self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.scopes = scopes.into_iter().map(Into::into).collect();
        self
    }

    /// The same with these API resources.
    #[must_use]
    pub fn with_resources<S: Into<String>>(mut self, resources: impl IntoIterator<Item = S>) -> Self {
        self.resources = resources.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the address at which this server reaches Logto, see [`LogtoConfig::internal_endpoint`].
    #[must_use]
    pub fn with_internal_endpoint(mut self, endpoint: impl Into<String>) -> Self {
        self.internal_endpoint = Some(endpoint.into());
        self
    }

    /// Adds certificate authorities to trust, see [`LogtoConfig::trusted_certificates`].
    #[must_use]
    pub fn with_trusted_certificates(mut self, certificates: TrustedCertificates) -> Self {
        self.trusted_certificates = certificates;
        self
    }

    /// The same with this `prompt`.
    #[must_use]
    pub fn with_prompt(mut self, prompt: impl IntoIterator<Item = Prompt>) -> Self {
        self.prompt = prompt.into_iter().collect();
        self
    }

    /// Checks every value and adds what is reserved.
    ///
    /// # Errors
    ///
    /// All that is wrong at once, each with what to do.
    pub fn check(self) -> Result<CheckedConfig, ConfigError> {
        let mut problems = Vec::new();
        let endpoint = check_endpoint("endpoint", &self.endpoint, self.allow_http, &mut problems);
        let internal = self.internal_endpoint.as_ref();
        let internal =
            internal.and_then(|url| check_endpoint("internal_endpoint", url, self.allow_http, &mut problems));
        if self.app_id.trim().is_empty() {
            problems.push(ConfigProblem::new(
                "app_id_missing",
                "`app_id` is empty; copy it from the application's page in the Logto console",
            ));
        } else if !self
            .app_id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        {
            problems.push(ConfigProblem::new(
                "app_id_invalid",
                "`app_id` may hold letters, digits, `-` and `_` only; copy it from the Logto console",
            ));
        }
        if self
            .app_secret
            .as_ref()
            .is_some_and(|secret| secret.expose_secret().trim().is_empty())
        {
            problems.push(ConfigProblem::new(
                "app_secret_missing",
                "`app_secret` is empty; copy it from the Logto console, or leave it out for a public client",
            ));
        }
        for scope in &self.scopes {
            if scope.is_empty() || !scope.bytes().all(is_scope_byte) {
                problems.push(ConfigProblem::new("scope_invalid", format!("the scope {scope:?} is empty or has characters RFC 6749 §3.3 does not allow; give one scope an entry")));
            }
        }
        for resource in &self.resources {
            if Url::parse(resource).map_or(true, |url| url.fragment().is_some()) {
                problems.push(ConfigProblem::new("resource_invalid", format!("the resource {resource:?} is no absolute URI without fragment (RFC 8707 §2); copy the API identifier from the Logto console")));
            }
        }
        if self.prompt.contains(&Prompt::None) && self.prompt.len() > 1 {
            problems.push(ConfigProblem::new(
                "prompt_invalid",
                "`prompt` has `none` beside others; `none` stands alone",
            ));
        }
        if self.clock_tolerance > MOST_CLOCK_TOLERANCE {
            problems.push(ConfigProblem::new(
                "clock_tolerance_invalid",
                format!("`clock_tolerance` is above {MOST_CLOCK_TOLERANCE} seconds; set the clocks instead"),
            ));
        }
        if !(1..=LONGEST_TRANSACTION).contains(&self.transaction_lifetime) {
            problems.push(ConfigProblem::new(
                "transaction_lifetime_invalid",
                format!("`transaction_lifetime` is not between 1 and {LONGEST_TRANSACTION} seconds; Logto gives a user an hour"),
            ));
        }
        match endpoint {
            Some(endpoint) if problems.is_empty() => Ok(CheckedConfig::new(self, &endpoint, internal.as_ref())),
            _ => Err(ConfigError { problems }),
        }
    }
}

/// Ten minutes: beyond that a token would live noticeably longer than the provider meant.
const MOST_CLOCK_TOLERANCE: u64 = 600;

/// A day: the cookie of a sign-in that was abandoned goes along with every request until then.
const LONGEST_TRANSACTION: u64 = 24 * 60 * 60;
/// Characters of a scope token (RFC 6749 §3.3).
fn is_scope_byte(byte: u8) -> bool {
    matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e)
}

/// A [`LogtoConfig`] that passed [`LogtoConfig::check`], with the reserved scopes and resources
/// added.
#[derive(Clone, Debug)]
pub struct CheckedConfig {
    config: LogtoConfig,
    issuer: String,
    provider: ProviderAddress,
}

impl CheckedConfig {
    fn new(mut config: LogtoConfig, endpoint: &Url, internal: Option<&Url>) -> Self {
        let mut scopes: Vec<String> = Vec::new();
        if config.include_reserved_scopes {
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
        if config
            .scopes
            .iter()
            .any(|scope| scope == UserScope::Organizations.as_str())
        {
            config.resources.push(ReservedResource::Organization.into());
        }
        config.resources = without_repeats(config.resources);
        let issuer = format!("{}/oidc", endpoint.as_str().trim_end_matches('/'));
        let provider = ProviderAddress::new(endpoint, internal);
        Self {
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

    /// The provider's public and internal address.
    pub(crate) fn provider(&self) -> &ProviderAddress {
        &self.provider
    }

    /// The application's id.
    #[must_use]
    pub fn app_id(&self) -> &str {
        &self.config.app_id
    }

    /// Every scope that is asked for.
    #[must_use]
    pub fn scopes(&self) -> &[String] {
        &self.config.scopes
    }

    /// Every resource that is asked for.
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

    pub(crate) fn app_secret(&self) -> Option<&SecretString> {
        self.config.app_secret.as_ref()
    }

    pub(crate) fn prompt(&self) -> &[Prompt] {
        &self.config.prompt
    }

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

/// One thing that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// A stable code.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl ConfigProblem {
    /// A problem with its code and what to do about it.
    #[must_use]
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
        }
    }
}

/// Everything that is wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The problems, in the order of the settings.
    pub problems: Vec<ConfigProblem>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the Logto configuration is not valid:")?;
        self.problems
            .iter()
            .try_for_each(|problem| write!(f, "\n- {} [{}]", problem.message, problem.code))
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn config() -> LogtoConfig {
        LogtoConfig::new("https://tenant.logto.app/", "app", "secret")
    }

    pub(crate) fn codes(config: LogtoConfig) -> Vec<&'static str> {
        config
            .check()
            .unwrap_err()
            .problems
            .iter()
            .map(|problem| problem.code)
            .collect()
    }

    #[test]
    fn the_reserved_scopes_are_added_once() {
        let checked = config().with_scopes(["profile", "email"]).check().unwrap();
        assert_eq!(checked.scopes(), ["openid", "offline_access", "profile", "email"]);
        assert_eq!(checked.issuer(), "https://tenant.logto.app/oidc");
    }

    #[test]
    fn the_reserved_scopes_can_be_left_out() {
        let mut config = config().with_scopes(["openid"]);
        config.include_reserved_scopes = false;
        assert_eq!(config.check().unwrap().scopes(), ["openid"]);
    }

    #[test]
    fn the_organization_resource_joins_only_with_the_organizations_scope() {
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

    #[test]
    fn all_problems_are_told_at_once() {
        let mut bad = LogtoConfig::new("tenant", " ", "");
        bad.scopes = vec!["two scopes".into()];
        bad.resources = vec!["/relative".into()];
        bad.prompt = vec![Prompt::None, Prompt::Login];
        bad.clock_tolerance = 601;
        bad.transaction_lifetime = 0;
        assert_eq!(
            codes(bad),
            [
                "endpoint_invalid",
                "app_id_missing",
                "app_secret_missing",
                "scope_invalid",
                "resource_invalid",
                "prompt_invalid",
                "clock_tolerance_invalid",
                "transaction_lifetime_invalid"
            ]
        );
    }

    #[test]
    fn the_secret_is_not_in_the_debug_output() {
        assert!(!format!("{:?}", LogtoConfig::new("https://a", "app", "s3cr3t-value")).contains("s3cr3t-value"));
    }
}
