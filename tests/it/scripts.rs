//! Tests of the scripts' checks, and of the ports in the manifests.

use std::{
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The ports of a self-hosted Logto and of its console.
const LOGTO_PORTS: [&str; 2] = ["3001", "3002"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn run(program: &str, arguments: &[&str], variables: &[(&str, &str)]) -> (Output, String) {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .current_dir(root())
        .envs(variables.iter().copied());
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    (output, text)
}

fn reload_port(file: &str) -> Option<String> {
    let text = std::fs::read_to_string(root().join(file)).unwrap();
    let settings: toml::Value = toml::from_str(&text).unwrap();
    let leptos = settings["package"].get("metadata")?.get("leptos")?;
    Some(leptos["reload-port"].to_string())
}

/// Lists the manifests of all packages, which are at most two folders deep.
fn manifests() -> Vec<String> {
    let folders_of = |folder: PathBuf| {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.is_dir() && !path.ends_with("target"))
    };
    let first: Vec<_> = folders_of(root().to_owned()).collect();
    let second = first.iter().cloned().flat_map(folders_of);
    let folders = second.chain(first.iter().cloned()).chain([root().to_owned()]);
    let files = folders
        .map(|folder| folder.join("Cargo.toml"))
        .filter(|file| file.exists());
    files
        .map(|file| file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned())
        .collect()
}

#[test]
fn all_settings_use_one_reload_port_that_logto_does_not_use() {
    let port = reload_port("Cargo.toml").unwrap();
    assert_eq!(Some(&port), reload_port("Leptos.toml").as_ref());
    let mut ports = 0;
    for file in manifests() {
        if let Some(port) = reload_port(&file) {
            assert!(!LOGTO_PORTS.contains(&port.as_str()), "{file}: {port}");
            ports += 1;
        }
    }
    assert!(ports >= 3, "the app and both examples have a port");
    let (_, usage) = run("script/server", &["--help"], &[]);
    assert!(usage.contains(&port), "{usage}");
    let contributing = std::fs::read_to_string(root().join("CONTRIBUTING.md")).unwrap();
    assert!(contributing.contains(&port));
}

#[test]
fn script_server_reports_a_port_in_use_before_it_installs_anything() {
    let listen = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = |listener: &TcpListener| listener.local_addr().unwrap().port().to_string();
    let holder = listen();
    let (taken, free, other) = (port(&holder), port(&listen()), port(&listen()));
    let cases: [(&[&str], _, _, _); 3] = [
        (&[], &taken, &free, &other),
        (&[], &free, &taken, &other),
        (&["--release"], &free, &other, &taken),
    ];
    for (arguments, app, reload, provider) in cases {
        let (output, text) = run(
            "script/server",
            arguments,
            &[
                ("LEPTOS_SITE_ADDR", &format!("127.0.0.1:{app}")),
                ("LEPTOS_RELOAD_PORT", reload),
                ("PROVIDER_PORT", provider),
                ("LOGTO_ENDPOINT", ""),
            ],
        );
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{text}{errors}");
        assert!(errors.contains(&taken) && errors.contains("in use"), "{errors}");
        assert!(!text.contains("Setting up"), "{text}");
    }
}
