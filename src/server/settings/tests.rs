//! Tests of all settings together, and the file and variables that tests of single ones use.

use std::collections::HashMap;

use leptos::config::LeptosOptions;
use logto_leptos::Logto;

use super::{Settings, SettingsError};

pub(super) const SECRETS: [(&str, &str); 2] = [
    ("LOGTO_APP_SECRET", "secret"),
    ("LOGTO_COOKIE_SECRET", "new-secret old-secret"),
];
pub(super) const FILE: &str =
    "[package.metadata.leptos]\noutput-name = \"x\"\n[logto]\nendpoint = \"https://file\"\napp_id = \"app\"\n";

pub(super) fn load(file: &str, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
    let leptos = LeptosOptions::builder().output_name("quick-start").build();
    let environment: HashMap<_, _> = variables
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    Settings::from_parts(leptos, file, &environment)
}

#[test]
fn the_environment_takes_precedence_over_the_file() {
    let settings = load(
        FILE,
        &[&SECRETS[..], &[("LOGTO_ENDPOINT", "https://environment")]].concat(),
    )
    .unwrap();
    assert_eq!(settings.logto.endpoint(), "https://environment");
    assert_eq!(settings.logto.app_id(), "app");
}

#[test]
fn an_empty_variable_does_not_override_the_file() {
    let settings = load(FILE, &[&SECRETS[..], &[("LOGTO_ENDPOINT", "")]].concat()).unwrap();
    assert_eq!(settings.logto.endpoint(), "https://file");
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
fn the_error_lists_every_missing_setting() {
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
fn a_misspelt_setting_in_the_file_is_an_error() {
    let text = load("[logto]\nendpont = \"https://x\"\n", &SECRETS)
        .unwrap_err()
        .to_string();
    assert!(text.contains("endpont"), "{text}");
}

#[test]
fn the_error_about_http_beyond_this_machine_names_the_variable_that_allows_it() {
    let secrets = [
        ("LOGTO_APP_SECRET", "secret"),
        ("LOGTO_COOKIE_SECRET", "a-cookie-secret-of-these-tests-long-enough"),
    ];
    for variable in ["LOGTO_BASE_URL", "LOGTO_ENDPOINT", "LOGTO_INTERNAL_ENDPOINT"] {
        let address = (variable, "http://192.168.1.20:3000");
        let start = |more: &[(&str, &str)]| {
            let settings = load(FILE, &[&secrets[..], &[address], more].concat()).unwrap();
            Logto::new(settings.logto, settings.web).map(drop)
        };
        let text = start(&[]).unwrap_err().to_string();
        assert!(text.contains("LOGTO_ALLOW_HTTP=true"), "{variable}: {text}");
        assert!(start(&[("LOGTO_ALLOW_HTTP", "true")]).is_ok(), "{variable}");
    }
}
