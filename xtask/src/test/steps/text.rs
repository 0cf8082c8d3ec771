//! Spelling and shell scripts.

use std::{fs, path::PathBuf};

use super::super::{context::Context, report::Report};
use crate::error::{Error, Result};

/// Checks all files, with the word list in `typos.toml`.
pub(super) fn spelling(context: &Context) -> Result<Report> {
    Context::run_all([context.command("typos")])
}

pub(super) fn shell(context: &Context) -> Result<Report> {
    let mut command = context.command("shellcheck");
    command.arg("--external-sources");
    for directory in ["script", "script/lib", ".ci"] {
        command.args(files_in(directory)?);
    }
    Context::run_all([command])
}

fn files_in(directory: &str) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(directory).map_err(Error::file(directory))?;
    let mut files: Vec<_> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.is_file())
        .collect();
    files.sort();
    Ok(files)
}
