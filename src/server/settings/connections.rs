//! Where the app is reached, and whom it trusts where it connects to.

use std::net::SocketAddr;

use logto_leptos::TrustedCertificates;

use super::Reader;

impl Reader<'_> {
    /// By default the address that the app listens on, unless that stands for every address of the
    /// machine.
    pub(super) fn base_url(&mut self, from_file: Option<String>, listening: SocketAddr) -> String {
        let base_url = self.text("LOGTO_BASE_URL", from_file);
        if base_url.is_none() && listening.ip().is_unspecified() {
            let port = listening.port();
            self.problems.push(format!(
                "LOGTO_BASE_URL is missing: the app listens on every address ({listening}), which no browser can open; set it to the \
                 address users type, such as http://127.0.0.1:{port} on this machine or https://app.example.com"
            ));
        }
        base_url.unwrap_or_else(|| format!("http://{listening}"))
    }

    /// The private certificate authorities in a file, for Logto and the stores.
    pub(super) fn certificates(&mut self, variable: &str, from_file: Option<String>) -> TrustedCertificates {
        let Some(path) = self.text(variable, from_file) else {
            return TrustedCertificates::default();
        };
        let read = std::fs::read(&path).map_err(|error| error.to_string());
        let parsed = read.and_then(|pem| TrustedCertificates::from_pem(pem).map_err(|error| error.to_string()));
        parsed.unwrap_or_else(|problem| {
            self.problems.push(format!("{variable}: {path}: {problem}"));
            TrustedCertificates::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use leptos::config::LeptosOptions;
    use logto_leptos::Logto;

    use super::*;
    use crate::server::settings::{
        Settings,
        tests::{FILE, SECRETS, load},
    };

    const SECRETS_OF_LENGTH: [(&str, &str); 2] = [
        ("LOGTO_APP_SECRET", "secret"),
        ("LOGTO_COOKIE_SECRET", "a-cookie-secret-of-these-tests-long-enough"),
    ];

    #[test]
    fn an_internal_address_of_logto_comes_from_file_or_environment() {
        let file = format!("{FILE}internal_endpoint = \"http://logto:3001\"\n");
        let settings = load(&file, &SECRETS).unwrap();
        assert_eq!(settings.logto.internal_endpoint(), Some("http://logto:3001"));
        let variable = [("LOGTO_INTERNAL_ENDPOINT", "http://other:3001")];
        let settings = load(&file, &[&SECRETS[..], &variable].concat()).unwrap();
        assert_eq!(settings.logto.internal_endpoint(), Some("http://other:3001"));
    }

    #[test]
    fn a_file_of_certificates_that_cannot_be_read_is_told() {
        let load = |path: &str| load(FILE, &[&SECRETS[..], &[("LOGTO_CA_FILE", path)]].concat());
        for path in ["/no/such/file.pem", concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")] {
            let text = load(path).unwrap_err().to_string();
            assert!(text.contains("LOGTO_CA_FILE") && text.contains(path), "{text}");
        }
    }

    #[test]
    fn http_beyond_this_machine_is_refused_with_the_variable_that_allows_it() {
        for variable in ["LOGTO_BASE_URL", "LOGTO_ENDPOINT", "LOGTO_INTERNAL_ENDPOINT"] {
            let address = (variable, "http://192.168.1.20:3000");
            let start = |more: &[(&str, &str)]| {
                let settings = load(FILE, &[&SECRETS_OF_LENGTH[..], &[address], more].concat()).unwrap();
                Logto::new(settings.logto, settings.web).map(drop)
            };
            let text = start(&[]).unwrap_err().to_string();
            assert!(text.contains("LOGTO_ALLOW_HTTP=true"), "{variable}: {text}");
            assert!(start(&[("LOGTO_ALLOW_HTTP", "true")]).is_ok(), "{variable}");
        }
    }

    #[test]
    fn an_app_that_listens_on_every_address_is_told_to_set_the_one_users_type() {
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
