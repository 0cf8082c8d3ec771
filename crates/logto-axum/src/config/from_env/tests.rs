use logto::Diagnose as _;

use super::*;

const GIVEN: [(&str, &str); 5] = [
    ("LOGTO_ENDPOINT", "https://tenant.logto.app"),
    ("LOGTO_APP_ID", "app"),
    ("LOGTO_APP_SECRET", "secret"),
    ("LOGTO_COOKIE_SECRET", "a-cookie-secret-of-these-tests-long-enough"),
    ("LOGTO_BASE_URL", "https://app.example.com"),
];

/// Reads the required variables and further ones, which override them.
fn read(further: &[(&str, &str)]) -> Result<(LogtoConfig, WebConfig), SetUpError> {
    Logto::config_from(|name| {
        let mut variables = further.iter().chain(&GIVEN);
        let found = variables.find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    })
}

fn problems(further: &[(&str, &str)]) -> Vec<String> {
    match read(further).unwrap_err() {
        SetUpError::Config(error) => error.problems.into_iter().map(|problem| problem.message).collect(),
        #[allow(clippy::match_wildcard_for_single_variants, reason = "a feature adds a variant")]
        error => panic!("{error}"),
    }
}

fn web(further: &[(&str, &str)]) -> WebConfig {
    read(further).unwrap().1
}

#[test]
fn the_required_variables_are_enough() {
    let (logto, web) = read(&[]).unwrap();
    assert_eq!((logto.endpoint(), logto.app_id()), ("https://tenant.logto.app", "app"));
    assert_eq!((logto.transaction_lifetime(), logto.internal_endpoint()), (3600, None));
    assert!(web.store().is_none() && web.deny_list().is_none());
    assert_eq!(
        (web.lifetimes().idle(), web.lifetimes().absolute()),
        (7 * 86_400, 14 * 86_400)
    );
    assert!(Logto::new(logto, web).is_ok());
}

