//! The settings of the provider and this application.

use logto_leptos::{LogtoConfig, Prompt, TrustedCertificates, UserScope};

use super::{file::LogtoTable, reader::Reader};

impl Reader<'_> {
    pub(super) fn logto_config(
        &mut self,
        table: &LogtoTable,
        allow_http: bool,
        resources: &[String],
        certificates: &TrustedCertificates,
    ) -> LogtoConfig {
        let endpoint = self.required(
            "LOGTO_ENDPOINT",
            table.endpoint.as_deref(),
            "the address of Logto, https://tenant.logto.app",
        );
        let app_id = self.required(
            "LOGTO_APP_ID",
            table.app_id.as_deref(),
            "the application's id in the Logto console",
        );
        let app_secret = self.required(
            "LOGTO_APP_SECRET",
            None,
            "the application's secret in the Logto console",
        );
        let scopes = self.list("LOGTO_SCOPES", table.scopes.as_deref());
        let mut config = LogtoConfig::new(endpoint, app_id, app_secret)
            .with_scopes(scopes.unwrap_or_else(default_scopes))
            .with_resources(resources)
            .with_allow_http(allow_http)
            .with_trusted_certificates(certificates.clone());
        if let Some(endpoint) = self.text("LOGTO_INTERNAL_ENDPOINT", table.internal_endpoint.as_deref()) {
            config = config.with_internal_endpoint(endpoint);
        }
        if let Some(prompt) = self.prompt(table.prompt.as_deref()) {
            config = config.with_prompt(prompt);
        }
        if let Some(seconds) = self.number("LOGTO_CLOCK_TOLERANCE", table.clock_tolerance) {
            config = config.with_clock_tolerance(seconds);
        }
        if let Some(seconds) = self.number("LOGTO_TRANSACTION_LIFETIME", table.transaction_lifetime) {
            config = config.with_transaction_lifetime(seconds);
        }
        config
    }

    fn prompt(&mut self, from_file: Option<&[String]>) -> Option<Vec<Prompt>> {
        let names = self.list("LOGTO_PROMPT", from_file)?;
        let prompts = names.iter().map(|name| Prompt::from_name(name)).collect::<Option<_>>();
        if prompts.is_none() {
            self.problem("LOGTO_PROMPT: use none, login, consent or select_account".to_owned());
        }
        prompts
    }

    /// Reads a file of private certificate authorities, for Logto and the stores.
    pub(super) fn certificates(&mut self, variable: &str, from_file: Option<&str>) -> TrustedCertificates {
        let Some(path) = self.text(variable, from_file) else {
            return TrustedCertificates::default();
        };
        let read = std::fs::read(&path).map_err(|error| error.to_string());
        let parsed = read.and_then(|pem| TrustedCertificates::from_pem(pem).map_err(|error| error.to_string()));
        parsed.unwrap_or_else(|problem| {
            self.problem(format!("{variable}: {path}: {problem}"));
            TrustedCertificates::default()
        })
    }
}

/// The scopes that the quick start shows: all user scopes that a new Logto tenant supports, and the
/// permissions of the demo's APIs and organizations.
fn default_scopes() -> Vec<String> {
    let user = [
        UserScope::Email,
        UserScope::Phone,
        UserScope::CustomData,
        UserScope::Identities,
        UserScope::Roles,
        UserScope::Organizations,
        UserScope::OrganizationRoles,
    ];
    let api = [
        "read:products",
        "write:products",
        "read:orders",
        "read:members",
        "write:members",
    ];
    user.into_iter()
        .map(String::from)
        .chain(api.map(str::to_owned))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{FILE, SECRETS, load};

    #[test]
    fn the_transaction_lifetime_is_an_hour_unless_set() {
        let lifetime = |file: &str, variables: &[(&str, &str)]| {
            let settings = load(file, &[&SECRETS[..], variables].concat()).unwrap();
            settings.logto.transaction_lifetime()
        };
        let file = format!("{FILE}transaction_lifetime = 1200\n");
        assert_eq!(lifetime(FILE, &[]), 3600);
        assert_eq!(lifetime(&file, &[]), 1200);
        assert_eq!(lifetime(&file, &[("LOGTO_TRANSACTION_LIFETIME", "1800")]), 1800);
    }

    #[test]
    fn the_internal_endpoint_comes_from_file_or_environment() {
        let file = format!("{FILE}internal_endpoint = \"http://logto:3001\"\n");
        let settings = load(&file, &SECRETS).unwrap();
        assert_eq!(settings.logto.internal_endpoint(), Some("http://logto:3001"));
        let variable = [("LOGTO_INTERNAL_ENDPOINT", "http://other:3001")];
        let settings = load(&file, &[&SECRETS[..], &variable].concat()).unwrap();
        assert_eq!(settings.logto.internal_endpoint(), Some("http://other:3001"));
    }

    #[test]
    fn an_unreadable_certificate_file_is_an_error() {
        let load = |path: &str| load(FILE, &[&SECRETS[..], &[("LOGTO_CA_FILE", path)]].concat());
        for path in ["/no/such/file.pem", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")] {
            let text = load(path).unwrap_err().to_string();
            assert!(text.contains("LOGTO_CA_FILE") && text.contains(path), "{text}");
        }
    }
}
