//! Checks of the dependencies.

use std::collections::BTreeSet;

use super::super::{context::Context, report::Report};
use crate::{
    error::{Error, Result},
    process::{output, run},
    workspace::WASM_TARGET,
};

/// Packages that must not reach the browser: an asynchronous runtime, HTTP and protocol code.
const SERVER_ONLY: [&str; 8] = [
    "aws-lc-rs",
    "axum",
    "hyper",
    "logto",
    "logto-axum",
    "openidconnect",
    "reqwest",
    "tokio",
];
/// Packages that Leptos itself brings into the browser, so that only a direct dependency can be
/// refused.
const NOT_DIRECT: [&str; 1] = ["url"];

pub(super) fn tree(context: &Context) -> Result<Report> {
    let mut problems = Vec::new();
    for package in context.workspace.in_browser() {
        let all = browser_packages(context, &package.name, &[])?;
        let direct = browser_packages(context, &package.name, &["--depth", "1"])?;
        println!("{}: {} packages in the browser", package.name, all.len());
        let mut refuse = |names: &[&str], present: &BTreeSet<String>, rule: &str| {
            let found = names.iter().filter(|name| present.contains(**name));
            problems.extend(found.map(|name| format!("{}: {name} {rule}", package.name)));
        };
        refuse(&SERVER_ONLY, &all, "must not be in the browser");
        refuse(&NOT_DIRECT, &direct, "must not be a direct dependency in the browser");
    }
    if problems.is_empty() {
        return Ok(Report::passed());
    }
    Err(Error::advised("server code in the browser", problems))
}

/// The names of all packages in the browser build of `name`. `cargo tree` resolves features for one
/// target, which `cargo metadata` does not.
fn browser_packages(context: &Context, name: &str, arguments: &[&str]) -> Result<BTreeSet<String>> {
    let mut command = context.cargo([
        "tree",
        "--package",
        name,
        "--no-default-features",
        "--features",
        "hydrate",
    ]);
    command
        .args(["--target", WASM_TARGET, "--edges", "normal,no-proc-macro"])
        .args(["--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .env("CARGO_TERM_COLOR", "never");
    let text = output(&mut command).ok_or_else(|| {
        Error::advised(
            format!("cargo tree failed for {name}"),
            ["Run it by hand for the reason."],
        )
    })?;
    Ok(names_in(&text))
}

/// The first word of each line.
fn names_in(tree: &str) -> BTreeSet<String> {
    let names = tree.lines().filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

pub(super) fn deny(context: &Context) -> Result<Report> {
    Context::run_all([context.cargo(["deny", "--all-features", "check", "bans", "licenses", "sources"])])
}

/// The database of advisories is on GitHub. If it is out of reach, this is neither a pass nor a
/// failure.
pub(super) fn advisories(context: &Context) -> Result<Report> {
    if let Err(error) = run(&mut context.cargo(["deny", "--all-features", "fetch", "db"])) {
        return Ok(Report::not_run(format!(
            "the database cannot be fetched ({error}); run this step again with access to github.com"
        )));
    }
    Context::run_all([context.cargo(["deny", "--all-features", "check", "--disable-fetch", "advisories"])])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_tree_starts_with_the_name() {
        let tree = "logto-leptos v0.1.0 (/a/crates/logto-leptos)\nurl v2.5.0\nurl v2.5.0 (*)\n\n";
        assert_eq!(names_in(tree).into_iter().collect::<Vec<_>>(), ["logto-leptos", "url"]);
    }
}
