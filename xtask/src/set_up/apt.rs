//! Debian packages, installed only where that needs no password.

use std::process::Command;

use crate::{
    environment::Environment,
    error::{Error, Result},
    output::say,
    process::{output, run_to_stderr, succeeds},
};

/// Whether the packages are installed now. `false` on other systems, and if this user cannot become
/// root.
pub(super) fn install(environment: &Environment, packages: &[&str]) -> bool {
    let Some(root) = root().filter(|_| environment.has("apt-get")) else {
        return false;
    };
    say(&format!("apt-get install {}", packages.join(" ")));
    let apt_get = |arguments: &[&str], packages: &[&str]| {
        let mut command = environment.command(root[0]);
        command
            .args(&root[1..])
            .args(["-qq", "-y"])
            .args(["-o", "Acquire::http::Timeout=30", "-o", "Acquire::Retries=1"])
            .args(["-o", "DPkg::Lock::Timeout=60"])
            .args(arguments)
            .args(packages);
        run_to_stderr(&mut command).is_ok()
    };
    let install = ["install", "--no-install-recommends"];
    // The package lists of a fresh machine are empty or too old.
    apt_get(&install, packages) || (apt_get(&["update"], &[]) && apt_get(&install, packages))
}

/// Whether the package lists of this machine have the package.
pub(super) fn offers(environment: &Environment, package: &str) -> bool {
    succeeds(
        environment
            .command("apt-cache")
            .args(["show", "--no-all-versions", package]),
    )
}

/// The words that run apt-get as root.
fn root() -> Option<&'static [&'static str]> {
    let is_root = output(Command::new("id").arg("-u")).is_some_and(|id| id.trim() == "0");
    if is_root {
        Some(&["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
    } else if succeeds(Command::new("sudo").args(["-n", "true"])) {
        Some(&["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", "apt-get"])
    } else {
        None
    }
}

/// Makes sure that a program is on `PATH`, from the Debian package if it is missing.
pub(super) fn set_up_program(
    environment: &Environment,
    program: &str,
    package: &str,
    problem: &str,
    elsewhere: &str,
) -> Result {
    if environment.has(program) || install(environment, &[package]) && environment.has(program) {
        return Ok(());
    }
    let debian = format!("Debian, Ubuntu: apt-get install {package}");
    Err(Error::advised(problem, [debian.as_str(), elsewhere]))
}
