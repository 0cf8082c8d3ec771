//! The WebAssembly target, and the optimizer for the release build.

use std::{fs, path::Path};

use super::directories::cache;
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::{note, say},
    process::{output, run_to_stderr},
    workspace::WASM_TARGET,
};

const BINARYEN: &str = "132.0.0";

/// Adds the target to the toolchain with rustup.
pub(super) fn set_up_target(environment: &Environment) -> Result {
    if has_standard_library(environment) {
        note(WASM_TARGET);
        return Ok(());
    }
    if environment.has("rustup") {
        say(&format!(
            "Adding the target {WASM_TARGET}: the browser's part of the app is compiled for it"
        ));
        let mut command = environment.command("rustup");
        if let Err(error) = run_to_stderr(command.args(["target", "add", WASM_TARGET])) {
            note(&error.to_string());
        }
    }
    if has_standard_library(environment) {
        return Ok(());
    }
    Err(Error::advised(
        format!("this Rust toolchain cannot compile for {WASM_TARGET}"),
        [
            format!("With rustup: rustup target add {WASM_TARGET}"),
            "Without: install rustup as https://rustup.rs describes; it brings its own toolchains,".to_owned(),
            "and the compiler of your distribution can stay.".to_owned(),
        ],
    ))
}

fn has_standard_library(environment: &Environment) -> bool {
    let mut command = environment.command("rustc");
    command.args(["--print", "target-libdir", "--target", WASM_TARGET]);
    let Some(directory) = output(&mut command) else {
        return false;
    };
    let mut files = fs::read_dir(directory.trim()).into_iter().flatten().flatten();
    files.any(|file| is_standard_library(&file.path()))
}

fn is_standard_library(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with("libstd-") && file.extension().is_some_and(|extension| extension == "rlib")
}

/// Installs wasm-opt from npm, outside this repository.
pub(super) fn set_up_wasm_opt(environment: &mut Environment) -> Result {
    if environment.has("wasm-opt") {
        note("wasm-opt");
        return Ok(());
    }
    let directory = cache(environment)?.join(format!("binaryen-{BINARYEN}"));
    let programs = directory.join("node_modules/.bin");
    if !programs.join("wasm-opt").is_file() {
        say(&format!(
            "Installing wasm-opt (npm package binaryen {BINARYEN}), which makes the WebAssembly smaller"
        ));
        fs::create_dir_all(&directory).map_err(Error::file(&directory))?;
        let mut command = environment.command("npm");
        command.args(["install", "--no-save", "--no-audit", "--no-fund", "--prefix"]);
        command.arg(&directory).arg(format!("binaryen@{BINARYEN}"));
        run_to_stderr(&mut command).map_err(|error| {
            Error::advised(
                format!("wasm-opt could not be installed: {error}"),
                [
                    "Debian, Ubuntu: apt-get install binaryen",
                    "macOS: brew install binaryen",
                ],
            )
        })?;
    }
    note(&format!("wasm-opt in {}", directory.display()));
    environment.prepend_path(&programs);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_compiled_standard_library_counts() {
        for (file, expected) in [
            ("libstd-0123.rlib", true),
            ("libstd-0123.so", false),
            ("libcore-0123.rlib", false),
        ] {
            assert_eq!(is_standard_library(Path::new(file)), expected, "{file}");
        }
    }
}
