//! The settings of the base URL and the sessions.

use std::{net::SocketAddr, sync::Arc};

use logto_leptos::{
    Lifetimes, TrustedCertificates, WebConfig,
    store::{self, SessionStore},
};

use super::{file::LogtoTable, reader::Reader};

impl Reader<'_> {
    pub(super) fn web_config(
        &mut self,
        table: &LogtoTable,
        allow_http: bool,
        base_url: &str,
        certificates: &TrustedCertificates,
    ) -> WebConfig {
        let cookie_secrets = self.required(
            "LOGTO_COOKIE_SECRET",
            None,
            "32 random bytes or more, from `openssl rand -base64 32`",
        );
        // The first secret seals. The others unseal cookies from before a rotation.
        let secrets = cookie_secrets.split_ascii_whitespace().map(Into::into);
        let mut config = WebConfig::new(base_url, secrets)
            .with_error_path("/auth-error")
            .with_allow_http(allow_http)
            .with_lifetimes(self.lifetimes(table));
        let urls = self.list("LOGTO_FURTHER_BASE_URLS", table.further_base_urls.as_deref());
        for url in urls.unwrap_or_default() {
            config = config.with_further_base_url(url);
        }
        let proxies = self.list("LOGTO_TRUSTED_PROXIES", table.trusted_proxies.as_deref());
        for proxy in proxies.unwrap_or_default() {
            config = config.with_trusted_proxy(proxy);
        }
        if let Some(secure) = self.switch("LOGTO_COOKIE_SECURE") {
            config = config.with_cookie_secure(secure);
        }
        let app_id = self.text("LOGTO_APP_ID", table.app_id.as_deref()).unwrap_or_default();
        if let Some(store) = self.store("LOGTO_STORE", table.store.as_deref(), &app_id, certificates) {
            config = config.with_shared_store(store);
        }
        if let Some(store) = self.store("LOGTO_DENY_LIST_URL", table.deny_list.as_deref(), &app_id, certificates) {
            config = config.with_shared_deny_list(store);
        }
        if let Some(secret) = self.variable("LOGTO_NEXT_JS_COOKIE_SECRET") {
            config = config.with_next_js_cookie_secret(secret);
        }
        config
    }

    /// Defaults to the address that the app listens on, unless that stands for every address of the
    /// machine.
    pub(super) fn base_url(&mut self, from_file: Option<&str>, listening: SocketAddr) -> String {
        let base_url = self.text("LOGTO_BASE_URL", from_file);
        if base_url.is_none() && listening.ip().is_unspecified() {
            let port = listening.port();
            self.problem(format!(
                "LOGTO_BASE_URL is missing: the app listens on every address ({listening}), which no browser can open; \
                set it to the address users type, such as http://127.0.0.1:{port} on this machine or \
                https://app.example.com"
            ));
        }
        base_url.unwrap_or_else(|| format!("http://{listening}"))
    }

    fn lifetimes(&mut self, table: &LogtoTable) -> Lifetimes {
        let mut lifetimes = Lifetimes::default();
        if let Some(seconds) = self.number("LOGTO_IDLE_LIFETIME", table.idle_lifetime) {
            lifetimes = lifetimes.with_idle(seconds);
        }
        if let Some(seconds) = self.number("LOGTO_ABSOLUTE_LIFETIME", table.absolute_lifetime) {
            lifetimes = lifetimes.with_absolute(seconds);
        }
        lifetimes
    }

    /// Opens the store of a connection string. The error does not repeat the string, which may
    /// contain a password.
    fn store(
        &mut self,
        variable: &str,
        from_file: Option<&str>,
        app_id: &str,
        certificates: &TrustedCertificates,
    ) -> Option<Arc<dyn SessionStore>> {
        store::open_with_certificates(&self.text(variable, from_file)?, app_id, certificates)
            .map_err(|error| self.problem(format!("{variable}: {error}")))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use leptos::config::LeptosOptions;
    use logto_leptos::ExposeSecret as _;

    use super::{
        super::{
            Settings,
            tests::{FILE, SECRETS, load},
        },
        *,
    };

    #[test]
    fn the_connection_string_selects_the_store() {
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
            "the environment takes precedence"
        );
    }

    #[test]
    fn the_deny_list_is_in_memory_without_a_connection_string() {
        assert!(load(FILE, &SECRETS).unwrap().web.deny_list().is_none());
        let with = |url| load(FILE, &[&SECRETS[..], &[("LOGTO_DENY_LIST_URL", url)]].concat()).unwrap();
        for url in ["redis://127.0.0.1", "postgres://127.0.0.1/app"] {
            assert!(with(url).web.deny_list().is_some());
        }
    }

    #[test]
    fn the_error_of_an_invalid_connection_string_does_not_contain_its_password() {
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
    fn the_next_js_cookie_secret_may_contain_spaces() {
        let name = "LOGTO_NEXT_JS_COOKIE_SECRET";
        let settings = load(FILE, &[&SECRETS[..], &[(name, "of two words")]].concat()).unwrap();
        let secret = settings.web.next_js_cookie_secret().unwrap();
        assert_eq!(secret.expose_secret(), "of two words");
        assert!(!format!("{settings:?}").contains("two words"));
    }

    #[test]
    fn further_base_urls_and_proxies_come_from_file_or_environment() {
        let file = format!("{FILE}further_base_urls = [\"https://b.example\"]\n");
        let proxies = [("LOGTO_TRUSTED_PROXIES", "10.0.0.0/8 fd00::/8")];
        let web = load(&file, &[&SECRETS[..], &proxies].concat()).unwrap().web;
        assert_eq!(web.further_base_urls(), ["https://b.example"]);
        assert_eq!(web.trusted_proxies(), ["10.0.0.0/8", "fd00::/8"]);
    }

    #[test]
    fn session_lifetimes_come_from_file_or_environment() {
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
    fn spaces_separate_cookie_secrets() {
        assert_eq!(load(FILE, &SECRETS).unwrap().web.cookie_secrets().len(), 2);
    }

    #[test]
    fn an_app_that_listens_on_every_address_needs_a_base_url() {
        for address in ["0.0.0.0:3000", "[::]:3000"] {
            let leptos = LeptosOptions::builder().output_name("quick-start");
            let leptos = leptos.site_addr(address.parse::<SocketAddr>().unwrap()).build();
            let mut variables: HashMap<_, _> = SECRETS.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
            let error = Settings::from_parts(leptos.clone(), FILE, &variables).unwrap_err();
            let text = error.to_string();
            for part in ["LOGTO_BASE_URL", address, "http://127.0.0.1:3000"] {
                assert!(text.contains(part), "{text}");
            }
            variables.insert("LOGTO_BASE_URL".into(), "http://127.0.0.1:3000".into());
            assert!(Settings::from_parts(leptos, FILE, &variables).is_ok());
        }
    }
}
