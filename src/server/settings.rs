//! Settings: `Leptos.toml` and environment variables, checked together.

mod connections;

use std::{collections::HashMap, fmt, path::Path, sync::Arc};

use leptos::config::{LeptosOptions, errors::LeptosConfigError, get_configuration};
use logto_leptos::{Lifetimes, LogtoConfig, Prompt, SessionStore, TrustedCertificates, UserScope, WebConfig, store};
use serde::Deserialize;

/// The file beside the app.
const FILE: &str = "Leptos.toml";

/// Everything the app is told from outside.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen, where the site's files are.
    pub leptos: LeptosOptions,
    /// The provider and this application.
    pub logto: LogtoConfig,
    /// How the app is reached and keeps sessions.
    pub web: WebConfig,
    /// The API resources asked for.
    pub resources: Vec<String>,
    /// The resource that the API of this app is; the first one asked for.
    pub products_resource: Option<String>,
    /// The address users type.
    pub base_url: String,
    /// Whether the provider is the local one for trying things out, whose users may be shown.
    pub local_provider: bool,
}

/// What is wrong with the settings, all of it.
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

/// The table `[logto]` of the file. Secrets have no place in it.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct LogtoTable {
    endpoint: Option<String>,
    internal_endpoint: Option<String>,
    app_id: Option<String>,
    base_url: Option<String>,
    further_base_urls: Option<Vec<String>>,
    allow_http: Option<bool>,
    ca_file: Option<String>,
    trusted_proxies: Option<Vec<String>>,
    resources: Option<Vec<String>>,
    scopes: Option<Vec<String>>,
    prompt: Option<Vec<String>>,
    clock_tolerance: Option<u64>,
    transaction_lifetime: Option<u64>,
    idle_lifetime: Option<u64>,
    absolute_lifetime: Option<u64>,
    store: Option<String>,
    deny_list: Option<String>,
}

impl Settings {
    /// Reads `Leptos.toml` of the working directory, if there is one, and the environment, which
    /// wins.
    ///
    /// # Errors
    ///
    /// Everything that is missing or cannot be read.
    pub fn load() -> Result<Self, SettingsError> {
        let leptos = leptos_options().map_err(|error| SettingsError(vec![error.to_string()]))?;
        let file = std::fs::read_to_string(FILE).unwrap_or_default();
        let environment = std::env::vars().collect();
        Self::from_parts(leptos, &file, &environment)
    }

