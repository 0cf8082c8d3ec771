//! Tests of the settings.

use super::*;

fn settings(variables: &[(&str, &str)], file: &str) -> Settings {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Settings::from_parts(&variables.iter().map(owned).collect(), file, "").unwrap()
}

const FILE_WITH_LOGTO: &str = "[package.metadata.leptos]\nsite-addr = \"127.0.0.1:1\"\n[logto]\n\
    endpoint = \"https://file.example\" # a comment\nbase_url = 'https://app.example/'\n";

#[test]
fn without_settings_a_debug_build_starts_its_own_provider_and_a_release_build_the_local_one() {
    let settings = settings(&[], "");
    assert_eq!(settings.endpoint, None);
    assert_eq!(settings.base_url, "http://127.0.0.1:3000");
    assert!(settings.needs_cookie_secret);
    let ports = |is_release| {
        settings
            .ports(is_release)
            .into_iter()
            .map(|port| port.number)
            .collect::<Vec<_>>()
    };
    assert_eq!(ports(false), [3000, 3303, 3302]);
    assert_eq!(ports(true), [3000, 3302]);
    let mut environment = Environment::default();
    settings.add_to(&mut environment, false);
    assert_eq!(environment.get("LOGTO_ENDPOINT"), None);
    assert_eq!(environment.get("LOGTO_BASE_URL").unwrap(), "http://127.0.0.1:3000");
    settings.add_to(&mut environment, true);
    assert_eq!(environment.get("LOGTO_ENDPOINT").unwrap(), "http://127.0.0.1:3302");
    assert_eq!(environment.get("PROVIDER_APP_URL").unwrap(), "http://127.0.0.1:3000");
}

#[test]
fn the_port_of_the_development_provider_is_in_its_own_file() {
    let settings = Settings::from_parts(&HashMap::new(), "", "[provider]\nport = 3310\n[users.ada]\n").unwrap();
    let ports = settings.ports(false);
    assert!(
        ports
            .iter()
            .any(|port| port.number == 3310 && port.other.contains("logto-dev.toml"))
    );
    assert!(settings.ports(true).iter().all(|port| port.number != 3310));
}

#[test]
fn the_environment_overrides_the_file() {
    let endpoint = |variables: &[_]| settings(variables, FILE_WITH_LOGTO).endpoint.unwrap();
    assert_eq!(endpoint(&[]), "https://file.example");
    assert_eq!(endpoint(&[("LOGTO_ENDPOINT", " ")]), "https://file.example");
    assert_eq!(
        endpoint(&[("LOGTO_ENDPOINT", "https://other.example")]),
        "https://other.example"
    );
}

#[test]
fn an_app_with_a_logto_endpoint_needs_no_local_provider() {
    let settings = settings(&[("LOGTO_COOKIE_SECRET", "secret")], FILE_WITH_LOGTO);
    assert_eq!(settings.base_url, "https://app.example");
    assert!(!settings.needs_cookie_secret);
    assert_eq!(settings.ports(false).len(), 2);
    let mut environment = Environment::default();
    settings.add_to(&mut environment, true);
    assert_eq!(environment.get("APP_PROVIDER").unwrap(), "https://file.example");
    assert!(!environment.exports().contains("LOGTO_"));
}

#[test]
fn a_server_on_every_address_is_reached_on_the_loopback_address() {
    for (address, url) in [
        ("0.0.0.0:3100", "http://127.0.0.1:3100"),
        ("[::]:3100", "http://127.0.0.1:3100"),
        ("192.168.1.20:80", "http://192.168.1.20:80"),
        ("[::1]:3100", "http://[::1]:3100"),
    ] {
        assert_eq!(settings(&[("LEPTOS_SITE_ADDR", address)], "").base_url, url);
    }
}

#[test]
fn a_wrong_value_is_named() {
    for (name, value) in [("LEPTOS_SITE_ADDR", "localhost"), ("PROVIDER_PORT", "many")] {
        let variables = HashMap::from([(name.to_owned(), value.to_owned())]);
        let error = Settings::from_parts(&variables, "", "").unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(value), "{error}");
    }
    assert!(Settings::from_parts(&HashMap::new(), "[logto", "").is_err());
}
