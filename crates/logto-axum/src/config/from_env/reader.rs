//! Reads single variables and collects their problems.

use std::{fs, net::SocketAddr, sync::Arc};

use logto::{
    ConfigError, ConfigProblem, LogtoConfig, Prompt, TrustedCertificates,
    seal::Sealer,
    session::{
        Lifetimes,
        store::{self, SessionStore},
    },
};

use crate::{TokenVerifier, WebConfig, WebhookConfig};

/// The values that replace missing variables, so that the remaining settings are checked too.
const PLACEHOLDER_URL: &str = "https://missing.invalid";
const PLACEHOLDER_ID: &str = "missing";
const PLACEHOLDER_SECRET: &str = "a placeholder for a missing secret";

pub(super) struct Reader<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    problems: Vec<ConfigProblem>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            lookup,
            problems: Vec::new(),
        }
    }

    pub(super) fn read(mut self) -> Result<(LogtoConfig, WebConfig), ConfigError> {
        let allow_http = self.switch("LOGTO_ALLOW_HTTP").unwrap_or_default();
        let certificates = self.certificates("LOGTO_CA_FILE");
        let logto = self.logto_config(&certificates).with_allow_http(allow_http);
        let web = self.web_config(&certificates).with_allow_http(allow_http);
        let checks = [
            logto.clone().check().err(),
            web.clone().check().err(),
            Sealer::new(web.cookie_secrets()).err(),
        ];
        self.add_problems(checks);
        self.unless_invalid((logto, web))
    }

    /// Reads the settings of an API without sessions.
    pub(super) fn read_api(mut self) -> Result<LogtoConfig, ConfigError> {
        let allow_http = self.switch("LOGTO_ALLOW_HTTP").unwrap_or_default();
        let certificates = self.certificates("LOGTO_CA_FILE");
        let config = TokenVerifier::config(self.endpoint());
        let config = self.with_connection(config, &certificates).with_allow_http(allow_http);
        self.add_problems([config.clone().check().err()]);
        self.unless_invalid(config)
    }

    fn add_problems(&mut self, checks: impl IntoIterator<Item = Option<ConfigError>>) {
        for problem in checks.into_iter().flatten().flat_map(|error| error.problems) {
            let message = format!("{}: {}", variable_of(&problem), problem.message);
            self.problems.push(ConfigProblem::new(problem.code, message));
        }
    }

    fn unless_invalid<T>(self, settings: T) -> Result<T, ConfigError> {
        if self.problems.is_empty() {
            Ok(settings)
        } else {
            Err(ConfigError::new(self.problems))
        }
    }

    fn endpoint(&mut self) -> String {
        const ADDRESS: &str = "set it to the address of Logto, such as https://your-tenant.logto.app; it is on the \
                               application's page in the Logto console";
        const OR_DEVELOPMENT: &str = "set it to the address of Logto, such as https://your-tenant.logto.app; or enable \
                                      the feature `dev-provider` of this crate, which starts a provider for \
                                      development and needs no settings";
        let has_choice = cfg!(all(debug_assertions, not(feature = "dev-provider")));
        let advice = if has_choice { OR_DEVELOPMENT } else { ADDRESS };
        self.required("LOGTO_ENDPOINT", advice, PLACEHOLDER_URL)
    }

    /// Adds the settings of the connection to Logto.
    fn with_connection(&mut self, config: LogtoConfig, certificates: &TrustedCertificates) -> LogtoConfig {
        let mut config = config.with_trusted_certificates(certificates.clone());
        if let Some(endpoint) = self.variable("LOGTO_INTERNAL_ENDPOINT") {
            config = config.with_internal_endpoint(endpoint);
        }
        if let Some(seconds) = self.number("LOGTO_CLOCK_TOLERANCE") {
            config = config.with_clock_tolerance(seconds);
        }
        config
    }

    fn logto_config(&mut self, certificates: &TrustedCertificates) -> LogtoConfig {
        let endpoint = self.endpoint();
        let app_id = self.required(
            "LOGTO_APP_ID",
            "copy it from the application's page in the Logto console; create a `Traditional web` application \
             first if there is none",
            PLACEHOLDER_ID,
        );
        let app_secret = self.required(
            "LOGTO_APP_SECRET",
            "copy it from the application's page in the Logto console",
            PLACEHOLDER_SECRET,
        );
        let config = LogtoConfig::new(endpoint, app_id, app_secret)
            .with_scopes(self.list("LOGTO_SCOPES"))
            .with_resources(self.list("LOGTO_RESOURCES"));
        let mut config = self.with_connection(config, certificates);
        if let Some(prompt) = self.prompt("LOGTO_PROMPT") {
            config = config.with_prompt(prompt);
        }
        if let Some(seconds) = self.number("LOGTO_TRANSACTION_LIFETIME") {
            config = config.with_transaction_lifetime(seconds);
        }
        self.with_management_app(config)
    }

    fn with_management_app(&mut self, mut config: LogtoConfig) -> LogtoConfig {
        match ["LOGTO_MANAGEMENT_APP_ID", "LOGTO_MANAGEMENT_APP_SECRET"].map(|name| self.variable(name)) {
            [Some(id), Some(secret)] => config = config.with_management_app(id, secret),
            [None, None] => {}
            _ => self.problems.push(ConfigProblem::new(
                "management_app_incomplete",
                "set both LOGTO_MANAGEMENT_APP_ID and LOGTO_MANAGEMENT_APP_SECRET, or neither of them",
            )),
        }
        match self.variable("LOGTO_MANAGEMENT_RESOURCE") {
            Some(resource) => config.with_management_resource(resource),
            None => config,
        }
    }

    fn web_config(&mut self, certificates: &TrustedCertificates) -> WebConfig {
        let base_url = self.base_url();
        let secrets = self.required("LOGTO_COOKIE_SECRET", "generate one with `openssl rand -base64 32`", "");
        let secrets: Vec<_> = match secrets.as_str() {
            "" => vec![PLACEHOLDER_SECRET.into()],
            secrets => secrets.split_ascii_whitespace().map(Into::into).collect(),
        };
        let mut config = WebConfig::new(base_url, secrets).with_lifetimes(self.lifetimes());
        for url in self.list("LOGTO_FURTHER_BASE_URLS") {
            config = config.with_further_base_url(url);
        }
        for proxy in self.list("LOGTO_TRUSTED_PROXIES") {
            config = config.with_trusted_proxy(proxy);
        }
        if let Some(secure) = self.switch("LOGTO_COOKIE_SECURE") {
            config = config.with_cookie_secure(secure);
        }
        if let Some(store) = self.store("LOGTO_STORE_URL", certificates) {
            config = config.with_shared_store(store);
        }
        if let Some(store) = self.store("LOGTO_DENY_LIST_URL", certificates) {
            config = config.with_shared_deny_list(store);
        }
        if let Some(silent) = self.switch("LOGTO_SILENT_SIGN_IN") {
            config = config.with_silent_sign_in(silent);
        }
        if let Some(path) = self.variable("LOGTO_SSO_ENTRY") {
            config = config.with_sso_entry(path);
        }
        let signing_keys = self.list("LOGTO_WEBHOOK_SIGNING_KEY");
        if !signing_keys.is_empty() {
            config = config.with_webhooks(WebhookConfig::new(signing_keys.into_iter().map(Into::into)));
        }
        if let Some(secret) = self.variable("LOGTO_NEXT_JS_COOKIE_SECRET") {
            config = config.with_next_js_cookie_secret(secret);
        }
        config
    }

    /// Reads the base URL alone.
    #[cfg(any(test, all(feature = "dev-provider", debug_assertions)))]
    pub(super) fn read_base_url(mut self) -> Result<String, ConfigError> {
        let base_url = self.base_url();
        self.unless_invalid(base_url)
    }

    /// Defaults to the address that a Leptos app listens on. A wildcard such as `0.0.0.0` is no
    /// default, because no browser can open it.
    fn base_url(&mut self) -> String {
        if let Some(base_url) = self.variable("LOGTO_BASE_URL") {
            return base_url;
        }
        let listening = self.variable("LEPTOS_SITE_ADDR");
        let address = listening.as_deref().and_then(|text| text.parse::<SocketAddr>().ok());
        let hint = match address {
            Some(address) if !address.ip().is_unspecified() => return format!("http://{address}"),
            Some(address) => format!(
                "the app listens on every address ({address}), which no browser can open; set it to the address that \
                 users type, such as http://127.0.0.1:{} on this machine or https://app.example.com",
                address.port()
            ),
            None => "set it to the address that users type, such as http://127.0.0.1:3000 on this machine or \
                     https://app.example.com"
                .to_owned(),
        };
        self.required("LOGTO_BASE_URL", &hint, PLACEHOLDER_URL)
    }

    fn lifetimes(&mut self) -> Lifetimes {
        let mut lifetimes = Lifetimes::default();
        if let Some(seconds) = self.number("LOGTO_IDLE_LIFETIME") {
            lifetimes = lifetimes.with_idle(seconds);
        }
        if let Some(seconds) = self.number("LOGTO_ABSOLUTE_LIFETIME") {
            lifetimes = lifetimes.with_absolute(seconds);
        }
        lifetimes
    }

    fn certificates(&mut self, name: &str) -> TrustedCertificates {
        let Some(path) = self.variable(name) else {
            return TrustedCertificates::default();
        };
        let read = fs::read(&path).map_err(|error| error.to_string());
        let parsed = read.and_then(|pem| TrustedCertificates::from_pem(pem).map_err(|error| error.to_string()));
        parsed.unwrap_or_else(|problem| {
            self.invalid(name, &format!("{path}: {problem}"));
            TrustedCertificates::default()
        })
    }

    /// Opens the store of a connection string. The error does not repeat the string, which may
    /// contain a password.
    fn store(&mut self, name: &str, certificates: &TrustedCertificates) -> Option<Arc<dyn SessionStore>> {
        let address = self.variable(name)?;
        let app_id = self.variable("LOGTO_APP_ID").unwrap_or_default();
        store::open_with_certificates(&address, &app_id, certificates)
            .map_err(|error| self.invalid(name, &error.to_string()))
            .ok()
    }

    fn prompt(&mut self, name: &str) -> Option<Vec<Prompt>> {
        self.variable(name)?;
        let names = self.list(name);
        let prompts: Option<_> = names.iter().map(|prompt| Prompt::from_name(prompt)).collect();
        if prompts.is_none() {
            self.invalid(name, "use none, login, consent or select_account");
        }
        prompts
    }

    fn number(&mut self, name: &str) -> Option<u64> {
        let number = self.variable(name)?.parse().ok();
        if number.is_none() {
            self.invalid(name, "use a whole number of seconds");
        }
        number
    }

    fn switch(&mut self, name: &str) -> Option<bool> {
        let switch = self.variable(name)?.parse().ok();
        if switch.is_none() {
            self.invalid(name, "use true or false");
        }
        switch
    }

    /// The items of a variable, which are separated by spaces.
    fn list(&self, name: &str) -> Vec<String> {
        let text = self.variable(name).unwrap_or_default();
        text.split_ascii_whitespace().map(str::to_owned).collect()
    }

    /// Returns the variable, or a placeholder if it is missing, which is a problem.
    fn required(&mut self, name: &str, hint: &str, placeholder: &str) -> String {
        self.variable(name).unwrap_or_else(|| {
            let message = format!("{name} is missing: {hint}");
            self.problems.push(ConfigProblem::new("variable_missing", message));
            placeholder.to_owned()
        })
    }

    /// Returns the trimmed value of a variable. An empty one counts as unset.
    fn variable(&self, name: &str) -> Option<String> {
        let text = (self.lookup)(name)?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn invalid(&mut self, name: &str, problem: &str) {
        let message = format!("{name}: {problem}");
        self.problems.push(ConfigProblem::new("variable_invalid", message));
    }
}