    /// The same from given parts.
    ///
    /// # Errors
    ///
    /// As [`Settings::load`].
    pub fn from_parts(
        leptos: LeptosOptions,
        file: &str,
        environment: &HashMap<String, String>,
    ) -> Result<Self, SettingsError> {
        let mut problems = Vec::new();
        let table = logto_table(file).unwrap_or_else(|problem| {
            problems.push(problem);
            LogtoTable::default()
        });
        let mut read = Reader { environment, problems };
        let endpoint = read.required(
            "LOGTO_ENDPOINT",
            table.endpoint,
            "the address of Logto, https://tenant.logto.app",
        );
        let internal_endpoint = read.text("LOGTO_INTERNAL_ENDPOINT", table.internal_endpoint);
        let app_id = read.required(
            "LOGTO_APP_ID",
            table.app_id,
            "the application's id in the Logto console",
        );
        let app_secret = read.required(
            "LOGTO_APP_SECRET",
            None,
            "the application's secret in the Logto console",
        );
        let cookie_secrets = read.required(
            "LOGTO_COOKIE_SECRET",
            None,
            "32 random bytes or more, from `openssl rand -base64 32`",
        );
        let base_url = read.base_url(table.base_url, leptos.site_addr);
        let allow_http = read.switch("LOGTO_ALLOW_HTTP").or(table.allow_http).unwrap_or_default();
        let further_base_urls = read.list("LOGTO_FURTHER_BASE_URLS", table.further_base_urls);
        let trusted_proxies = read.list("LOGTO_TRUSTED_PROXIES", table.trusted_proxies);
        let resources = read.list("LOGTO_RESOURCES", table.resources).unwrap_or_default();
        let scopes = read.list("LOGTO_SCOPES", table.scopes).unwrap_or_else(default_scopes);
        let prompt = read.prompt(table.prompt);
        let clock_tolerance = read.number("LOGTO_CLOCK_TOLERANCE", table.clock_tolerance);
        let transaction_lifetime = read.number("LOGTO_TRANSACTION_LIFETIME", table.transaction_lifetime);
        let idle_lifetime = read.number("LOGTO_IDLE_LIFETIME", table.idle_lifetime);
        let absolute_lifetime = read.number("LOGTO_ABSOLUTE_LIFETIME", table.absolute_lifetime);
        let cookie_secure = read.switch("LOGTO_COOKIE_SECURE");
        let local_provider = read.switch("LOGTO_LOCAL_PROVIDER").unwrap_or_default();
        let trusted = read.certificates("LOGTO_CA_FILE", table.ca_file);
        let store = read.store("LOGTO_STORE", table.store, &app_id, &trusted);
        let deny_list = read.store("LOGTO_DENY_LIST_URL", table.deny_list, &app_id, &trusted);
        if !read.problems.is_empty() {
            return Err(SettingsError(read.problems));
        }
        let mut logto = LogtoConfig::new(endpoint, app_id, app_secret)
            .with_scopes(scopes)
            .with_resources(resources.clone());
        logto.internal_endpoint = internal_endpoint;
        logto.allow_http = allow_http;
        logto.trusted_certificates = trusted;
        if let Some(prompt) = prompt {
            logto = logto.with_prompt(prompt);
        }
        if let Some(seconds) = clock_tolerance {
            logto.clock_tolerance = seconds;
        }
        if let Some(seconds) = transaction_lifetime {
            logto.transaction_lifetime = seconds;
        }
        // Space-separated: the first seals, the others open what they sealed before the rotation.
        let secrets = cookie_secrets.split_ascii_whitespace().map(Into::into);
        let mut lifetimes = Lifetimes::default();
        if let Some(idle) = idle_lifetime {
            lifetimes = lifetimes.with_idle(idle);
        }
        if let Some(absolute) = absolute_lifetime {
            lifetimes = lifetimes.with_absolute(absolute);
        }
        let mut web = WebConfig::new(&base_url, secrets)
            .with_error_path("/auth-error")
            .with_allow_http(allow_http)
            .with_lifetimes(lifetimes);
        for url in further_base_urls.unwrap_or_default() {
            web = web.with_further_base_url(url);
        }
        for proxy in trusted_proxies.unwrap_or_default() {
            web = web.with_trusted_proxy(proxy);
        }
        if let Some(secure) = cookie_secure {
            web = web.with_cookie_secure(secure);
        }
        if let Some(store) = store {
            web = web.with_shared_store(store);
        }
        if let Some(store) = deny_list {
            web = web.with_shared_deny_list(store);
        }
        if let Some(secret) = read.variable("LOGTO_NEXT_JS_COOKIE_SECRET") {
            web = web.with_next_js_cookie_secret(secret);
        }
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

/// Under `cargo leptos` the options are in the environment; by itself the app reads the file.
fn leptos_options() -> Result<LeptosOptions, LeptosConfigError> {
    let from_environment = std::env::var_os("LEPTOS_OUTPUT_NAME").is_some() || !Path::new(FILE).exists();
    let file = (!from_environment).then_some(FILE);
    get_configuration(file).map(|configuration| configuration.leptos_options)
}

fn logto_table(file: &str) -> Result<LogtoTable, String> {
    #[derive(Default, Deserialize)]
    struct File {
        #[serde(default)]
        logto: LogtoTable,
    }
    toml::from_str::<File>(file)
        .map(|file| file.logto)
        .map_err(|error| format!("{FILE}: {}", error.message()))
}

/// What the quick start shows: everything Logto can say about a user, and the permissions of the
/// demo's APIs and organizations.
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

struct Reader<'a> {
    environment: &'a HashMap<String, String>,
    problems: Vec<String>,
}

impl Reader<'_> {
    /// A variable that is set; an empty one counts as not set.
    fn variable(&self, name: &str) -> Option<&str> {
        self.environment
            .get(name)
            .map(|text| text.trim())
            .filter(|text| !text.is_empty())
    }

    fn text(&self, variable: &str, from_file: Option<String>) -> Option<String> {
        let from_file = from_file.filter(|text| !text.trim().is_empty());
        self.variable(variable).map(str::to_owned).or(from_file)
    }

    fn required(&mut self, variable: &str, from_file: Option<String>, what: &str) -> String {
        self.text(variable, from_file).unwrap_or_else(|| {
            self.problems.push(format!("{variable} is missing: {what}"));
            String::new()
        })
    }

    /// Space-separated in the environment.
    fn list(&self, variable: &str, from_file: Option<Vec<String>>) -> Option<Vec<String>> {
        match self.variable(variable) {
            Some(text) => Some(text.split_ascii_whitespace().map(str::to_owned).collect()),
            None => from_file,
        }
    }

    fn prompt(&mut self, from_file: Option<Vec<String>>) -> Option<Vec<Prompt>> {
        let names = self.list("LOGTO_PROMPT", from_file)?;
        let prompts = names.iter().map(|name| Prompt::from_name(name)).collect::<Option<_>>();
        if prompts.is_none() {
            self.problems
                .push("LOGTO_PROMPT: use none, login, consent or select_account".to_owned());
        }
        prompts
    }

