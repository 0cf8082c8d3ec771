use std::path::Path;

use semver::Version;

use crate::{
    environment::Environment,
    error::{Error, Result},
    output::{note, say},
    process::run_to_stderr,
};

/// Installs a package into `root`: a prebuilt one if cargo-binstall is installed and has one,
/// otherwise from source.
pub(super) fn install(
    environment: &Environment,
    package: &str,
    version: &Version,
    root: &Path,
    arguments: &[&str],
) -> Result {
    if download(environment, package, version, root) {
        return Ok(());
    }
    say(&format!("Installing {package} {version} into {}/bin", root.display()));
    note("Compiling, once, for some minutes");
    let version = version.to_string();
    let mut command = environment.command("cargo");
    command
        .args(["install", package, "--version", &version])
        .args(arguments)
        .arg("--root")
        .arg(root)
        // Link-time optimization alone would take over ten minutes, for a tool that runs for
        // seconds.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback");
    run_to_stderr(&mut command).map_err(|error| {
        Error::advised(
            format!("{package} {version} could not be installed: {error}"),
            ["It needs a C compiler, and pkg-config and libssl-dev if its output says so."],
        )
    })
}

/// Installs a prebuilt package into `root`. Returns `false` if there is none, or cargo-binstall is
/// not installed.
pub(super) fn download(environment: &Environment, package: &str, version: &Version, root: &Path) -> bool {
    if !environment.has("cargo-binstall") {
        return false;
    }
    say(&format!("Downloading {package} {version} into {}/bin", root.display()));
    let mut command = environment.command("cargo");
    command.args(["binstall", "--no-confirm", "--disable-telemetry"]);
    command.args(["--disable-strategies", "compile", "--root"]).arg(root);
    match run_to_stderr(command.arg(format!("{package}@{version}"))) {
        Ok(()) => true,
        Err(error) => {
            note(&format!("No prebuilt program: {error}"));
            false
        }
    }
}