/// The variable of the setting that a problem is about.
fn variable_of(problem: &ConfigProblem) -> &'static str {
    let is_about = |setting: &str| problem.message.contains(&format!("`{setting}`"));
    match problem.code {
        _ if is_about("internal_endpoint") => "LOGTO_INTERNAL_ENDPOINT",
        _ if is_about("further_base_urls") => "LOGTO_FURTHER_BASE_URLS",
        _ if is_about("sso_entry") => "LOGTO_SSO_ENTRY",
        "endpoint_invalid" | "endpoint_insecure" => "LOGTO_ENDPOINT",
        "app_id_missing" | "app_id_invalid" => "LOGTO_APP_ID",
        "app_secret_missing" => "LOGTO_APP_SECRET",
        "scope_invalid" => "LOGTO_SCOPES",
        "resource_invalid" => "LOGTO_RESOURCES",
        "prompt_invalid" => "LOGTO_PROMPT",
        "clock_tolerance_invalid" => "LOGTO_CLOCK_TOLERANCE",
        "transaction_lifetime_invalid" => "LOGTO_TRANSACTION_LIFETIME",
        "lifetime_invalid" => "LOGTO_IDLE_LIFETIME, LOGTO_ABSOLUTE_LIFETIME",
        "trusted_proxy_invalid" => "LOGTO_TRUSTED_PROXIES",
        "cookie_secure_without_https" => "LOGTO_COOKIE_SECURE",
        code if code.starts_with("webhook_signing_key_") => "LOGTO_WEBHOOK_SIGNING_KEY",
        code if code.starts_with("cookie_secret_") => "LOGTO_COOKIE_SECRET",
        _ => "LOGTO_BASE_URL",
    }
}
