//! A provider in the app's own process, for development without a Logto server.
//!
//! [`configuration`] starts it, and returns the settings of an app that signs in there. It shows
//! sign-in, consent and sign-out pages, answers as a Logto server does, and has the users, roles,
//! API resources and organizations of `logto-dev.toml` in the working directory, which the first
//! start writes with comments.
//!
//! ```no_run
//! use logto_axum::{Logto, dev_provider};
//!
//! let (logto, web) = dev_provider::configuration("http://127.0.0.1:3000")?;
//! let logto = Logto::new(logto, web)?;
//! # Ok::<(), logto_axum::SetUpError>(())
//! ```
//!
//! # Restarts
//!
//! `cargo leptos watch` restarts the app after every change. `logto-dev.toml` sets the port;
//! `.logto-dev/` beside it keeps the client secrets, the signing key, the app's cookie secret, the
//! provider's sessions and all refresh tokens, so that users stay signed in at the app and at the
//! provider. Git ignores that directory; deleting it signs everyone out. A sign-in that a restart
//! interrupts has to start again.
//!
//! # Never in production
//!
//! Anyone who can reach the provider can be any user. It listens on the loopback address only,
//! and [`configuration`] is an error in a build without debug assertions and with a base URL beyond
//! this machine. The provider sends no back-channel logout.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

use logto::{ConfigError, ConfigProblem, LogtoConfig, UserScope, is_loopback};
use logto_testing::{DevProvider, MachineApp};
use url::Url;

pub use logto_testing::DevProviderError;

use crate::{config::WebConfig, error::SetUpError, stderr::print_without_subscriber};

/// The provider of this process.
static PROVIDER: Mutex<Option<DevProvider>> = Mutex::new(None);

/// Starts the development provider with the files in the working directory, unless it runs already,
/// and returns the settings of an app that signs in there. The provider runs until the process
/// ends.
///
/// `base_url` is that of [`WebConfig::new`]. The settings request all permissions of
/// `logto-dev.toml` and the scopes `email`, `phone`, `roles`, `custom_data`, organizations and
/// organization roles. The cookie secret is kept in `.logto-dev/`.
///
/// # Errors
///
/// [`SetUpError::Config`] with the code `dev_provider_in_release` in a build without debug
/// assertions, and with `dev_provider_beyond_loopback` if the base URL is not on this machine.
/// [`SetUpError::DevProvider`] if the provider cannot start: a file is invalid, or the port is in
/// use.
pub fn configuration(base_url: &str) -> Result<(LogtoConfig, WebConfig), SetUpError> {
    with_provider(base_url, |provider| settings(provider, base_url))
}

/// Like [`configuration`], but returns environment variables, for an app that reads its settings
/// from there: `LOGTO_ENDPOINT`, `LOGTO_APP_ID`, `LOGTO_APP_SECRET`, `LOGTO_COOKIE_SECRET`,
/// `LOGTO_SCOPES` and `LOGTO_RESOURCES`, with the defaults for those that are not set. If a
/// machine-to-machine app has access to the Management API, the first one is returned as
/// `LOGTO_MANAGEMENT_APP_ID` and `LOGTO_MANAGEMENT_APP_SECRET`.
///
/// # Errors
///
/// The errors of [`configuration`].
pub fn variables(base_url: &str) -> Result<Vec<(&'static str, String)>, SetUpError> {
    with_provider(base_url, |provider| {
        let [scopes, resources] = requested(provider);
        let mut variables = vec![
            ("LOGTO_ENDPOINT", provider.endpoint().to_owned()),
            ("LOGTO_APP_ID", provider.app_id().to_owned()),
            ("LOGTO_APP_SECRET", provider.app_secret().to_owned()),
            ("LOGTO_COOKIE_SECRET", provider.cookie_secret().to_owned()),
            ("LOGTO_SCOPES", scopes),
            ("LOGTO_RESOURCES", resources),
        ];
        if let Some(app) = management_app(provider) {
            variables.push(("LOGTO_MANAGEMENT_APP_ID", app.id.clone()));
            variables.push(("LOGTO_MANAGEMENT_APP_SECRET", app.secret.clone()));
        }
        variables
    })
}

