//! The settings file.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Value;

/// The name of the file, in the working directory.
pub(super) const FILE: &str = "Leptos.toml";

/// The settings that the table `[logto]` may have: the names of the environment variables in lower
/// case, without `LOGTO_`. Secrets come from the environment only.
const NAMES: [&str; 24] = [
    "endpoint",
    "internal_endpoint",
    "app_id",
    "base_url",
    "further_base_urls",
    "allow_http",
    "ca_file",
    "trusted_proxies",
    "resources",
    "scopes",
    "prompt",
    "silent_sign_in",
    "sso_entry",
    "clock_tolerance",
    "transaction_lifetime",
    "idle_lifetime",
    "absolute_lifetime",
    "drain_limit",
    "store_url",
    "deny_list_url",
    "metrics_address",
    "drain_delay",
    "management_app_id",
    "management_resource",
];

/// The table `[logto]` of the file, with values as variables have them.
#[derive(Debug, Default)]
pub(super) struct LogtoTable(BTreeMap<String, String>);

impl LogtoTable {
    /// Reads the table from the text of the file.
    ///
    /// # Errors
    ///
    /// Says which line or field is wrong.
    pub(super) fn parse(file: &str) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct File {
            #[serde(default)]
            logto: BTreeMap<String, Value>,
        }
        let file: File = toml::from_str(file).map_err(|error| format!("{FILE}: {}", error.message()))?;
        let variables = file.logto.into_iter().map(|(name, value)| {
            if !NAMES.contains(&name.as_str()) {
                return Err(format!(
                    "{FILE}: [logto] has no setting `{name}`; it may have {}",
                    NAMES.join(", ")
                ));
            }
            let value = text_of(value).ok_or_else(|| format!("{FILE}: `{name}` has a value of the wrong type"))?;
            Ok((format!("LOGTO_{}", name.to_uppercase()), value))
        });
        variables.collect::<Result<_, _>>().map(Self)
    }

    /// The value of a variable.
    pub(super) fn get(&self, variable: &str) -> Option<&str> {
        self.0.get(variable).map(String::as_str)
    }
}

/// Spaces separate the items of a list.
fn text_of(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Integer(number) => Some(number.to_string()),
        Value::Boolean(switch) => Some(switch.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.into_iter().map(text_of).collect();
            Some(items?.join(" "))
        }
        Value::Float(_) | Value::Datetime(_) | Value::Table(_) => None,
    }
}
