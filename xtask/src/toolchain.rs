//! Facts about the Rust toolchain in use.

use std::process::Command;

use semver::Version;

use crate::{
    error::{Error, Result},
    process::output,
    version::version_in,
};

fn rustc(arguments: &[&str]) -> Result<String> {
    output(Command::new("rustc").args(arguments)).ok_or_else(|| {
        Error::advised(
            "rustc does not run",
            ["Install Rust as https://rustup.rs describes, then run this again."],
        )
    })
}

pub(crate) fn sysroot() -> Result<String> {
    Ok(rustc(&["--print", "sysroot"])?.trim().to_owned())
}

/// The target that programs of this machine are compiled for.
pub(crate) fn host() -> Result<String> {
    let text = rustc(&["--version", "--verbose"])?;
    host_in(&text).ok_or_else(|| Error::advised("rustc does not name its host", [text]))
}

fn host_in(text: &str) -> Option<String> {
    text.lines()
        .find_map(|line| line.strip_prefix("host: ").map(str::to_owned))
}

pub(crate) fn version() -> Result<Version> {
    let text = rustc(&["--version"])?;
    version_in(&text).ok_or_else(|| Error::advised("rustc does not name its version", [text]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_host_is_a_line_of_the_verbose_version() {
        let text = "rustc 1.95.0 (59807616e 2026-04-14)\nbinary: rustc\nhost: x86_64-unknown-linux-gnu\n";
        assert_eq!(host_in(text).unwrap(), "x86_64-unknown-linux-gnu");
        assert_eq!(host_in("rustc 1.95.0"), None);
    }
}
