//! Settings: `Leptos.toml` and environment variables, checked together.

#[cfg(feature = "dev-provider")]
mod development;
mod file;
mod logto;
mod reader;
#[cfg(test)]
mod tests;
mod web;

use std::{collections::HashMap, fmt, path::Path};

use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_configuration};
use logto_leptos::{LogtoConfig, WebConfig};

use self::{
    file::{FILE, LogtoTable},
    reader::Reader,
};

/// All settings of the app.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The address to listen on, and the directory of the site's files.
    pub leptos: LeptosOptions,
    /// The provider and this application.
    pub logto: LogtoConfig,
    /// The base URL, the routes and the sessions.
    pub web: WebConfig,
    /// The API resources that sign-ins request.
    pub resources: Vec<String>,
    /// The resource indicator of this app's own API: the first of `resources`.
    pub products_resource: Option<String>,
    /// The URL that users type.
    pub base_url: String,
    /// Whether the provider is the local one, whose demo users the home page lists.
    pub local_provider: bool,
}

/// Every problem of the settings.
#[derive(Debug)]
pub struct SettingsError(Vec<String>);

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "The settings are not complete ({FILE}, environment, .env; see .env.example):"
        )?;
        self.0.iter().try_for_each(|problem| write!(f, "\n- {problem}"))
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// Reads `Leptos.toml` in the working directory, if it exists, and the environment, which takes
    /// precedence.
    ///
    /// # Errors
    ///
    /// Lists every setting that is missing or invalid.
    pub fn load() -> Result<Self, SettingsError> {
        let leptos = leptos_options().map_err(|error| SettingsError(vec![error.to_string()]))?;
        let file = std::fs::read_to_string(FILE).unwrap_or_default();
        let environment = std::env::vars().collect();
        #[cfg(feature = "dev-provider")]
        let environment = development::with_provider(environment, &file, leptos.site_addr)
            .map_err(|error| SettingsError(vec![error.to_string()]))?;
        Self::from_parts(leptos, &file, &environment)
    }

    /// Reads the settings from the text of a file and from `environment`.
    ///
    /// # Errors
    ///
    /// Like [`Settings::load`].
    pub fn from_parts(
        leptos: LeptosOptions,
        file: &str,
        environment: &HashMap<String, String>,
    ) -> Result<Self, SettingsError> {
        let mut read = Reader::new(environment);
        let table = LogtoTable::parse(file).unwrap_or_else(|problem| {
            read.problem(problem);
            LogtoTable::default()
        });
        let certificates = read.certificates("LOGTO_CA_FILE", table.ca_file.as_deref());
        let allow_http = read.switch("LOGTO_ALLOW_HTTP").or(table.allow_http).unwrap_or_default();
        let resources = read
            .list("LOGTO_RESOURCES", table.resources.as_deref())
            .unwrap_or_default();
        let base_url = read.base_url(table.base_url.as_deref(), leptos.site_addr);
        let logto = read.logto_config(&table, allow_http, &resources, &certificates);
        let web = read.web_config(&table, allow_http, &base_url, &certificates);
        let local_provider = read.switch("LOGTO_LOCAL_PROVIDER").unwrap_or_default();
        read.finish()?;
        Ok(Self {
            leptos,
            logto,
            web,
            products_resource: resources.first().cloned(),
            resources,
            base_url,
            local_provider,
        })
    }
}

/// `cargo leptos` passes the options in the environment. Otherwise the app reads the file.
fn leptos_options() -> Result<LeptosOptions, LeptosConfigError> {
    let from_environment = std::env::var_os("LEPTOS_OUTPUT_NAME").is_some() || !Path::new(FILE).exists();
    let file = (!from_environment).then_some(FILE);
    get_configuration(file).map(|configuration| configuration.leptos_options)
}