fn with_provider<T>(base_url: &str, settings: impl FnOnce(&DevProvider) -> T) -> Result<T, SetUpError> {
    check(base_url, cfg!(debug_assertions))?;
    let mut provider = PROVIDER.lock().unwrap_or_else(PoisonError::into_inner);
    let provider = match &mut *provider {
        Some(running) => running,
        none => {
            let started = DevProvider::start(Path::new("."))?;
            announce(&started);
            none.insert(started)
        }
    };
    Ok(settings(provider))
}

/// The first machine-to-machine app with access to the Management API.
fn management_app(provider: &DevProvider) -> Option<&MachineApp> {
    provider.machine_apps().iter().find(|app| app.may_manage())
}

fn settings(provider: &DevProvider, base_url: &str) -> (LogtoConfig, WebConfig) {
    let mut logto = LogtoConfig::new(provider.endpoint(), provider.app_id(), provider.app_secret())
        .with_scopes(scopes(provider))
        .with_resources(provider.resources());
    if let Some(app) = management_app(provider) {
        logto = logto.with_management_app(&app.id, app.secret.as_str());
    }
    (logto, WebConfig::new(base_url, [provider.cookie_secret().into()]))
}

/// The values of `LOGTO_SCOPES` and `LOGTO_RESOURCES`.
fn requested(provider: &DevProvider) -> [String; 2] {
    let scopes: Vec<_> = scopes(provider).collect();
    [scopes.join(" "), provider.resources().join(" ")]
}

fn scopes(provider: &DevProvider) -> impl Iterator<Item = &str> {
    let user_scopes = [
        UserScope::Email,
        UserScope::Phone,
        UserScope::Roles,
        UserScope::CustomData,
        UserScope::Organizations,
        UserScope::OrganizationRoles,
    ];
    let permissions = provider.scopes().iter().map(String::as_str);
    user_scopes.map(UserScope::as_str).into_iter().chain(permissions)
}

/// Rejects a release build, and a base URL beyond this machine.
fn check(base_url: &str, is_debug_build: bool) -> Result<(), ConfigError> {
    let mut problems = Vec::new();
    if !is_debug_build {
        problems.push(ConfigProblem::new(
            "dev_provider_in_release",
            "this is a release build, which never starts the development provider: set LOGTO_ENDPOINT, LOGTO_APP_ID \
             and LOGTO_APP_SECRET to those of the application in the Logto console",
        ));
    }
    // An invalid base URL is reported with the other settings.
    if let Ok(url) = Url::parse(base_url)
        && !is_loopback(&url)
    {
        problems.push(ConfigProblem::new(
            "dev_provider_beyond_loopback",
            format!(
                "the development provider serves apps on this machine only, and the base URL is {base_url}: use \
                 http://127.0.0.1 or http://localhost, or set LOGTO_ENDPOINT"
            ),
        ));
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(ConfigError::new(problems))
    }
}

fn announce(provider: &DevProvider) {
    if provider.created_file() {
        let file = provider.file().display();
        tracing::info!("{file} is new: it has the users, roles and settings of the development provider");
    }
    let banner = banner(provider);
    tracing::warn!("{banner}");
    print_without_subscriber(&banner);
}

fn banner(provider: &DevProvider) -> String {
    let (endpoint, file) = (provider.endpoint(), provider.file().display());
    let users = provider.usernames().join(", ");
    let [scopes, resources] = requested(provider);
    format!(
        "LOGTO_ENDPOINT is not set, so a DEVELOPMENT PROVIDER runs at {endpoint}: not Logto, for this machine only. \
         Users: {users}; see {file}\n\
         Sign-ins here request all scopes and resources. With a Logto server, set those that the app needs:\n\
         LOGTO_SCOPES=\"{scopes}\"\n\
         LOGTO_RESOURCES=\"{resources}\""
    )
}

