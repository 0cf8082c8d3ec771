//! The tests of the Rust code.

use super::super::{context::Context, report::Report};
use crate::{error::Result, process::run};

/// The tests of the PostgreSQL store that need the optional program `pgbouncer`.
const PGBOUNCER: &str = "pgbouncer::";

pub(super) fn unit(context: &Context) -> Result<Report> {
    tests(context, &[], &["--", "--skip", PGBOUNCER])
}

pub(super) fn pgbouncer(context: &Context) -> Result<Report> {
    tests(context, &["--test", "stores"], &["--", PGBOUNCER])
}

/// Runs the tests of the workspace, or of the `targets` in it, with Redis and PostgreSQL.
/// `with-stores` is built together with all of them, so that their dependencies are compiled once.
fn tests(context: &Context, targets: &[&str], filter: &[&str]) -> Result<Report> {
    let features = context.workspace.server_features();
    let selection = ["--workspace", "--features", &features];
    let uses_nextest = context.has("cargo-nextest");
    let (test, all): (&[&str], &[&str]) = if uses_nextest {
        (&["nextest", "run"], &[])
    } else {
        (&["test"], &["--lib", "--bins", "--tests"])
    };
    run(context.cargo(test).args(all).args(selection).arg("--no-run"))?;
    let with_stores = context.workspace.target.join("debug/with-stores");
    let mut command = context.environment.command(with_stores);
    let targets = if targets.is_empty() { all } else { targets };
    command.arg("cargo").args(test).args(targets).args(selection);
    command.arg("--no-fail-fast").args(filter);
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
