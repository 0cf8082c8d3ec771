//! The development provider, if the settings name no Logto endpoint.

use std::{collections::HashMap, net::SocketAddr};

use logto_leptos::{SetUpError, dev_provider};
use toml::Table;

/// Starts the development provider in a debug build without an endpoint, and adds its values for
/// missing variables.
pub(super) fn with_provider(
    mut environment: HashMap<String, String>,
    file: &str,
    listening: SocketAddr,
) -> Result<HashMap<String, String>, SetUpError> {
    let file: Table = toml::from_str(file).unwrap_or_default();
    let in_file = |name| file.get("logto")?.get(name)?.as_str().map(str::to_owned);
    let set = |variable, name| {
        let variable = environment.get(variable).filter(|text| !text.trim().is_empty());
        variable.cloned().or_else(|| in_file(name))
    };
    if !cfg!(debug_assertions) || set("LOGTO_ENDPOINT", "endpoint").is_some() {
        return Ok(environment);
    }
    let base_url = set("LOGTO_BASE_URL", "base_url").unwrap_or_else(|| format!("http://{listening}"));
    let mut variables = dev_provider::variables(&base_url)?;
    // The page of the session and the home page show every scope, and name the demo users.
    variables.retain(|(name, _)| *name != "LOGTO_SCOPES");
    variables.push(("LOGTO_LOCAL_PROVIDER", "true".to_owned()));
    // The app of another tenant cannot manage this one.
    environment.retain(|name, _| !name.starts_with("LOGTO_MANAGEMENT_"));
    for (name, value) in variables {
        let slot = environment.entry(name.to_owned()).or_default();
        if slot.trim().is_empty() {
            *slot = value;
        }
    }
    Ok(environment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_provider_for(variables: &[(&str, &str)], file: &str) -> Result<HashMap<String, String>, SetUpError> {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        let listening = "127.0.0.1:3000".parse().unwrap();
        with_provider(variables.iter().map(owned).collect(), file, listening)
    }

    #[test]
    fn an_endpoint_in_the_environment_or_the_file_is_used() {
        let variables = [("LOGTO_ENDPOINT", "https://tenant.example")];
        assert_eq!(with_provider_for(&variables, "").unwrap().len(), 1);
        let file = "[logto]\nendpoint = \"https://tenant.example\"\n";
        assert!(with_provider_for(&[], file).unwrap().is_empty());
    }

    #[test]
    fn an_app_for_other_machines_needs_an_endpoint() {
        let variables = [("LOGTO_ENDPOINT", " "), ("LOGTO_BASE_URL", "http://192.168.1.20:3000")];
        let error = with_provider_for(&variables, "").unwrap_err().to_string();
        assert!(error.contains("dev_provider_beyond_loopback"), "{error}");
    }
}
