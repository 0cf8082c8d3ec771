//! The app's settings, with the same precedence as in the app: environment, `.env`, `Leptos.toml`.
//!
//! Without a Logto endpoint, a debug build of the app starts the development provider itself. A
//! release build never does, so that `script/server --release` starts the local provider of the
//! browser tests.

use std::{
    collections::HashMap,
    env, fs,
    net::{Ipv4Addr, SocketAddr},
};

use serde::Deserialize;

use crate::{
    environment::Environment,
    error::{Error, Result},
};

const FILE: &str = "Leptos.toml";
/// The settings of the development provider.
const DEVELOPMENT_FILE: &str = "logto-dev.toml";
const DEFAULT_ADDRESS: &str = "127.0.0.1:3000";
const DEFAULT_RELOAD_PORT: u16 = 3303;
const DEFAULT_PROVIDER_PORT: u16 = 3302;
/// The API resources that the local provider knows.
const DEMO_RESOURCES: &str = "https://products.example.com/api https://orders.example.com/api";

#[derive(Debug, PartialEq)]
pub(super) struct Settings {
    pub(super) address: SocketAddr,
    pub(super) base_url: String,
    /// The endpoint of Logto. `None` selects the local provider.
    pub(super) endpoint: Option<String>,
    pub(super) needs_cookie_secret: bool,
    reload_port: u16,
    /// The port of the local provider, for a release build.
    local_port: u16,
    /// The port of the development provider, for a debug build.
    development_port: u16,
    resources: String,
}

/// A port that has to be free, and how to choose another one.
pub(super) struct Port {
    pub(super) number: u16,
    pub(super) purpose: &'static str,
    pub(super) other: &'static str,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct File {
    logto: LogtoTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LogtoTable {
    endpoint: Option<String>,
    base_url: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct DevelopmentFile {
    provider: ProviderTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProviderTable {
    port: Option<u16>,
}

impl Settings {
    pub(super) fn load() -> Result<Self> {
        let mut variables = dot_env()?;
        variables.extend(env::vars());
        Self::from_parts(&variables, &read(FILE)?, &read(DEVELOPMENT_FILE)?)
    }

    fn from_parts(variables: &HashMap<String, String>, file: &str, development: &str) -> Result<Self> {
        let logto = toml::from_str::<File>(file)
            .map_err(|error| Error::format(FILE, error.message()))?
            .logto;
        // The app reports what is wrong with this file, with the line.
        let development = toml::from_str::<DevelopmentFile>(development).unwrap_or_default();
        // An empty variable does not hide the file's value.
        let variable = |name: &str| {
            let value = variables.get(name).map(|value| value.trim().to_owned());
            value.filter(|value| !value.is_empty())
        };
        let port = |name, default| match variable(name) {
            Some(text) => text.parse().map_err(|_| not_a_port(name, &text)),
            None => Ok(default),
        };
        let address = variable("LEPTOS_SITE_ADDR").unwrap_or_else(|| DEFAULT_ADDRESS.to_owned());
        let address: SocketAddr = address.parse().map_err(|_| not_an_address(&address))?;
        let base_url = variable("LOGTO_BASE_URL").or(logto.base_url);
        let base_url = base_url.unwrap_or_else(|| url_of(address));
        Ok(Self {
            address,
            base_url: base_url.trim_end_matches('/').to_owned(),
            endpoint: variable("LOGTO_ENDPOINT").or(logto.endpoint),
            needs_cookie_secret: variable("LOGTO_COOKIE_SECRET").is_none(),
            reload_port: port("LEPTOS_RELOAD_PORT", DEFAULT_RELOAD_PORT)?,
            local_port: port("PROVIDER_PORT", DEFAULT_PROVIDER_PORT)?,
            development_port: development.provider.port.unwrap_or(DEFAULT_PROVIDER_PORT),
            resources: variable("LOGTO_RESOURCES").unwrap_or_else(|| DEMO_RESOURCES.to_owned()),
        })
    }

    /// The ports that the app, cargo-leptos and the local provider will listen on.
    pub(super) fn ports(&self, is_release: bool) -> Vec<Port> {
        let mut ports = vec![Port {
            number: self.address.port(),
            purpose: "the app",
            other: "LEPTOS_SITE_ADDR=127.0.0.1:3100 script/server",
        }];
        if !is_release {
            ports.push(Port {
                number: self.reload_port,
                purpose: "reloading the browser",
                other: "LEPTOS_RELOAD_PORT=3403 script/server",
            });
        }
        match self.endpoint {
            Some(_) => {}
            None if is_release => ports.push(Port {
                number: self.local_port,
                purpose: "the local provider",
                other: "PROVIDER_PORT=3402 script/server --release",
            }),
            None => ports.push(Port {
                number: self.development_port,
                purpose: "the development provider",
                other: "set `port` in logto-dev.toml",
            }),
        }
        ports
    }

    /// Sets the variables that `script/server` reads, and without an endpoint those of the app and
    /// the local provider.
    pub(super) fn add_to(&self, environment: &mut Environment, is_release: bool) {
        environment.set("APP_PORT", self.address.port().to_string());
        environment.set("APP_URL", &self.base_url);
        environment.set("APP_PROVIDER", self.endpoint.clone().unwrap_or_default());
        if self.endpoint.is_some() {
            return;
        }
        environment.set("LOGTO_BASE_URL", &self.base_url);
        environment.set("LOGTO_RESOURCES", &self.resources);
        if !is_release {
            return;
        }
        environment.set("PROVIDER_PORT", self.local_port.to_string());
        environment.set("PROVIDER_APP_URL", &self.base_url);
        environment.set(
            "PROVIDER_BACKCHANNEL_LOGOUT_URI",
            format!("{}/backchannel-logout", self.base_url),
        );
        environment.set("PROVIDER_BACKCHANNEL_LOGOUT_SESSION_REQUIRED", "true");
        environment.set("LOGTO_ENDPOINT", format!("http://127.0.0.1:{}", self.local_port));
        environment.set("LOGTO_APP_ID", "quick-start");
        environment.set("LOGTO_APP_SECRET", "quick-start-secret");
        environment.set("LOGTO_LOCAL_PROVIDER", "true");
    }
}

/// The text of a file, or nothing if there is none.
fn read(file: &str) -> Result<String> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(text),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(error) => Err(Error::file(file)(error)),
    }
}

/// The variables in `.env`, as the app reads them.
fn dot_env() -> Result<HashMap<String, String>> {
    let wrong = |error: dotenvy::Error| Error::format(".env", error.to_string());
    match dotenvy::dotenv_iter() {
        Ok(variables) => variables.collect::<std::result::Result<_, _>>().map_err(wrong),
        Err(error) if error.not_found() => Ok(HashMap::new()),
        Err(error) => Err(wrong(error)),
    }
}

/// The address at which a browser on this machine reaches a server that listens on `address`.
fn url_of(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://{}:{}", Ipv4Addr::LOCALHOST, address.port())
    } else {
        format!("http://{address}")
    }
}

fn not_a_port(name: &str, text: &str) -> Error {
    Error::advised(
        format!("{name}={text} is not a port"),
        ["Use a number between 1 and 65535."],
    )
}

fn not_an_address(text: &str) -> Error {
    Error::advised(
        format!("LEPTOS_SITE_ADDR={text} is not an address with a port"),
        ["Use one such as 127.0.0.1:3000."],
    )
}

#[cfg(test)]
mod tests;