    fn number(&mut self, variable: &str, from_file: Option<u64>) -> Option<u64> {
        let Some(text) = self.variable(variable) else {
            return from_file;
        };
        let number = text.parse().ok();
        if number.is_none() {
            self.problems.push(format!("{variable} is no whole number"));
        }
        number
    }

    /// A store by its connection string. The error says nothing of it: it may hold a password.
    fn store(
        &mut self,
        variable: &str,
        from_file: Option<String>,
        app_id: &str,
        trusted: &TrustedCertificates,
    ) -> Option<Arc<dyn SessionStore>> {
        store::open_with_certificates(&self.text(variable, from_file)?, app_id, trusted)
            .map_err(|error| self.problems.push(format!("{variable}: {error}")))
            .ok()
    }

    fn switch(&mut self, variable: &str) -> Option<bool> {
        let text = self.variable(variable)?;
        let switch = text.parse().ok();
        if switch.is_none() {
            self.problems.push(format!("{variable}: use true or false"));
        }
        switch
    }
}

#[cfg(test)]
mod tests {
    use logto_leptos::ExposeSecret as _;

    use super::*;

    pub(super) fn load(file: &str, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
        let leptos = LeptosOptions::builder().output_name("quick-start").build();
        let environment = variables
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        Settings::from_parts(leptos, file, &environment)
    }

    pub(super) const SECRETS: [(&str, &str); 2] = [
        ("LOGTO_APP_SECRET", "secret"),
        ("LOGTO_COOKIE_SECRET", "new-secret old-secret"),
    ];
    pub(super) const FILE: &str =
        "[package.metadata.leptos]\noutput-name = \"x\"\n[logto]\nendpoint = \"https://file\"\napp_id = \"app\"\n";

    #[test]
    fn the_environment_wins_over_the_file() {
        let settings = load(
            FILE,
            &[&SECRETS[..], &[("LOGTO_ENDPOINT", "https://environment")]].concat(),
        )
        .unwrap();
        assert_eq!(settings.logto.endpoint, "https://environment");
        assert_eq!(settings.logto.app_id, "app");
    }

    #[test]
    fn an_empty_variable_does_not_hide_the_file() {
        let settings = load(FILE, &[&SECRETS[..], &[("LOGTO_ENDPOINT", "")]].concat()).unwrap();
        assert_eq!(settings.logto.endpoint, "https://file");
        for name in [
            "LOGTO_INTERNAL_ENDPOINT",
            "LOGTO_FURTHER_BASE_URLS",
            "LOGTO_ALLOW_HTTP",
            "LOGTO_CA_FILE",
            "LOGTO_TRUSTED_PROXIES",
            "LOGTO_PROMPT",
            "LOGTO_SCOPES",
            "LOGTO_RESOURCES",
            "LOGTO_CLOCK_TOLERANCE",
            "LOGTO_TRANSACTION_LIFETIME",
            "LOGTO_IDLE_LIFETIME",
            "LOGTO_ABSOLUTE_LIFETIME",
            "LOGTO_COOKIE_SECURE",
            "LOGTO_STORE",
            "LOGTO_DENY_LIST_URL",
            "LOGTO_NEXT_JS_COOKIE_SECRET",
        ] {
            let with = load(FILE, &[&SECRETS[..], &[(name, " ")]].concat()).unwrap();
            let without = load(FILE, &SECRETS).unwrap();
            assert_eq!(format!("{with:?}"), format!("{without:?}"), "{name}");
        }
    }

    #[test]
    fn a_sign_in_may_take_an_hour_unless_file_or_environment_say_otherwise() {
        let lifetime = |file: &str, variables: &[(&str, &str)]| {
            let settings = load(file, &[&SECRETS[..], variables].concat()).unwrap();
            settings.logto.transaction_lifetime
        };
        let file = format!("{FILE}transaction_lifetime = 1200\n");
        assert_eq!(lifetime(FILE, &[]), 3600);
        assert_eq!(lifetime(&file, &[]), 1200);
        assert_eq!(lifetime(&file, &[("LOGTO_TRANSACTION_LIFETIME", "1800")]), 1800);
    }

    #[test]
    fn everything_missing_is_told_at_once() {
        let text = load("", &[]).unwrap_err().to_string();
        for name in [
            "LOGTO_ENDPOINT",
            "LOGTO_APP_ID",
            "LOGTO_APP_SECRET",
            "LOGTO_COOKIE_SECRET",
        ] {
            assert!(text.contains(name), "{text}");
        }
    }

