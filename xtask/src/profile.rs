//! Profile-guided optimization of the app, as
//! <https://doc.rust-lang.org/rustc/profile-guided-optimization.html> describes: frequent code is
//! optimized for speed and placed together.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    environment::Environment,
    error::{Error, Result},
    process::{run, succeeds},
    set_up::PROFDATA_VARIABLE,
    toolchain,
    workspace::Workspace,
};

/// Small code saves memory. The profile more than compensates for the loss of speed.
const OPT_LEVEL: &str = "s";
/// Saves half a megabyte of memory at startup. The program then needs glibc 2.36 or newer.
const PACKED_RELOCATIONS: &str = "-Clink-arg=-Wl,-z,pack-relative-relocs";

/// Prints the environment for a build as shell commands, or clears or merges the raw profiles.
pub(crate) fn main(arguments: &[&str]) -> Result {
    let files = Files::new(&Workspace::load()?.target)?;
    let environment = match arguments {
        ["instrument"] => files.instrumented_build()?,
        ["use"] => files.optimized_build()?,
        ["merge"] => return files.merge(),
        ["clear"] => return files.clear(),
        _ => {
            return Err(Error::advised(
                "unknown arguments",
                ["usage: profile instrument|clear|merge|use"],
            ));
        }
    };
    print!("{}", environment.exports());
    Ok(())
}

struct Files {
    /// A separate target directory, because instrumented builds differ in every file.
    target: PathBuf,
    /// The raw profiles that instrumented programs write.
    raw: PathBuf,
    /// The merged profile.
    profile: PathBuf,
}

impl Files {
    fn new(target: &Path) -> Result<Self> {
        let instrumented = target.join("instrumented");
        // A profile fits only the compiler that built the program: others mangle names differently.
        let profile = instrumented.join(format!("use-{}.profdata", toolchain::version()?));
        Ok(Self {
            raw: instrumented.join("raw"),
            target: instrumented,
            profile,
        })
    }

    fn instrumented_build(&self) -> Result<Environment> {
        // Build scripts and procedural macros write profiles too, in parallel.
        fs::create_dir_all(&self.raw).map_err(Error::file(&self.raw))?;
        let mut environment = with_flags(&format!("-Cprofile-generate={}", self.raw.display()))?;
        environment.set("CARGO_TARGET_DIR", self.target.to_string_lossy());
        Ok(environment)
    }

    fn optimized_build(&self) -> Result<Environment> {
        // Cargo would remember the compiler's warning about a missing file, and repeat it once the
        // file exists.
        if !self.profile.is_file() {
            return Err(Error::advised(
                "there is no profile for this compiler",
                ["Run: script/release"],
            ));
        }
        let mut flags = format!("-Cprofile-use={}", self.profile.display());
        if packs_relocations() {
            flags = format!("{flags} {PACKED_RELOCATIONS}");
        }
        with_flags(&flags)
    }

    /// Removes the raw profiles of earlier runs.
    fn clear(&self) -> Result {
        match fs::remove_dir_all(&self.raw) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::file(&self.raw)(error)),
            _ => Ok(()),
        }
    }

    fn merge(&self) -> Result {
        let program = Environment::default().get(PROFDATA_VARIABLE);
        let program = program.unwrap_or_else(|| "llvm-profdata".to_owned());
        run(Command::new(program)
            .args(["merge", "-o"])
            .arg(&self.profile)
            .arg(&self.raw))
    }
}

/// Compiler flags for this machine's target: the WebAssembly part of the same build does not get
/// them.
fn with_flags(flags: &str) -> Result<Environment> {
    let mut environment = Environment::default();
    let present = ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS"];
    if let Some(name) = present.into_iter().find(|name| environment.get(name).is_some()) {
        let advice = format!("Run this without it: env -u {name} script/…");
        return Err(Error::advised(
            format!("{name} is set, so that Cargo ignores the flags for the profile"),
            [advice],
        ));
    }
    check_spaces(flags)?;
    environment.set(&flags_variable(&toolchain::host()?), flags);
    environment.set("CARGO_PROFILE_RELEASE_OPT_LEVEL", OPT_LEVEL);
    Ok(environment)
}

/// Cargo separates flags at spaces, so that a path in a flag cannot contain any.
fn check_spaces(flags: &str) -> Result {
    let is_flag = |word: &str| word.starts_with('-');
    if flags.split(' ').all(is_flag) && !flags.contains(['\t', '\n']) {
        return Ok(());
    }
    Err(Error::advised(
        format!("the path of the target directory contains spaces: {flags}"),
        ["Choose another directory: CARGO_TARGET_DIR=…"],
    ))
}

/// Cargo's variable for the compiler flags of one target.
fn flags_variable(host: &str) -> String {
    let name = host.to_uppercase().replace('-', "_");
    format!("CARGO_TARGET_{name}_RUSTFLAGS")
}

/// Whether the linker can pack relocations, and this system can run such a program.
fn packs_relocations() -> bool {
    let Ok(directory) = tempfile::tempdir() else {
        return false;
    };
    let source = directory.path().join("empty.rs");
    let program = directory.path().join("empty");
    fs::write(&source, "fn main() {}").is_ok()
        && succeeds(
            Command::new("rustc")
                .arg(PACKED_RELOCATIONS)
                .arg("-o")
                .arg(&program)
                .arg(&source),
        )
        && succeeds(&mut Command::new(&program))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flags_are_for_one_target() {
        assert_eq!(
            flags_variable("x86_64-unknown-linux-gnu"),
            "CARGO_TARGET_X86_64_UNKNOWN_LINUX_GNU_RUSTFLAGS"
        );
    }

    #[test]
    fn a_path_with_spaces_is_refused() {
        assert!(check_spaces("-Cprofile-use=/a/use.profdata -Clink-arg=x").is_ok());
        assert!(check_spaces("-Cprofile-use=/a b/use.profdata").is_err());
        assert!(check_spaces("-Cprofile-use=/a\tb").is_err());
    }

    #[test]
    fn an_optimized_build_needs_a_profile_of_this_compiler() {
        let target = tempfile::tempdir().unwrap();
        let files = Files::new(target.path()).unwrap();
        let error = files.optimized_build().unwrap_err().to_string();
        assert!(error.contains("no profile"), "{error}");
        files.clear().unwrap();
    }
}
