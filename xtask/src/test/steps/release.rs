//! Checks before a release. Each needs an optional tool or toolchain.

use std::process::Command;

use cargo_metadata::Package;

use super::super::{context::Context, report::Report};
use crate::{
    error::Result,
    process::{output, succeeds},
};

/// Checks each library with the oldest supported compiler: without features, and with each feature
/// alone.
pub(super) fn msrv(context: &Context) -> Result<Report> {
    let Some(toolchain) = toolchain(context) else {
        return Ok(Report::not_run("no library names its rust-version"));
    };
    if !succeeds(
        context
            .command("rustup")
            .args(["run", &toolchain, "cargo", "--version"]),
    ) {
        return Ok(Report::not_run(format!(
            "Rust {toolchain} is not installed (rustup toolchain install {toolchain})"
        )));
    }
    let check = |arguments: Vec<String>| {
        let mut command = context.command("rustup");
        command.args(["run", &toolchain, "cargo", "check"]).args(arguments);
        command
    };
    let commands = context.workspace.libraries().flat_map(feature_sets).map(check);
    Context::run_all(commands.collect::<Vec<Command>>())
}

/// The name of the toolchain for the lowest `rust-version` of the libraries: `1.88`.
fn toolchain(context: &Context) -> Option<String> {
    let versions = context
        .workspace
        .libraries()
        .filter_map(|package| package.rust_version.as_ref());
    versions
        .min()
        .map(|version| format!("{}.{}", version.major, version.minor))
}

/// The arguments of Cargo for a package without features, and with each of its features alone.
fn feature_sets(package: &Package) -> Vec<Vec<String>> {
    let minimal = ["--package", &package.name, "--no-default-features"]
        .map(str::to_owned)
        .to_vec();
    let features = package.features.keys().filter(|feature| *feature != "default");
    let alone = features.map(|feature| [&minimal[..], &["--features".to_owned(), feature.clone()]].concat());
    [minimal.clone()].into_iter().chain(alone).collect()
}

/// Compares the public API with the last release tag. cargo-semver-checks works with the stable
/// compiler; a committed listing by cargo-public-api would need the nightly compiler that its
/// release was made for.
pub(super) fn semver(context: &Context) -> Result<Report> {
    if !context.has("cargo-semver-checks") {
        let remark = "cargo-semver-checks is not installed (cargo install --locked cargo-semver-checks)";
        return Ok(Report::not_run(remark));
    }
    let mut git = context.command("git");
    git.args(["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*", "HEAD~"]);
    let Some(tag) = output(&mut git) else {
        return Ok(Report::not_run("there is no tag of an earlier release"));
    };
    let mut command = context.cargo(["semver-checks", "--baseline-rev", tag.trim()]);
    command.args(selected_libraries(context));
    Context::run_all([command])
}

/// Packs the libraries without building them from the packages again.
pub(super) fn package(context: &Context) -> Result<Report> {
    let mut command = context.cargo(["package", "--no-verify", "--allow-dirty"]);
    command.args(selected_libraries(context));
    Context::run_all([command])
}

fn selected_libraries(context: &Context) -> Vec<&str> {
    let libraries = context.workspace.libraries();
    libraries
        .flat_map(|library| ["--package", library.name.as_str()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workspace::Workspace;

    #[test]
    fn each_feature_is_checked_alone() {
        let workspace = Workspace::load().unwrap();
        let logto = workspace.libraries().find(|package| package.name == "logto").unwrap();
        let sets: Vec<_> = feature_sets(logto).iter().map(|set| set.join(" ")).collect();
        assert_eq!(
            sets,
            [
                "--package logto --no-default-features",
                "--package logto --no-default-features --features metrics",
                "--package logto --no-default-features --features postgres",
                "--package logto --no-default-features --features redis",
            ]
        );
    }
}
