//! Tools that `cargo install` provides, at versions that fit `Cargo.lock`.
//!
//! A tool on `PATH` is used if its version fits. If not, it is left alone: another one is installed
//! into a private directory, which comes first on `PATH` while a script runs.

use std::{fs, path::Path};

use semver::Version;

use super::{
    directories::{cache, cargo_home},
    installation,
};
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::note,
    process::output,
    version::{Requirement, version_in},
    workspace::locked_version,
};

struct Tool {
    package: &'static str,
    program: &'static str,
    wanted: Requirement,
    /// Whether to use the package's own `Cargo.lock`.
    locked: bool,
}

/// cargo-leptos and the wasm-bindgen program that it calls.
pub(super) fn set_up_build_tools(environment: &mut Environment) -> Result {
    let lock = fs::read_to_string("Cargo.lock").map_err(Error::file("Cargo.lock"))?;
    let bindgen = locked_version(&lock, "wasm-bindgen")?;
    set_up(
        environment,
        &Tool {
            package: "cargo-leptos",
            program: "cargo-leptos",
            wanted: Requirement::SameMinor(Version::new(0, 3, 6)),
            locked: true,
        },
    )?;
    set_up(
        environment,
        &Tool {
            package: "wasm-bindgen-cli",
            program: "wasm-bindgen",
            // It reads only what the library of the same version wrote.
            wanted: Requirement::Exact(bindgen),
            // Its lock file can name versions that a mirror of crates.io does not have.
            locked: false,
        },
    )
}

pub(super) fn set_up_typos(environment: &mut Environment) -> Result {
    set_up(
        environment,
        &Tool {
            package: "typos-cli",
            program: "typos",
            wanted: Requirement::AtLeast(Version::new(1, 52, 0)),
            locked: true,
        },
    )
}

fn set_up(environment: &mut Environment, tool: &Tool) -> Result {
    let version = tool.wanted.version();
    let cargo_home = cargo_home(environment)?;
    // `cargo install` puts programs here.
    environment.append_path(&cargo_home.join("bin"));
    let on_path = environment.find(tool.program);
    if let Some(found) = on_path.as_deref().and_then(|file| fitting(environment, file, tool)) {
        note(&format!("{} {found}", tool.program));
        return Ok(());
    }
    let private = cache(environment)?.join(format!("{}-{version}", tool.package));
    let is_installed = fitting(environment, &private.join("bin").join(tool.program), tool).is_some();
    if !is_installed {
        if let Some(file) = &on_path {
            note(&format!("{} has another version and is left alone", file.display()));
        }
        let root = if on_path.is_some() { &private } else { &cargo_home };
        let locked = if tool.locked { &["--locked"][..] } else { &[] };
        installation::install(environment, tool.package, version, root, locked)?;
        if on_path.is_none() {
            return Ok(());
        }
    }
    note(&format!("{} {version} in {}", tool.program, private.display()));
    environment.prepend_path(&private.join("bin"));
    Ok(())
}

/// The version of a program, if it fits.
fn fitting(environment: &Environment, file: &Path, tool: &Tool) -> Option<Version> {
    let text = output(environment.command(file).arg("--version"))?;
    version_in(&text).filter(|version| tool.wanted.accepts(version))
}