/// Reads the settings of an API from these variables.
fn read_api(variables: &[(&str, &str)]) -> Result<LogtoConfig, String> {
    let lookup = |name: &str| {
        let found = variables.iter().find(|(variable, _)| *variable == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Reader::new(&lookup).read_api().map_err(|error| error.to_string())
}

#[test]
fn an_api_without_sessions_needs_the_address_of_logto_only() {
    let config = read_api(&GIVEN[..1]).unwrap();
    assert_eq!(config.endpoint(), "https://tenant.logto.app");
    assert!(TokenVerifier::with_config(config).is_ok());
    let error = read_api(&[]).unwrap_err();
    assert!(error.contains("LOGTO_ENDPOINT is missing"), "{error}");
    assert!(!error.contains("COOKIE") && !error.contains("APP_ID"), "{error}");
}

#[test]
fn an_api_may_reach_logto_at_another_address() {
    let internal = ("LOGTO_INTERNAL_ENDPOINT", "http://logto:3001");
    let error = read_api(&[GIVEN[0], internal]).unwrap_err();
    assert!(error.contains("LOGTO_INTERNAL_ENDPOINT: "), "{error}");
    let config = read_api(&[GIVEN[0], internal, ("LOGTO_ALLOW_HTTP", "true")]).unwrap();
    assert_eq!(config.internal_endpoint(), Some("http://logto:3001"));
}

#[test]
fn every_missing_variable_is_reported_with_the_way_to_get_a_value() {
    let error = Logto::config_from(|_| None).unwrap_err().to_string();
    for (name, hint) in [
        ("LOGTO_ENDPOINT", "https://your-tenant.logto.app"),
        ("LOGTO_APP_ID", "Logto console"),
        ("LOGTO_APP_SECRET", "Logto console"),
        ("LOGTO_COOKIE_SECRET", "openssl rand -base64 32"),
        ("LOGTO_BASE_URL", "http://127.0.0.1:3000"),
    ] {
        let line = error.lines().find(|line| line.contains(name)).unwrap();
        assert!(line.starts_with(&format!("- {name} is missing: ")), "{line}");
        assert!(line.contains(hint), "{line}");
    }
    assert_eq!(error.lines().count(), 6, "{error}");
}

/// `Logto::from_env().unwrap()` and a `main` that returns the error print `Debug`.
#[test]
fn unwrap_prints_each_problem_on_its_own_line() {
    let error = Logto::config_from(|_| None).unwrap_err();
    assert_eq!(format!("{error:?}"), error.to_string());
    assert_eq!(format!("{error:?}").lines().count(), 6, "{error:?}");
}

#[test]
fn missing_and_invalid_variables_are_reported_together() {
    let problems = problems(&[
        ("LOGTO_ENDPOINT", ""),
        ("LOGTO_APP_ID", "a b"),
        ("LOGTO_COOKIE_SECRET", "short"),
        ("LOGTO_IDLE_LIFETIME", "7 days"),
    ]);
    assert_eq!(problems.len(), 4, "{problems:?}");
}

#[test]
fn the_message_of_an_invalid_variable_begins_with_its_name() {
    let no_certificates = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (name, value) in [
        ("LOGTO_ENDPOINT", "tenant"),
        ("LOGTO_ENDPOINT", "http://192.168.1.20:3001"),
        ("LOGTO_INTERNAL_ENDPOINT", "http://logto:3001"),
        ("LOGTO_INTERNAL_ENDPOINT", "logto"),
        ("LOGTO_APP_ID", "a b"),
        ("LOGTO_SCOPES", "read:\"orders\""),
        ("LOGTO_RESOURCES", "/relative"),
        ("LOGTO_PROMPT", "nonsense"),
        ("LOGTO_PROMPT", "none login"),
        ("LOGTO_CLOCK_TOLERANCE", "601"),
        ("LOGTO_CLOCK_TOLERANCE", "a minute"),
        ("LOGTO_TRANSACTION_LIFETIME", "0"),
        ("LOGTO_IDLE_LIFETIME", "0"),
        ("LOGTO_IDLE_LIFETIME", "7 days"),
        ("LOGTO_COOKIE_SECRET", "short"),
        ("LOGTO_COOKIE_SECURE", "yes"),
        ("LOGTO_SILENT_SIGN_IN", "yes"),
        ("LOGTO_SSO_ENTRY", "sso"),
        ("LOGTO_SSO_ENTRY", "//evil.example"),
        ("LOGTO_BASE_URL", "app.example.com"),
        ("LOGTO_BASE_URL", "http://app.example.com"),
        ("LOGTO_BASE_URL", "https://*.example.com"),
        ("LOGTO_FURTHER_BASE_URLS", "b.example"),
        ("LOGTO_FURTHER_BASE_URLS", "https://*.com"),
        ("LOGTO_FURTHER_BASE_URLS", "https://app.example.com"),
        ("LOGTO_TRUSTED_PROXIES", "proxy.example"),
        ("LOGTO_ALLOW_HTTP", "yes"),
        ("LOGTO_STORE_URL", "mysql://127.0.0.1"),
        ("LOGTO_DENY_LIST_URL", "mysql://127.0.0.1"),
        ("LOGTO_CA_FILE", "/no/such/file.pem"),
        ("LOGTO_CA_FILE", no_certificates),
    ] {
        let problems = problems(&[(name, value)]);
        assert_eq!(problems.len(), 1, "{name}={value} {problems:?}");
        assert!(problems[0].starts_with(name), "{name}={value} {problems:?}");
    }
    let problems = problems(&[("LOGTO_COOKIE_SECURE", "true"), ("LOGTO_BASE_URL", "http://localhost")]);
    assert!(problems[0].starts_with("LOGTO_COOKIE_SECURE"), "{problems:?}");
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let expected = format!("{:?}", read(&[]).unwrap());
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
        "LOGTO_SILENT_SIGN_IN",
        "LOGTO_SSO_ENTRY",
        "LOGTO_STORE_URL",
        "LOGTO_DENY_LIST_URL",
        "LOGTO_NEXT_JS_COOKIE_SECRET",
    ] {
        assert_eq!(format!("{:?}", read(&[(name, " ")]).unwrap()), expected, "{name}");
    }
}

#[test]
fn the_base_url_defaults_to_the_address_that_the_app_listens_on() {
    let with = |address| [("LOGTO_BASE_URL", ""), ("LEPTOS_SITE_ADDR", address)];
    assert_eq!(web(&with("127.0.0.1:3000")).base_url, "http://127.0.0.1:3000");
    for address in ["0.0.0.0:3000", "[::]:3000"] {
        let problems = problems(&with(address));
        for part in ["LOGTO_BASE_URL", address, "http://127.0.0.1:3000"] {
            assert!(problems[0].contains(part), "{problems:?}");
        }
    }
}

#[test]
fn http_beyond_this_machine_is_allowed_by_the_variable_that_the_error_names() {
    for name in ["LOGTO_BASE_URL", "LOGTO_ENDPOINT", "LOGTO_INTERNAL_ENDPOINT"] {
        let address = (name, "http://192.168.1.20:3000");
        assert!(problems(&[address])[0].contains("LOGTO_ALLOW_HTTP=true"), "{name}");
        assert!(read(&[address, ("LOGTO_ALLOW_HTTP", "true")]).is_ok(), "{name}");
    }
}

#[test]
fn lists_are_separated_by_spaces() {
    let web = web(&[
        ("LOGTO_FURTHER_BASE_URLS", "https://b.example https://c.example"),
        ("LOGTO_TRUSTED_PROXIES", "10.0.0.0/8 fd00::/8"),
        (
            "LOGTO_COOKIE_SECRET",
            "the-new-secret-of-these-tests-long-enough the-old-secret-of-these-tests-long-enough",
        ),
    ]);
    assert_eq!(web.further_base_urls(), ["https://b.example", "https://c.example"]);
    assert_eq!(web.trusted_proxies(), ["10.0.0.0/8", "fd00::/8"]);
    assert_eq!(web.cookie_secrets().len(), 2);
    let (logto, _) = read(&[
        ("LOGTO_SCOPES", "email roles"),
        ("LOGTO_RESOURCES", "https://a.example https://b.example"),
        ("LOGTO_PROMPT", "login consent"),
    ])
    .unwrap();
    let logto = format!("{logto:?}");
    for part in [
        r#"["email", "roles"]"#,
        r#"["https://a.example", "https://b.example"]"#,
        "[Login, Consent]",
    ] {
        assert!(logto.contains(part), "{logto}");
    }
}

#[test]
fn durations_are_in_seconds() {
    let (logto, web) = read(&[
        ("LOGTO_TRANSACTION_LIFETIME", "1800"),
        ("LOGTO_CLOCK_TOLERANCE", "30"),
        ("LOGTO_IDLE_LIFETIME", "60"),
        ("LOGTO_ABSOLUTE_LIFETIME", "120"),
    ])
    .unwrap();
    assert_eq!(logto.transaction_lifetime(), 1800);
    assert!(format!("{logto:?}").contains("clock_tolerance: 30"), "{logto:?}");
    assert_eq!((web.lifetimes().idle(), web.lifetimes().absolute()), (60, 120));
}

#[test]
fn ways_to_sign_in_without_a_button_are_off_unless_they_are_set() {
    let of = |variables: &[(&str, &str)]| {
        let web = web(variables);
        (web.silent_sign_in, web.paths.sso_entry)
    };
    assert_eq!(of(&[]), (false, None));
    let all = [("LOGTO_SILENT_SIGN_IN", "true"), ("LOGTO_SSO_ENTRY", "/sso")];
    assert_eq!(of(&all), (true, Some("/sso".to_owned())));
}

#[test]
fn the_management_app_needs_its_secret() {
    let (id, secret) = (
        ("LOGTO_MANAGEMENT_APP_ID", "m2m"),
        ("LOGTO_MANAGEMENT_APP_SECRET", "s3cret"),
    );
    for one in [id, secret] {
        let problems = problems(&[one]);
        assert!(
            problems[0].contains("set both LOGTO_MANAGEMENT_APP_ID and LOGTO_MANAGEMENT_APP_SECRET"),
            "{problems:?}"
        );
    }
    let management = |variables: &[(&str, &str)]| {
        let (config, web) = read(variables).unwrap();
        assert!(!format!("{config:?}").contains("s3cret"));
        Logto::new(config, web).unwrap().management()
    };
    assert_eq!(management(&[]).unwrap_err().code(), "management_app_missing");
    assert!(management(&[id, secret]).is_ok());
}

#[test]
fn a_path_that_is_taken_names_its_variable() {
    let problems = problems(&[("LOGTO_SSO_ENTRY", "/sign-in")]);
    assert_eq!(problems.len(), 1);
    assert!(
        problems[0].starts_with("LOGTO_SSO_ENTRY: the path `sso_entry`"),
        "{problems:?}"
    );
}

#[test]
fn the_connection_string_selects_the_store() {
    let store = |name, address| {
        let web = web(&[(name, address)]);
        format!("{:?} {:?}", web.store(), web.deny_list())
    };
    for (address, kind) in [
        ("memory:", "MemoryStore"),
        #[cfg(feature = "redis")]
        ("redis://127.0.0.1", "RedisStore"),
        #[cfg(feature = "redis")]
        ("rediss-cluster://user:word@one:7000,two:7000", "RedisStore"),
        #[cfg(feature = "redis")]
        ("redis-sentinel://one,two/mymaster", "RedisStore"),
        #[cfg(feature = "postgres")]
        ("postgres://127.0.0.1/app", "PostgresStore"),
    ] {
        for name in ["LOGTO_STORE_URL", "LOGTO_DENY_LIST_URL"] {
            assert!(store(name, address).contains(kind), "{name}={address}");
        }
    }
}

#[test]
fn the_error_of_an_invalid_connection_string_does_not_contain_its_password() {
    for name in ["LOGTO_STORE_URL", "LOGTO_DENY_LIST_URL"] {
        let problems = problems(&[(name, "http://:the-password@127.0.0.1")]);
        assert!(problems[0].contains("postgres://"), "{problems:?}");
        assert!(!problems[0].contains("the-password"), "{problems:?}");
    }
}

#[test]
fn secrets_are_neither_printed_nor_split_wrongly() {
    use logto::ExposeSecret as _;

    let (logto, web) = read(&[
        ("LOGTO_APP_SECRET", "the-app-secret"),
        ("LOGTO_NEXT_JS_COOKIE_SECRET", "of two words"),
    ])
    .unwrap();
    assert_eq!(web.next_js_cookie_secret().unwrap().expose_secret(), "of two words");
    let printed = format!("{logto:?} {web:?}");
    for secret in ["the-app-secret", "two words", "a-cookie-secret"] {
        assert!(!printed.contains(secret), "{printed}");
    }
}
