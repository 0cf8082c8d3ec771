//! Facts about the Rust toolchain in use.

use std::process::Command;

use semver::Version;

use crate::{
    error::{Error, Result},
    process::output,
    version::version_in,
};

/// The output of rustc.
pub(crate) fn rustc(arguments: &[&str]) -> Result<String> {
    output(Command::new("rustc").args(arguments)).ok_or_else(|| {
        Error::advised(
            "rustc does not run",
            ["Install Rust as https://rustup.rs describes, then run this again."],
        )
    })
}

/// The target that programs of this machine are compiled for.
pub(crate) fn host() -> Result<String> {
    Ok(rustc(&["--print", "host-tuple"])?.trim().to_owned())
}

pub(crate) fn version() -> Result<Version> {
    let text = rustc(&["--version"])?;
    version_in(&text).ok_or_else(|| Error::advised("rustc does not name its version", [text]))
}
