//! The settings file.

use serde::Deserialize;

/// The name of the file, in the working directory.
pub(super) const FILE: &str = "Leptos.toml";

/// The table `[logto]` of the file. It has no secrets: these come from the environment.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct LogtoTable {
    pub(super) endpoint: Option<String>,
    pub(super) internal_endpoint: Option<String>,
    pub(super) app_id: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) further_base_urls: Option<Vec<String>>,
    pub(super) allow_http: Option<bool>,
    pub(super) ca_file: Option<String>,
    pub(super) trusted_proxies: Option<Vec<String>>,
    pub(super) resources: Option<Vec<String>>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) prompt: Option<Vec<String>>,
    pub(super) clock_tolerance: Option<u64>,
    pub(super) transaction_lifetime: Option<u64>,
    pub(super) idle_lifetime: Option<u64>,
    pub(super) absolute_lifetime: Option<u64>,
    pub(super) store: Option<String>,
    pub(super) deny_list: Option<String>,
}

impl LogtoTable {
    /// Reads the table from the text of the file.
    ///
    /// # Errors
    ///
    /// Says which line or field is wrong.
    pub(super) fn parse(file: &str) -> Result<Self, String> {
        #[derive(Default, Deserialize)]
        struct File {
            #[serde(default)]
            logto: LogtoTable,
        }
        toml::from_str::<File>(file)
            .map(|file| file.logto)
            .map_err(|error| format!("{FILE}: {}", error.message()))
    }
}
