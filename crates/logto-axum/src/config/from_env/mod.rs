//! The settings from environment variables. No other file of this crate reads the environment.

#[cfg(any(test, all(feature = "dev-provider", debug_assertions)))]
mod development;
mod reader;
#[cfg(test)]
mod tests;

use std::env;

use logto::LogtoConfig;

use self::reader::Reader;
use crate::{Logto, SetUpError, TokenVerifier, WebConfig};

impl TokenVerifier {
    /// Creates a verifier with the settings from environment variables: `LOGTO_ENDPOINT` and, if
    /// they are set, `LOGTO_INTERNAL_ENDPOINT`, `LOGTO_CA_FILE`, `LOGTO_ALLOW_HTTP` and
    /// `LOGTO_CLOCK_TOLERANCE`. [`Logto::config_from_env`] describes them.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), logto_axum::SetUpError> {
    /// let verifier = logto_axum::TokenVerifier::from_env()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// All problems at once, or the reason why the TLS client cannot be created.
    pub fn from_env() -> Result<Self, SetUpError> {
        Self::with_config(Reader::new(&variable).read_api()?)
    }
}

/// Not `env::var`: a variable that is not UTF-8 would seem to be missing.
fn variable(name: &str) -> Option<String> {
    env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

impl Logto {
    /// Creates the shared state with the settings from environment variables.
    ///
    /// [`Logto::config_from_env`] lists the variables.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), logto_axum::SetUpError> {
    /// let logto = logto_axum::Logto::from_env()?;
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    ///
    /// All problems at once, or the reason why the TLS client cannot be created.
    pub fn from_env() -> Result<Self, SetUpError> {
        let (config, web) = Self::config_from_env()?;
        Self::new(config, web)
    }

    /// Reads the settings from environment variables, for an app that changes some of them before
    /// it calls [`Logto::new`]. An empty variable counts as unset.
    ///
    /// | variable | value | default |
    /// |---|---|---|
    /// | `LOGTO_ENDPOINT` | address of Logto, without `/oidc` | required |
    /// | `LOGTO_APP_ID`, `LOGTO_APP_SECRET` | credentials of the application | required |
    /// | `LOGTO_COOKIE_SECRET` | secrets of 32 bytes or more, separated by spaces: the first seals, all open | required |
    /// | `LOGTO_BASE_URL` | address that users type | `http://` and `LEPTOS_SITE_ADDR`, which `cargo leptos` sets |
    /// | `LOGTO_SCOPES` | scopes, separated by spaces | none |
    /// | `LOGTO_RESOURCES` | API resources, separated by spaces | none |
    /// | `LOGTO_PROMPT` | `none`, `login`, `consent`, `select_account`, separated by spaces | `consent` |
    /// | `LOGTO_STORE_URL` | session store: `memory:`, `redis://…`, `redis-cluster://…`, `redis-sentinel://…` or `postgres://…` | sessions in cookies |
    /// | `LOGTO_DENY_LIST_URL` | store of the deny list, for sessions in cookies | memory of the process |
    /// | `LOGTO_WEBHOOK_SIGNING_KEY` | signing keys of webhooks, separated by spaces, see [`WebhookConfig`](crate::WebhookConfig) | no webhooks |
    /// | `LOGTO_SILENT_SIGN_IN` | whether visitors who are signed in at Logto become signed in, see [`WebConfig::with_silent_sign_in`] | `false` |
    /// | `LOGTO_SSO_ENTRY` | path for single sign-on that begins at the identity provider, see [`WebConfig::with_sso_entry`] | none |
    /// | `LOGTO_MANAGEMENT_APP_ID`, `LOGTO_MANAGEMENT_APP_SECRET` | credentials of a machine-to-machine app for [`Logto::management`] | none |
    /// | `LOGTO_MANAGEMENT_RESOURCE` | resource indicator of the Management API, for an endpoint with a domain of its own | that of the endpoint |
    /// | `LOGTO_FURTHER_BASE_URLS` | further addresses of the app, separated by spaces | none |
    /// | `LOGTO_TRUSTED_PROXIES` | proxies in front of the app, separated by spaces | none |
    /// | `LOGTO_INTERNAL_ENDPOINT` | address at which this server reaches Logto | `LOGTO_ENDPOINT` |
    /// | `LOGTO_CA_FILE` | PEM file of further certificate authorities, for Logto and the stores | those of the system |
    /// | `LOGTO_ALLOW_HTTP` | whether addresses beyond this machine may be http: `true` or `false` | `false` |
    /// | `LOGTO_COOKIE_SECURE` | whether cookies are sent over https only: `true` or `false` | `true` if the base URL is https |
    /// | `LOGTO_IDLE_LIFETIME`, `LOGTO_ABSOLUTE_LIFETIME` | lifetimes of sessions, in seconds | 7 and 14 days |
    /// | `LOGTO_TRANSACTION_LIFETIME` | longest time of a sign-in, in seconds | one hour |
    /// | `LOGTO_CLOCK_TOLERANCE` | longest difference between clocks, in seconds | 60 |
    /// | `LOGTO_NEXT_JS_COOKIE_SECRET` | `cookieSecret` of a Next.js app that this app replaces | none |
    ///
    /// With the feature `dev-provider`, a debug build without `LOGTO_ENDPOINT` signs in at a provider
    /// in its own process. A release build requires the variable.
    ///
    /// # Errors
    ///
    /// [`SetUpError::Config`] with all problems at once. Each message names the variable, and says
    /// how to get a value.
    pub fn config_from_env() -> Result<(LogtoConfig, WebConfig), SetUpError> {
        #[cfg(all(feature = "dev-provider", debug_assertions))]
        let variable = development::with_provider(variable, crate::dev_provider::variables)?;
        Self::config_from(variable)
    }

    /// Reads the settings of [`Logto::config_from_env`] from another source: `lookup` returns the
    /// value of a variable.
    ///
    /// ```
    /// use logto_axum::Logto;
    ///
    /// let error = Logto::config_from(|_| None).unwrap_err().to_string();
    /// assert!(error.contains("LOGTO_COOKIE_SECRET") && error.contains("openssl rand -base64 32"));
    /// ```
    ///
    /// # Errors
    ///
    /// The errors of [`Logto::config_from_env`].
    pub fn config_from(lookup: impl Fn(&str) -> Option<String>) -> Result<(LogtoConfig, WebConfig), SetUpError> {
        Ok(Reader::new(&lookup).read()?)
    }
}