#[cfg(test)]
mod tests {
    use logto::ExposeSecret as _;

    use super::*;

    fn codes(base_url: &str, is_debug_build: bool) -> Vec<&'static str> {
        let problems = check(base_url, is_debug_build).map_or_else(|error| error.problems, |()| Vec::new());
        problems.into_iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn only_a_debug_build_on_this_machine_starts_it() {
        for base_url in [
            "http://127.0.0.1:3000",
            "http://localhost:3000/app",
            "http://[::1]:3000",
        ] {
            assert!(codes(base_url, true).is_empty(), "{base_url}");
            assert_eq!(codes(base_url, false), ["dev_provider_in_release"], "{base_url}");
        }
        for base_url in ["http://192.168.1.20:3000", "https://app.example.com"] {
            assert_eq!(codes(base_url, true), ["dev_provider_beyond_loopback"], "{base_url}");
        }
    }

    #[test]
    fn the_settings_request_everything_in_the_file_and_keep_the_secret() {
        let directory = tempfile::tempdir().unwrap();
        let provider = DevProvider::start(directory.path()).unwrap();
        let (logto, web) = settings(&provider, "http://127.0.0.1:3000");
        let text = format!("{logto:?}");
        for part in [
            provider.endpoint(),
            "https://api.example.com",
            "write:orders",
            "write:members",
            "custom_data",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert!(crate::Logto::new(logto, web.clone()).is_ok());
        drop(provider);
        let again = DevProvider::start(directory.path()).unwrap();
        let (_, web_again) = settings(&again, "http://127.0.0.1:3000");
        let secret = |web: &WebConfig| web.cookie_secrets()[0].expose_secret().to_owned();
        assert_eq!(secret(&web_again), secret(&web));
    }

    #[test]
    fn the_banner_has_the_variables_that_a_logto_server_needs_for_the_same_result() {
        let directory = tempfile::tempdir().unwrap();
        let provider = DevProvider::start(directory.path()).unwrap();
        let banner = banner(&provider);
        let value = |name: &str| {
            let start = format!("{name}=\"");
            let value = banner.lines().find_map(|line| line.strip_prefix(&start));
            value.and_then(|value| value.strip_suffix('"')).unwrap().to_owned()
        };
        let (from_variables, _) = crate::Logto::config_from(|name| match name {
            "LOGTO_SCOPES" | "LOGTO_RESOURCES" => Some(value(name)),
            "LOGTO_ENDPOINT" => Some(provider.endpoint().to_owned()),
            "LOGTO_BASE_URL" => Some("http://127.0.0.1:3000".to_owned()),
            "LOGTO_APP_ID" | "LOGTO_APP_SECRET" | "LOGTO_COOKIE_SECRET" => Some("0".repeat(32)),
            _ => None,
        })
        .unwrap();
        let (of_provider, _) = settings(&provider, "http://127.0.0.1:3000");
        let [from_variables, of_provider] = [from_variables, of_provider].map(|config| config.check().unwrap());
        assert_eq!(from_variables.scopes(), of_provider.scopes());
        assert_eq!(from_variables.resources(), of_provider.resources());
        assert!(from_variables.scopes().iter().any(|scope| scope == "roles"));
    }

    /// The test runs itself in a second process, whose stderr it reads.
    #[test]
    fn without_a_subscriber_the_banner_is_on_stderr() {
        const IN_CHILD: &str = "LOGTO_TEST_IN_CHILD";
        if std::env::var_os(IN_CHILD).is_some() {
            variables("http://127.0.0.1:3000").unwrap();
            return;
        }
        let directory = tempfile::tempdir().unwrap();
        let test = "dev_provider::tests::without_a_subscriber_the_banner_is_on_stderr";
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test, "--nocapture"])
            .env(IN_CHILD, "1")
            .current_dir(directory.path())
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr.matches("DEVELOPMENT PROVIDER").count(), 1, "{stderr}");
    }
}
