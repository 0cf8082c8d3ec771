//! Mutation tests with cargo-mutants, of the files in `mutants.toml`.

use std::{collections::BTreeMap, fs, process::Command};

use serde::Deserialize;

use crate::{
    environment::Environment,
    error::{Error, Result},
    output::say,
    process::{run, status},
    set_up::set_up,
    workspace::Workspace,
};

const TABLE: &str = include_str!("../mutants.toml");

/// Files to mutate, with the tests that are most likely to fail. `mutants.toml` explains the fields.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Target {
    files: Vec<String>,
    binaries: Vec<String>,
    tests: Vec<String>,
    #[serde(default)]
    packages: Vec<String>,
    #[serde(default)]
    stores: bool,
}

type Targets = BTreeMap<String, Target>;

/// `[--continue] [TARGET…]`: mutates the files of the named targets, or of all of them.
pub(crate) fn main(arguments: &[&str]) -> Result {
    let (continues, names) = match arguments {
        ["--continue", names @ ..] => (true, names),
        names => (false, names),
    };
    let targets = select(names)?;
    let mut environment = Environment::default();
    if !environment.has("cargo-mutants") {
        let advice = ["Run: cargo install --locked cargo-mutants"];
        return Err(Error::advised("cargo-mutants is missing", advice));
    }
    set_up("redis", &mut environment)?;
    set_up("postgres", &mut environment)?;
    let workspace = Workspace::load()?;
    if !continues {
        for name in ["mutants.out", "mutants.out.old"] {
            // They do not exist before the first run.
            let _ = fs::remove_dir_all(workspace.target.join(name));
        }
    }
    for (name, target) in &targets {
        say(name);
        run_first_round(mutants(&environment, &workspace, target.stores), target)?;
    }
    say("Surviving mutants, against all tests of the three packages");
    let mut command = mutants(&environment, &workspace, true);
    for file in targets.values().flat_map(|target| &target.files) {
        command.args(["-f", file]);
    }
    command.args([
        "--test-package=logto,logto-axum,logto-requirements",
        "--cargo-arg=--tests",
    ]);
    run(&mut command)
}

fn mutants(environment: &Environment, workspace: &Workspace, with_stores: bool) -> Command {
    let mut command = environment.command("cargo");
    if with_stores {
        command.args([
            "run",
            "--quiet",
            "--package=xtask",
            "--features=stores",
            "--bin=with-stores",
        ]);
        command.args(["--", "cargo", "mutants", "--features=logto/redis,logto/postgres"]);
    } else {
        command.arg("mutants");
    }
    let timeout = environment.get("MUTANTS_TIMEOUT").unwrap_or_else(|| "120".to_owned());
    command
        .args(["--in-place", "--iterate", "--timeout", &timeout, "--output"])
        .arg(&workspace.target)
        .args(["-p", "logto", "-p", "logto-axum", "-p", "logto-requirements"])
        // Thousands of backtraces would take longer than the tests.
        .env("RUST_BACKTRACE", "0")
        .env("CARGO_PROFILE_DEV_DEBUG", "0");
    command
}

fn run_first_round(mut command: Command, target: &Target) -> Result {
    for file in &target.files {
        command.args(["-f", file]);
    }
    if !target.packages.is_empty() {
        command.args(["--test-package", &target.packages.join(",")]);
    }
    let binaries = target.binaries.iter().map(|option| format!("--cargo-arg={option}"));
    command.args(binaries).args(["--", "--"]).args(&target.tests);
    match status(&mut command)? {
        // 2: missed mutants, 3: timeouts. The second round tests both again.
        status if matches!(status.code(), Some(0 | 2 | 3)) => Ok(()),
        status => Err(Error::Exit {
            program: "cargo mutants".to_owned(),
            status,
        }),
    }
}

/// The targets with these names; all of them if there are no names.
fn select(names: &[&str]) -> Result<Targets> {
    let mut targets: Targets =
        toml::from_str(TABLE).map_err(|error| Error::format("xtask/mutants.toml", error.to_string()))?;
    if let Some(unknown) = names.iter().find(|name| !targets.contains_key(**name)) {
        let known: Vec<_> = targets.into_keys().collect();
        return Err(Error::advised(
            format!("there is no target named {unknown}"),
            [format!("Targets: {}", known.join(" "))],
        ));
    }
    targets.retain(|name, _| names.is_empty() || names.contains(&name.as_str()));
    Ok(targets)
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_to_mutate_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for file in select(&[]).unwrap().values().flat_map(|target| &target.files) {
            let path = root.join(file.trim_end_matches("/*.rs"));
            assert!(path.exists(), "{file} has moved or is gone");
        }
    }

    #[test]
    fn selects_targets_by_name() {
        let names: Vec<_> = select(&["seal", "guard"]).unwrap().into_keys().collect();
        assert_eq!(names, ["guard", "seal"]);
        assert!(select(&["nothing"]).is_err());
    }
}
