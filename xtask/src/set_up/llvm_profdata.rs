//! llvm-profdata, which merges the raw profiles of instrumented programs.

use std::{fs, path::Path, process::Command};

use super::apt;
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::{note, say},
    process::{run_to_stderr, succeeds},
    toolchain,
};

pub(crate) const VARIABLE: &str = "LLVM_PROFDATA";
/// The newest version in Debian 12.
const DEBIAN: &str = "llvm-19";
const DEBIAN_PROGRAM: &str = "llvm-profdata-19";

pub(super) fn set_up(environment: &mut Environment) -> Result {
    let component = component()?;
    if !find(environment, &component) && environment.has("rustup") {
        say("Adding the component llvm-tools, which merges profiles");
        let mut command = environment.command("rustup");
        if let Err(error) = run_to_stderr(command.args(["component", "add", "llvm-tools"])) {
            note(&error.to_string());
        }
    }
    if find(environment, &component) || apt::install(environment, &[DEBIAN]) && find(environment, &component) {
        return Ok(());
    }
    Err(Error::advised(
        "there is no llvm-profdata that fits this Rust compiler",
        [
            "With rustup: rustup component add llvm-tools".to_owned(),
            format!("Debian, Ubuntu: apt-get install {DEBIAN}"),
            "macOS: brew install llvm, and put its directory bin on PATH".to_owned(),
        ],
    ))
}

/// The path of the llvm-profdata that rustup installs with the component llvm-tools.
fn component() -> Result<String> {
    let libraries = toolchain::rustc(&["--print", "target-libdir"])?;
    Ok(format!("{}/../bin/llvm-profdata", libraries.trim()))
}

fn find(environment: &mut Environment, component: &str) -> bool {
    let programs = [component, "llvm-profdata", DEBIAN_PROGRAM];
    let mut files = programs.into_iter().filter_map(|program| environment.find(program));
    let Some(file) = files.find(|file| fits(environment, file)) else {
        return false;
    };
    note(&file.to_string_lossy());
    environment.set(VARIABLE, file.to_string_lossy());
    true
}

/// Whether the program can read the profiles of this compiler, and this compiler can read its
/// output.
fn fits(environment: &Environment, program: &Path) -> bool {
    let Ok(directory) = tempfile::tempdir() else {
        return false;
    };
    let inside = |program: &Path, arguments: &[&str]| {
        let mut command: Command = environment.command(program);
        succeeds(command.args(arguments).current_dir(directory.path()))
    };
    let rustc = Path::new("rustc");
    fs::write(directory.path().join("empty.rs"), "fn main() {}").is_ok()
        && inside(rustc, &["-Cprofile-generate=raw", "-o", "empty", "empty.rs"])
        && inside(&directory.path().join("empty"), &[])
        && inside(program, &["merge", "-o", "use.profdata", "raw"])
        && match fs::canonicalize(directory.path().join("use.profdata")) {
            Ok(profile) => {
                let flag = format!("-Cprofile-use={}", profile.display());
                inside(rustc, &[&flag, "-o", "empty", "empty.rs"])
            }
            Err(_) => false,
        }
}
