//! Checks of the files for a deployment: `compose.yaml`, `Dockerfile`, the service of systemd.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a panic is how a test reports")]

use std::{collections::BTreeSet, fs, path::Path};

use serde_json::{Map, Value};

/// The programs that the health checks may call, by the beginning of the image's name.
const PROGRAMS: [(&str, &[&str]); 4] = [
    // BusyBox of Alpine.
    ("caddy:", &["wget"]),
    ("svhd/logto:", &["wget"]),
    ("postgres:", &["pg_isready"]),
    ("redis:", &["redis-cli", "grep"]),
];

/// Documented defaults. Any other value of `compose.yaml` has to be set or may be empty.
const DEFAULTS: [&str; 1] = ["RUST_LOG-info"];

fn read(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn compose() -> Value {
    serde_saphyr::from_str(&read("compose.yaml")).unwrap()
}

fn services(compose: &Value) -> &Map<String, Value> {
    compose["services"].as_object().unwrap()
}

/// The variables that `.env.example` documents, set or commented out.
fn documented() -> BTreeSet<String> {
    let example = read(".env.example");
    let lines = example.lines().map(|line| line.trim_start_matches("# "));
    let names = lines.filter_map(|line| line.split_once('=').map(|(name, _)| name));
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    names.filter(|name| is_name(name)).map(str::to_owned).collect()
}

/// The default of a variable in `.env.example`, as a number.
fn documented_number(name: &str) -> u64 {
    let example = read(".env.example");
    let prefix = format!("# {name}=");
    let line = example.lines().find_map(|line| line.strip_prefix(prefix.as_str()));
    line.unwrap().parse().unwrap()
}

/// The texts between `${` and `}`.
fn references(text: &str) -> Vec<&str> {
    let starts = text.match_indices("${").map(|(start, _)| &text[start + 2..]);
    starts.map(|text| text.split('}').next().unwrap()).collect()
}

fn seconds(value: &Value) -> u64 {
    value.as_str().unwrap().strip_suffix('s').unwrap().parse().unwrap()
}

#[test]
fn compose_uses_documented_variables_and_has_no_default_passwords() {
    let (text, documented) = (read("compose.yaml"), documented());
    let references = references(&text);
    assert!(references.len() > 10, "{references:?}");
    for reference in references {
        let end = reference.find([':', '-', '?']).expect("a variable without `?` or `-`");
        let (name, rule) = reference.split_at(end);
        assert!(documented.contains(name), "{name} is not in .env.example");
        let must_be_set = rule.starts_with(":?");
        assert!(
            must_be_set || rule == "-" || DEFAULTS.contains(&reference),
            "{reference}"
        );
        let is_secret_of_a_store = name.ends_with("_PASSWORD");
        assert!(must_be_set || !is_secret_of_a_store, "{reference}");
    }
}

#[test]
fn compose_sets_only_variables_that_the_app_knows() {
    let compose = compose();
    let documented = documented();
    for name in compose["x-app"]["environment"].as_object().unwrap().keys() {
        assert!(documented.contains(name), "{name}");
    }
}

#[test]
fn compose_services_wait_for_healthy_services() {
    let compose = compose();
    let services = services(&compose);
    for (name, service) in services {
        let built = service.get("build").is_some();
        let tag = service["image"].as_str().unwrap().split_once(':').map(|(_, tag)| tag);
        assert!(
            built || tag.is_some_and(|tag| tag != "latest"),
            "{name}: an image without a version"
        );
        for (needed, rule) in service
            .get("depends_on")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            assert_eq!(rule["condition"], "service_healthy", "{name}");
            assert!(services[needed].get("healthcheck").is_some(), "{needed}");
        }
    }
    assert!(
        read("Dockerfile").contains("\nHEALTHCHECK "),
        "the app's check is that of its image"
    );
    assert_eq!(services["app-1"], services["app-2"]);
}

