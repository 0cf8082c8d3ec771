//! The directories for installed tools.

use std::path::PathBuf;

use crate::{
    environment::Environment,
    error::{Error, Result},
};

/// The directory of Cargo, where `cargo install` puts programs.
pub(super) fn cargo_home(environment: &Environment) -> Result<PathBuf> {
    match environment.get("CARGO_HOME") {
        Some(directory) => Ok(PathBuf::from(directory)),
        None => Ok(home(environment)?.join(".cargo")),
    }
}

/// The directory for tools that only this repository uses.
pub(super) fn cache(environment: &Environment) -> Result<PathBuf> {
    let parent = match environment.get("XDG_CACHE_HOME") {
        Some(directory) => PathBuf::from(directory),
        None => home(environment)?.join(".cache"),
    };
    Ok(parent.join("leptos-logto"))
}

fn home(environment: &Environment) -> Result<PathBuf> {
    let home = environment.get("HOME");
    home.map(PathBuf::from)
        .ok_or_else(|| Error::advised("HOME is not set", ["Set it to your home directory."]))
}
