//! The table of steps. A new step is a function and an entry here.

mod browser;
mod compile;
mod container;
mod dependencies;
mod release;
mod service;
mod soak;
mod text;
mod unit;

use super::{context::Context, report::Report};
use crate::error::Result;

pub(super) struct Step {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    /// The names of the parts of the set-up that it needs.
    pub(super) parts: &'static [&'static str],
    /// Earlier steps that must not have failed.
    pub(super) after: &'static [&'static str],
    pub(super) run: fn(&Context) -> Result<Report>,
}

const fn step(
    name: &'static str,
    title: &'static str,
    parts: &'static [&'static str],
    run: fn(&Context) -> Result<Report>,
) -> Step {
    Step {
        name,
        title,
        parts,
        after: &[],
        run,
    }
}

pub(super) static STEPS: &[Step] = &[
    step("fmt", "formatting", &[], compile::fmt),
    step("spelling", "spelling", &["typos"], text::spelling),
    step("shell", "shell scripts", &["shellcheck"], text::shell),
    step("clippy", "lints of each package, for the server", &[], compile::clippy),
    step("hydrate", "lints of the browser's part", &["wasm"], compile::hydrate),
    step(
        "unit",
        "unit and protocol tests",
        &["node", "redis", "postgres", "nginx"],
        unit::unit,
    ),
    step(
        "pgbouncer",
        "the PostgreSQL store behind a pooler",
        &["redis", "postgres", "pgbouncer"],
        unit::pgbouncer,
    ),
    step("doctest", "examples in the documentation", &[], unit::doctest),
    step("providers", "two crypto providers in one tree", &[], unit::providers),
    step("fuzz", "fuzz targets compile", &[], compile::fuzz),
    step("doc", "documentation without warnings", &[], compile::doc),
    step("tree", "no server code in the browser's part", &[], dependencies::tree),
    step(
        "deny",
        "licences and sources of dependencies",
        &["cargo-deny"],
        dependencies::deny,
    ),
    step(
        "advisories",
        "known vulnerabilities of dependencies",
        &["cargo-deny"],
        dependencies::advisories,
    ),
    step(
        "msrv",
        "the oldest supported compiler, each feature alone",
        &[],
        release::msrv,
    ),
    step(
        "semver",
        "breaking changes since the last release",
        &[],
        release::semver,
    ),
    step("package", "packages for crates.io", &[], release::package),
    step("systemd", "the service of systemd", &["systemd"], service::systemd),
    step("types", "types of the browser tests", &["node"], browser::types),
    step("provider", "tests of the local provider", &["node"], browser::provider),
    // Before `build`: both write the same program, and those after it need that of `build`.
    step(
        "container",
        "the build of the container image, and its result",
        &["wasm"],
        container::container,
    ),
    step(
        "build",
        "the app and the examples, server and WebAssembly",
        &["wasm"],
        browser::build,
    ),
    Step {
        name: "soak",
        title: "users of two instances while everything fails",
        parts: &["redis", "postgres"],
        after: &["build"],
        run: soak::soak,
    },
    Step {
        name: "browser",
        title: "the app and the examples in a browser",
        parts: &["node", "chromium"],
        after: &["build"],
        run: browser::browser,
    },
    Step {
        name: "firefox",
        title: "the tour of the app in Firefox",
        parts: &["node", "firefox"],
        after: &["build"],
        run: |context| browser::tour(context, "firefox"),
    },
    Step {
        name: "webkit",
        title: "the tour of the app in WebKitGTK",
        parts: &["node", "webkit"],
        after: &["build"],
        run: |context| browser::tour(context, "webkit"),
    },
];
