//! The tests of the Rust code.

use super::super::{context::Context, report::Report};
use crate::{error::Result, process::run};

/// Runs the tests with Redis and PostgreSQL. `with-stores` is built together with them, so that
/// their dependencies are compiled once.
pub(super) fn unit(context: &Context) -> Result<Report> {
    let features = context.workspace.server_features();
    let selection = ["--workspace", "--features", &features];
    let uses_nextest = context.has("cargo-nextest");
    let test: &[&str] = if uses_nextest {
        &["nextest", "run"]
    } else {
        &["test", "--lib", "--bins", "--tests"]
    };
    run(context.cargo(test).args(selection).arg("--no-run"))?;
    let with_stores = context.workspace.target.join("debug/with-stores");
    let mut command = context.environment.command(with_stores);
    command.arg("cargo").args(test).args(selection).arg("--no-fail-fast");
    if uses_nextest {
        // .config/nextest.toml sets this path.
        let report = context.workspace.target.join("nextest/default/junit.xml");
        Context::run_with_junit(&mut command, &report)
    } else {
        Context::run_cargo_test(&mut command)
    }
}

pub(super) fn doctest(context: &Context) -> Result<Report> {
    let features = context.workspace.server_features();
    let mut command = context.cargo([
        "test",
        "--workspace",
        "--doc",
        "--no-fail-fast",
        "--features",
        &features,
    ]);
    Context::run_cargo_test(&mut command)
}

/// These packages have a separate workspace, because they choose features that the main one must
/// not have. Both share a target directory, for dependencies with the same features.
pub(super) fn providers(context: &Context) -> Result<Report> {
    let mut command = context.cargo([
        "test",
        "--manifest-path",
        "crypto-providers/Cargo.toml",
        "--no-fail-fast",
    ]);
    command.env("CARGO_TARGET_DIR", &context.workspace.target);
    Context::run_cargo_test(&mut command)
}
