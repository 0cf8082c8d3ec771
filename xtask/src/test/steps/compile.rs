//! Formatting, lints and documentation of the Rust code.

use std::process::Command;

use cargo_metadata::Package;

use super::super::{context::Context, report::Report};
use crate::{
    error::Result,
    workspace::{SERVER_FEATURES, WASM_TARGET, features_of},
};

const DENY_WARNINGS: [&str; 3] = ["--", "-D", "warnings"];

pub(super) fn fmt(context: &Context) -> Result<Report> {
    Context::run_all([context.cargo(["fmt", "--all", "--check"])])
}

pub(super) fn clippy(context: &Context) -> Result<Report> {
    Context::run_all(context.workspace.packages.iter().map(|package| {
        let mut command = alone(context, "clippy", package, &SERVER_FEATURES);
        command.arg("--all-targets").args(DENY_WARNINGS);
        command
    }))
}

pub(super) fn hydrate(context: &Context) -> Result<Report> {
    Context::run_all(context.workspace.in_browser().map(|package| {
        let mut command = alone(context, "clippy", package, &["hydrate"]);
        command.args(["--lib", "--target", WASM_TARGET]).args(DENY_WARNINGS);
        command
    }))
}

/// A Cargo command for one package, so that no feature of another package helps it compile.
fn alone(context: &Context, subcommand: &str, package: &Package, features: &[&str]) -> Command {
    let mut command = context.cargo([subcommand, "--package", &package.name]);
    let features = features_of([package], features);
    if !features.is_empty() {
        command.args(["--features", &features]);
    }
    command
}

/// Checks the separate workspace of the fuzz targets. Unlike fuzzing, that needs no nightly
/// compiler.
pub(super) fn fuzz(context: &Context) -> Result<Report> {
    let compiler = context.environment.get("CXX").unwrap_or_else(|| "c++".to_owned());
    if !context.has(&compiler) {
        return Ok(Report::not_run("libFuzzer needs a C++ compiler"));
    }
    let mut command = context.cargo(["check", "--manifest-path", "fuzz/Cargo.toml"]);
    command.env("CARGO_TARGET_DIR", &context.workspace.target);
    Context::run_all([command])
}

pub(super) fn doc(context: &Context) -> Result<Report> {
    let libraries: Vec<_> = context.workspace.libraries().collect();
    let mut command = context.cargo(["doc", "--no-deps"]);
    for library in &libraries {
        command.args(["--package", &library.name]);
    }
    command
        .args(["--features", &features_of(libraries, &SERVER_FEATURES)])
        .env("RUSTDOCFLAGS", "-D warnings");
    Context::run_all([command])
}
