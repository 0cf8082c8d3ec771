//! The service of systemd, checked without a running systemd.

use std::{fs, process::Command};

use super::super::{context::Context, report::Report};
use crate::{
    error::{Error, Result},
    process::run,
};

const UNIT: &str = "deploy/systemd/quick-start.service";
/// Where the service has its program, which does not exist here.
const PROGRAM: &str = "/opt/quick-start/quick-start";
/// The largest exposure, in tenths: 0 is a service that may do nothing, 100 one that may do all.
const EXPOSURE: &str = "--threshold=15";

pub(super) fn systemd(context: &Context) -> Result<Report> {
    verify(context)?;
    let mut security = context.command("systemd-analyze");
    security.args(["security", "--no-pager", "--offline=true", EXPOSURE, UNIT]);
    run(&mut security)?;
    Ok(Report::passed())
}

/// Searches for unknown keys and invalid values, for which `verify` succeeds with a warning.
fn verify(context: &Context) -> Result {
    let text = fs::read_to_string(UNIT).map_err(Error::file(UNIT))?;
    let directory = tempfile::tempdir().map_err(Error::file("the directory for temporary files"))?;
    let copy = directory.path().join("quick-start.service");
    let text = text.replace(PROGRAM, "/bin/sh");
    fs::write(&copy, text).map_err(Error::file(&copy))?;
    let mut verify: Command = context.command("systemd-analyze");
    verify.args(["verify", "--man=no"]).arg(&copy);
    let output = verify.output().map_err(|source| Error::Start {
        program: "systemd-analyze".to_owned(),
        source,
    })?;
    let warnings = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && warnings.trim().is_empty() {
        return Ok(());
    }
    Err(Error::format(UNIT, warnings.into_owned()))
}