#[test]
fn compose_health_checks_call_programs_of_the_image() {
    let compose = compose();
    for (name, service) in services(&compose) {
        let Some(check) = service.get("healthcheck") else {
            continue;
        };
        let image = service["image"].as_str().unwrap();
        let (_, programs) = PROGRAMS
            .iter()
            .find(|(start, _)| image.starts_with(start))
            .expect(image);
        let words: Vec<_> = check["test"]
            .as_array()
            .unwrap()
            .iter()
            .map(|word| word.as_str().unwrap())
            .collect();
        let called: Vec<_> = match &words[..] {
            ["CMD", program, ..] => vec![*program],
            ["CMD-SHELL", script] => script
                .split('|')
                .map(|part| part.split_whitespace().next().unwrap())
                .collect(),
            other => panic!("{name}: {other:?}"),
        };
        assert!(
            called.iter().all(|program| programs.contains(program)),
            "{name}: {called:?}"
        );
    }
}

#[test]
fn compose_mounts_files_and_volumes_that_exist() {
    let compose = compose();
    for (name, service) in services(&compose) {
        for volume in service.get("volumes").and_then(Value::as_array).into_iter().flatten() {
            let (source, _) = volume.as_str().unwrap().split_once(':').unwrap();
            match source.strip_prefix("./") {
                Some(file) => assert!(!read(file).is_empty(), "{file}"),
                None => assert!(compose["volumes"].get(source).is_some(), "{name}: {source}"),
            }
        }
        for config in service.get("configs").and_then(Value::as_array).into_iter().flatten() {
            let source = config["source"].as_str().unwrap();
            assert!(compose["configs"].get(source).is_some(), "{name}: {source}");
        }
    }
}

#[test]
fn nothing_kills_the_app_before_its_drain_limit() {
    let limit = documented_number("LOGTO_DRAIN_LIMIT");
    let settings = read("src/server/settings/mod.rs");
    assert!(settings.contains(&format!("DRAIN_LIMIT: Duration = Duration::from_secs({limit})")));
    // For refreshes, after the last request.
    let main = read("src/main.rs");
    let (_, refreshes) = main.split_once("REFRESHES: Duration = Duration::from_secs(").unwrap();
    let limit = limit + refreshes.split(')').next().unwrap().parse::<u64>().unwrap();
    let compose = compose();
    let delay = compose["x-app"]["environment"]["LOGTO_DRAIN_DELAY"].as_str().unwrap();
    let limit = limit + delay.parse::<u64>().unwrap();
    let grace = seconds(&compose["x-app"]["stop_grace_period"]);
    assert!(grace > limit);
    let unit = read("deploy/systemd/quick-start.service");
    let stop = unit
        .lines()
        .find_map(|line| line.strip_prefix("TimeoutStopSec="))
        .unwrap();
    assert!(stop.parse::<u64>().unwrap() > limit);
}

#[test]
fn the_image_and_the_service_run_the_app_with_the_same_settings() {
    let settings = |text: &str, prefix: &str| {
        let lines = text.lines().filter_map(|line| line.strip_prefix(prefix));
        // A container listens on every address.
        let lines = lines.filter(|line| !line.starts_with("LEPTOS_SITE_ADDR="));
        lines.map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let dockerfile = read("Dockerfile");
    let (_, image) = dockerfile.rsplit_once("\nFROM ").unwrap();
    let unit = read("deploy/systemd/quick-start.service");
    let in_image = settings(image, "ENV ");
    assert!(!in_image.is_empty());
    assert_eq!(in_image, settings(&unit, "Environment="));
}

#[test]
fn the_image_is_built_with_a_compiler_that_the_workspace_supports() {
    let version = |text: &str| text.split('.').map(|part| part.parse().unwrap()).collect::<Vec<u32>>();
    let dockerfile = read("Dockerfile");
    let image = dockerfile
        .lines()
        .find_map(|line| line.strip_prefix("ARG RUST_VERSION="))
        .unwrap();
    let manifest: toml::Value = toml::from_str(&read("Cargo.toml")).unwrap();
    let oldest = manifest["workspace"]["package"]["rust-version"].as_str().unwrap();
    assert!(version(image) >= version(oldest), "{image} {oldest}");
}
