//! The app in a browser, and the local provider that it signs in at.

use std::{env, fs, process::Command};

use super::super::{context::Context, report::Report};
use crate::error::{Error, Result};

const DIRECTORY: &str = "end2end";

pub(super) fn types(context: &Context) -> Result<Report> {
    let mut command = context.command("npm");
    command.args(["run", "--silent", "check"]).current_dir(DIRECTORY);
    Context::run_all([command])
}

pub(super) fn provider(context: &Context) -> Result<Report> {
    node_tests(context, "provider", &provider_tests()?)
}

/// The same files as `npm test` in `end2end/`.
fn provider_tests() -> Result<Vec<String>> {
    let entries = fs::read_dir(format!("{DIRECTORY}/provider")).map_err(Error::file(DIRECTORY))?;
    let names = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok());
    let mut files: Vec<_> = names
        .filter(|name| name.ends_with(".test.mjs"))
        .map(|name| format!("provider/{name}"))
        .collect();
    files.sort();
    Ok(files)
}

pub(super) fn build(context: &Context) -> Result<Report> {
    let mut example = context.cargo(["build", "--workspace", "--example", "storage_state"]);
    // Those of the unit tests, so that both share the compiled dependencies.
    example.args(["--features", &context.workspace.server_features()]);
    Context::run_all([
        context.cargo(["leptos", "build"]),
        // It has no part in the browser.
        context.cargo(["build", "--package", "example-multi-tenant"]),
        example,
    ])
}

/// The tests of `end2end/browsers` in one browser.
pub(super) fn tour(context: &Context, browser: &str) -> Result<Report> {
    node_tests(context, browser, &[format!("browsers/{browser}.test.mjs")])
}

/// Runs tests with the test runner of Node.
fn node_tests(context: &Context, name: &str, files: &[String]) -> Result<Report> {
    let report = context.report_file(&format!("{name}.xml"));
    let mut command = context.command("node");
    command
        .args(["--test", "--test-reporter=spec", "--test-reporter-destination=stdout"])
        .arg("--test-reporter=junit")
        .arg(format!("--test-reporter-destination={}", report.display()))
        .args(files)
        .current_dir(DIRECTORY);
    use_built_app(context, &mut command);
    Context::run_with_junit(&mut command, &report)
}

/// Names the app that the step `build` has built, unless the developer names another one.
fn use_built_app(context: &Context, command: &mut Command) {
    if env::var_os("E2E_APP_BIN").is_none() {
        command.env("E2E_APP_BIN", context.workspace.target.join("debug/quick-start"));
    }
}

pub(super) fn browser(context: &Context) -> Result<Report> {
    let report = context.report_file("browser.xml");
    let mut command = context.command("npx");
    command
        .args(["--no-install", "playwright", "test"])
        // playwright.config.ts adds the report if this is set.
        .env("PLAYWRIGHT_JUNIT_OUTPUT_FILE", &report)
        .current_dir(DIRECTORY);
    use_built_app(context, &mut command);
    Context::run_with_junit(&mut command, &report)
}
