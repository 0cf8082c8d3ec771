//! Installs missing tools for building and testing. Tools that fit are left alone.

mod apt;
mod browsers;
mod cargo_deny;
mod cargo_tools;
mod chromium;
mod directories;
mod installation;
mod llvm_profdata;
mod node;
mod servers;
mod wasm;

pub(crate) use self::llvm_profdata::VARIABLE as PROFDATA_VARIABLE;

use crate::{
    environment::Environment,
    error::{Error, Result},
    output::{note, say},
};

/// A group of tools that a script or a step can ask for.
pub(crate) struct Part {
    pub(crate) name: &'static str,
    /// Installs what is missing, and makes it known to the environment.
    pub(crate) set_up: fn(&mut Environment) -> Result,
    /// Whether a step is skipped, and listed as `not run`, where this part cannot be installed.
    pub(crate) is_optional: bool,
}

const fn part(name: &'static str, set_up: fn(&mut Environment) -> Result) -> Part {
    Part {
        name,
        set_up,
        is_optional: false,
    }
}

const fn optional(name: &'static str, set_up: fn(&mut Environment) -> Result) -> Part {
    Part {
        name,
        set_up,
        is_optional: true,
    }
}

pub(crate) static PARTS: &[Part] = &[
    // The WebAssembly target, cargo-leptos and wasm-bindgen.
    part("wasm", |environment| {
        wasm::set_up_target(environment)?;
        cargo_tools::set_up_build_tools(environment)
    }),
    // The optimizer for the release build.
    part("wasm-opt", wasm::set_up_wasm_opt),
    // Node and the packages of `end2end/`.
    part("node", |environment| node::set_up(environment)),
    part("chromium", chromium::set_up),
    optional("firefox", browsers::set_up_firefox),
    optional("webkit", |environment| browsers::set_up_webkit(environment)),
    part("redis", |environment| servers::set_up_redis(environment)),
    part("postgres", |environment| servers::set_up_postgres(environment)),
    part("nginx", servers::set_up_nginx),
    optional("pgbouncer", |environment| servers::set_up_pgbouncer(environment)),
    // The spell checker.
    part("typos", cargo_tools::set_up_typos),
    optional("shellcheck", |environment| {
        apt::set_up_program(
            environment,
            "shellcheck",
            "shellcheck",
            "shellcheck is not installed",
            "macOS: brew install shellcheck",
        )
    }),
    optional("cargo-deny", cargo_deny::set_up),
    // Checks units without running them.
    optional("systemd", |environment| {
        apt::set_up_program(
            environment,
            "systemd-analyze",
            "systemd",
            "systemd-analyze is not installed",
            "other systems: no systemd",
        )
    }),
    // The profiler's tool for `script/release`.
    part("llvm-profdata", llvm_profdata::set_up),
    // The load generator of `script/bench`.
    part("wrk", |environment| {
        apt::set_up_program(
            environment,
            "wrk",
            "wrk",
            "wrk is missing: it generates the load",
            "macOS: brew install wrk",
        )
    }),
];

/// Sets up the part with this name. A missing optional part is only reported.
pub(crate) fn set_up(name: &str, environment: &mut Environment) -> Result {
    let Some(part) = PARTS.iter().find(|part| part.name == name) else {
        let names: Vec<_> = PARTS.iter().map(|part| part.name).collect();
        let advice = [format!("Parts: {}", names.join(" "))];
        return Err(Error::advised(format!("there is no part named {name}"), advice));
    };
    match (part.set_up)(environment) {
        Err(error) if part.is_optional => {
            note(&format!("Not installed, but optional: {}", error.in_one_line()));
            Ok(())
        }
        result => result,
    }
}

/// Sets up the named parts, and prints the changes to the environment as shell commands.
pub(crate) fn main(names: &[&str]) -> Result {
    let mut environment = Environment::default();
    say("Setting up");
    for name in names {
        set_up(name, &mut environment)?;
    }
    print!("{}", environment.exports());
    Ok(())
}
