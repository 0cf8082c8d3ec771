//! Settings: `Leptos.toml` and environment variables, checked together.

#[cfg(feature = "dev-provider")]
mod development;
mod file;
mod store;
#[cfg(test)]
mod tests;

use std::{collections::HashMap, fmt, net::SocketAddr, path::Path, time::Duration};

use leptos::config::{LeptosOptions, get_configuration};
use logto_leptos::{Logto, LogtoConfig, SecurityHeaders, SetUpError, Texts, WebConfig};

use self::file::{FILE, LogtoTable};
pub use self::store::StoreKind;
use crate::samples::scopes::USER_SCOPES;

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
    /// Where sessions are kept.
    pub store: StoreKind,
    /// The address that serves metrics. `None`: no metrics are recorded.
    pub metrics_address: Option<SocketAddr>,
    /// How long the app serves requests after SIGTERM while `/ready` already answers 503.
    pub drain_delay: Duration,
    /// Whether the provider is the local one, whose demo users the home page lists.
    pub local_provider: bool,
    /// How long requests may take to finish after SIGTERM.
    pub drain_limit: Duration,
}

/// Longer than a sign-in or a refresh usually takes.
const DRAIN_LIMIT: Duration = Duration::from_secs(25);

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
        let leptos = leptos_options()?;
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
        let mut problems = Vec::new();
        let table = LogtoTable::parse(file).unwrap_or_else(|problem| {
            problems.push(problem);
            LogtoTable::default()
        });
        let variable = |name: &str| {
            let set = environment.get(name).filter(|text| !text.trim().is_empty());
            set.map(String::as_str).or(table.get(name)).map(str::to_owned)
        };
        let read = Logto::config_from(|name| {
            variable(name).or_else(|| match name {
                "LOGTO_SCOPES" => Some(default_scopes().join(" ")),
                "LEPTOS_SITE_ADDR" => Some(leptos.site_addr.to_string()),
                _ => None,
            })
        });
        let metrics_address = variable("LOGTO_METRICS_ADDRESS").map(|address| address.trim().parse());
        let metrics_address = metrics_address.transpose().unwrap_or_else(|_| {
            problems.push("LOGTO_METRICS_ADDRESS is not an address with a port, such as 127.0.0.1:9464".into());
            None
        });
        let drain_delay = variable("LOGTO_DRAIN_DELAY").map(|seconds| seconds.trim().parse());
        let drain_delay = drain_delay.transpose().unwrap_or_else(|_| {
            problems.push("LOGTO_DRAIN_DELAY is not a whole number of seconds, such as 10".into());
            None
        });
        let (logto, web) = match read {
            Ok(configs) if problems.is_empty() => configs,
            Ok(_) => return Err(SettingsError(problems)),
            Err(SetUpError::Config(error)) => {
                problems.extend(error.problems.into_iter().map(|problem| problem.message));
                return Err(SettingsError(problems));
            }
            Err(error) => return Err(SettingsError(vec![error.to_string()])),
        };
        let drain_limit = drain_limit(variable("LOGTO_DRAIN_LIMIT")).map_err(|problem| SettingsError(vec![problem]))?;
        let resources = variable("LOGTO_RESOURCES").unwrap_or_default();
        let resources: Vec<_> = resources.split_ascii_whitespace().map(str::to_owned).collect();
        Ok(Self {
            leptos,
            logto,
            web: web
                .with_error_path("/auth-error")
                .with_texts(Texts::default().with_languages(["en", "fr"]))
                .with_security_headers(SecurityHeaders::strict()),
            products_resource: resources.first().cloned(),
            resources,
            store: variable("LOGTO_STORE_URL").map_or_else(StoreKind::default, |address| StoreKind::of(&address)),
            metrics_address,
            drain_delay: Duration::from_secs(drain_delay.unwrap_or_default()),
            local_provider: variable("LOGTO_LOCAL_PROVIDER").is_some_and(|text| text.trim() == "true"),
            drain_limit,
        })
    }
}

/// The scopes that the quick start shows: all user scopes that a new Logto tenant supports, and the
/// permissions of the demo's APIs and organizations.
fn default_scopes() -> Vec<String> {
    let api = [
        "read:products",
        "write:products",
        "read:orders",
        "read:members",
        "write:members",
    ];
    USER_SCOPES
        .into_iter()
        .map(String::from)
        .chain(api.map(str::to_owned))
        .collect()
}

/// Reads the limit, in seconds.
fn drain_limit(text: Option<String>) -> Result<Duration, String> {
    let Some(text) = text else { return Ok(DRAIN_LIMIT) };
    let seconds = text.trim().parse().map(Duration::from_secs);
    seconds.map_err(|_| format!("LOGTO_DRAIN_LIMIT is not a number of seconds: {text}"))
}

/// The address on which the app listens.
pub(super) fn listening_address() -> Result<SocketAddr, SettingsError> {
    leptos_options().map(|options| options.site_addr)
}

/// `cargo leptos` passes the options in the environment. Otherwise the app reads the file.
fn leptos_options() -> Result<LeptosOptions, SettingsError> {
    let from_environment = std::env::var_os("LEPTOS_OUTPUT_NAME").is_some() || !Path::new(FILE).exists();
    let file = (!from_environment).then_some(FILE);
    let configuration = get_configuration(file).map_err(|error| SettingsError(vec![error.to_string()]))?;
    Ok(configuration.leptos_options)
}
