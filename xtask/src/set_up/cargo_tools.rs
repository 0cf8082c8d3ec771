//! Tools that `cargo install` provides, at versions that fit `Cargo.lock`.
//!
//! A tool on `PATH` is used if its version fits. If not, it is left alone: another one is installed
//! into a private directory, which comes first on `PATH` while a script runs.

use std::path::Path;

use semver::{Comparator, Op, Prerelease, Version};

use super::{
    directories::{cache, cargo_home},
    installation,
};
use crate::{
    environment::Environment, error::Result, output::note, process::output, version::version_in,
    workspace::locked_version,
};

struct Tool {
    package: &'static str,
    program: &'static str,
    /// The version to install if no version that fits is found.
    version: Version,
    /// How the version of a tool on `PATH` has to compare with `version`.
    op: Op,
    /// Whether to use the package's own `Cargo.lock`.
    locked: bool,
}

impl Tool {
    fn accepts(&self, found: &Version) -> bool {
        let wanted = Comparator {
            op: self.op,
            major: self.version.major,
            minor: Some(self.version.minor),
            patch: Some(self.version.patch),
            pre: Prerelease::EMPTY,
        };
        wanted.matches(found)
    }
}

/// cargo-leptos and the wasm-bindgen program that it calls.
pub(super) fn set_up_build_tools(environment: &mut Environment) -> Result {
    build_tools()?.iter().try_for_each(|tool| set_up(environment, tool))
}

fn build_tools() -> Result<[Tool; 2]> {
    let cargo_leptos = Tool {
        package: "cargo-leptos",
        program: "cargo-leptos",
        version: Version::new(0, 3, 6),
        op: Op::Tilde,
        locked: true,
    };
    let wasm_bindgen = Tool {
        package: "wasm-bindgen-cli",
        program: "wasm-bindgen",
        // It reads only the output of the library with the same version.
        version: locked_version("wasm-bindgen")?,
        op: Op::Exact,
        // Its lock file can name versions that a mirror of crates.io does not have.
        locked: false,
    };
    Ok([cargo_leptos, wasm_bindgen])
}

pub(super) fn set_up_typos(environment: &mut Environment) -> Result {
    set_up(
        environment,
        &Tool {
            package: "typos-cli",
            program: "typos",
            version: Version::new(1, 52, 0),
            op: Op::GreaterEq,
            locked: true,
        },
    )
}

fn set_up(environment: &mut Environment, tool: &Tool) -> Result {
    let version = &tool.version;
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
    version_in(&text).filter(|version| tool.accepts(version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_container_image_is_built_with_the_same_tools() {
        let dockerfile = std::fs::read_to_string("../Dockerfile").unwrap();
        for tool in build_tools().unwrap() {
            let name = format!("{}@{}\n", tool.package, tool.version);
            assert!(dockerfile.contains(&name), "{name}");
        }
    }

    #[test]
    fn only_fitting_versions_are_accepted() {
        for (op, fitting) in [
            (Op::Exact, &[(0, 3, 6)][..]),
            (Op::Tilde, &[(0, 3, 6), (0, 3, 7)]),
            (Op::GreaterEq, &[(0, 3, 6), (0, 3, 7), (0, 4, 0), (1, 0, 0)]),
        ] {
            let tool = Tool {
                package: "tool",
                program: "tool",
                version: Version::new(0, 3, 6),
                op,
                locked: true,
            };
            for found in [(0, 3, 5), (0, 3, 6), (0, 3, 7), (0, 4, 0), (1, 0, 0)] {
                let version = Version::new(found.0, found.1, found.2);
                assert_eq!(tool.accepts(&version), fitting.contains(&found), "{op:?} {version}");
            }
        }
    }
}