    #[test]
    fn a_misspelt_setting_in_the_file_is_told() {
        let text = load("[logto]\nendpont = \"https://x\"\n", &SECRETS)
            .unwrap_err()
            .to_string();
        assert!(text.contains("endpont"), "{text}");
    }

    #[test]
    fn the_store_is_chosen_by_its_connection_string() {
        let store = |file: &str, address| {
            let settings = load(file, &[&SECRETS[..], &[("LOGTO_STORE", address)]].concat()).unwrap();
            format!("{:?}", settings.web.store())
        };
        assert_eq!(store(FILE, ""), "None", "sessions are in cookies");
        for (address, kind) in [
            ("memory:", "MemoryStore"),
            ("redis://127.0.0.1", "RedisStore"),
            ("postgres://127.0.0.1/app", "PostgresStore"),
        ] {
            assert!(store(FILE, address).contains(kind));
            let in_file = format!("{FILE}store = \"{address}\"\n");
            assert!(store(&in_file, "").contains(kind));
        }
        let in_file = format!("{FILE}store = \"memory:\"\n");
        assert!(
            store(&in_file, "redis://127.0.0.1").contains("RedisStore"),
            "the environment wins"
        );
    }

    #[test]
    fn the_deny_list_is_in_memory_unless_there_is_an_address() {
        assert!(load(FILE, &SECRETS).unwrap().web.deny_list().is_none());
        let with = |url| load(FILE, &[&SECRETS[..], &[("LOGTO_DENY_LIST_URL", url)]].concat()).unwrap();
        for url in ["redis://127.0.0.1", "postgres://127.0.0.1/app"] {
            assert!(with(url).web.deny_list().is_some());
        }
    }

    #[test]
    fn a_connection_string_that_is_wrong_is_told_without_its_password() {
        for variable in ["LOGTO_STORE", "LOGTO_DENY_LIST_URL"] {
            let with = |url| load(FILE, &[&SECRETS[..], &[(variable, url)]].concat());
            let settings = with("redis://:the-password@127.0.0.1").unwrap();
            assert!(!format!("{settings:?}").contains("the-password"));
            let text = with("http://:the-password@127.0.0.1").unwrap_err().to_string();
            assert!(text.contains(variable) && text.contains("postgres://"), "{text}");
            assert!(!text.contains("the-password"), "{text}");
        }
    }

    #[test]
    fn the_secret_of_a_next_js_app_is_one_whatever_is_in_it() {
        let name = "LOGTO_NEXT_JS_COOKIE_SECRET";
        let settings = load(FILE, &[&SECRETS[..], &[(name, "of two words")]].concat()).unwrap();
        let secret = settings.web.next_js_cookie_secret().unwrap();
        assert_eq!(secret.expose_secret(), "of two words");
        assert!(!format!("{settings:?}").contains("two words"));
    }

    #[test]
    fn further_domains_and_proxies_come_from_file_or_environment() {
        let file = format!("{FILE}further_base_urls = [\"https://b.example\"]\n");
        let proxies = [("LOGTO_TRUSTED_PROXIES", "10.0.0.0/8 fd00::/8")];
        let web = load(&file, &[&SECRETS[..], &proxies].concat()).unwrap().web;
        assert_eq!(web.further_base_urls(), ["https://b.example"]);
        assert_eq!(web.trusted_proxies(), ["10.0.0.0/8", "fd00::/8"]);
    }

    #[test]
    fn how_long_a_session_lives_comes_from_file_or_environment() {
        let lifetimes = |file: &str, variables: &[_]| {
            let lifetimes = load(file, &[&SECRETS[..], variables].concat()).unwrap().web.lifetimes();
            (lifetimes.idle(), lifetimes.absolute())
        };
        assert_eq!(lifetimes(FILE, &[]), (7 * 86_400, 14 * 86_400));
        let file = format!("{FILE}idle_lifetime = 3600\nabsolute_lifetime = 86400\n");
        assert_eq!(lifetimes(&file, &[]), (3600, 86_400));
        let variables = [("LOGTO_IDLE_LIFETIME", "60"), ("LOGTO_ABSOLUTE_LIFETIME", "120")];
        assert_eq!(lifetimes(&file, &variables), (60, 120));
        let text = load(FILE, &[&SECRETS[..], &[("LOGTO_IDLE_LIFETIME", "7 days")]].concat())
            .unwrap_err()
            .to_string();
        assert!(text.contains("LOGTO_IDLE_LIFETIME"), "{text}");
    }

    #[test]
    fn several_cookie_secrets_are_separated_by_spaces() {
        assert_eq!(load(FILE, &SECRETS).unwrap().web.cookie_secrets().len(), 2);
    }
}
