//! Tests of the settings of the quick start.

use std::{collections::HashMap, net::SocketAddr, time::Duration};

use leptos::config::LeptosOptions;
use logto_leptos::Logto;

use super::{Settings, SettingsError};

const SECRETS: [(&str, &str); 2] = [
    ("LOGTO_APP_SECRET", "secret"),
    ("LOGTO_COOKIE_SECRET", "a-cookie-secret-of-these-tests-long-enough"),
];
const FILE: &str =
    "[package.metadata.leptos]\noutput-name = \"x\"\n[logto]\nendpoint = \"https://file\"\napp_id = \"app\"\n";

fn load(file: &str, variables: &[(&str, &str)]) -> Result<Settings, SettingsError> {
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
    let settings = load(FILE, &[&SECRETS[..], &[("LOGTO_ENDPOINT", " ")]].concat()).unwrap();
    assert_eq!(settings.logto.endpoint(), "https://file");
}

#[test]
fn the_file_may_have_every_setting_except_secrets() {
    let file = format!(
        "{FILE}internal_endpoint = \"https://logto.internal\"\nfurther_base_urls = [\"https://b.example\"]\n\
         transaction_lifetime = 1200\nidle_lifetime = 3600\nallow_http = false\nstore_url = \"memory:\"\n\
         silent_sign_in = true\nsso_entry = \"/sso\"\ndrain_limit = 5\n\
         resources = [\"https://a.example\", \"https://b.example\"]\n"
    );
    let settings = load(&file, &SECRETS).unwrap();
    assert_eq!(settings.logto.internal_endpoint(), Some("https://logto.internal"));
    assert_eq!(settings.logto.transaction_lifetime(), 1200);
    assert_eq!(settings.web.further_base_urls(), ["https://b.example"]);
    assert_eq!(settings.web.lifetimes().idle(), 3600);
    assert!(settings.web.store().is_some());
    assert_eq!(settings.drain_limit, Duration::from_secs(5));
    let web = format!("{:?}", settings.web);
    assert!(
        web.contains("silent_sign_in: true") && web.contains("\"/sso\""),
        "{web}"
    );
    assert_eq!(settings.resources, ["https://a.example", "https://b.example"]);
    assert_eq!(settings.products_resource.as_deref(), Some("https://a.example"));
    for secret in [
        "app_secret",
        "cookie_secret",
        "next_js_cookie_secret",
        "management_app_secret",
    ] {
        let text = load(&format!("{FILE}{secret} = \"x\"\n"), &SECRETS)
            .unwrap_err()
            .to_string();
        assert!(text.contains(secret), "{text}");
    }
}

#[test]
fn a_drain_limit_that_is_not_a_number_is_an_error() {
    let problem = load(FILE, &[&SECRETS[..], &[("LOGTO_DRAIN_LIMIT", "5s")]].concat()).unwrap_err();
    assert!(problem.to_string().contains("LOGTO_DRAIN_LIMIT"), "{problem}");
}

#[test]
fn the_demo_needs_its_scopes_unless_others_are_set() {
    let scopes = |variables: &[(&str, &str)]| {
        let settings = load(FILE, &[&SECRETS[..], variables].concat()).unwrap();
        let logto = Logto::new(settings.logto, settings.web).unwrap();
        logto.client().config().scopes().to_vec()
    };
    assert!(scopes(&[]).contains(&"read:products".to_owned()));
    assert!(!scopes(&[("LOGTO_SCOPES", "email")]).contains(&"read:products".to_owned()));
}

#[test]
fn an_app_that_listens_on_every_address_needs_a_base_url() {
    let leptos = LeptosOptions::builder().output_name("quick-start");
    let leptos = leptos.site_addr("0.0.0.0:3000".parse::<SocketAddr>().unwrap()).build();
    let mut variables: HashMap<_, _> = SECRETS.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let error = Settings::from_parts(leptos.clone(), FILE, &variables).unwrap_err();
    assert!(error.to_string().contains("LOGTO_BASE_URL"), "{error}");
    variables.insert("LOGTO_BASE_URL".into(), "http://127.0.0.1:3000".into());
    assert!(Settings::from_parts(leptos, FILE, &variables).is_ok());
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
fn the_address_of_metrics_has_to_be_a_socket_address() {
    let with = |address| load(FILE, &[&SECRETS[..], &[("LOGTO_METRICS_ADDRESS", address)]].concat());
    let expected = SocketAddr::from(([127, 0, 0, 1], 9464));
    assert_eq!(with("127.0.0.1:9464").unwrap().metrics_address, Some(expected));
    assert_eq!(load(FILE, &SECRETS).unwrap().metrics_address, None);
    let text = with("9464").unwrap_err().to_string();
    assert!(text.contains("LOGTO_METRICS_ADDRESS"), "{text}");
}
