//! The short form of the soak test.

use super::super::{context::Context, report::Report};
use crate::{error::Result, process::run};

/// Uses the app that the step `build` has built.
pub(super) fn soak(context: &Context) -> Result<Report> {
    let mut build = context.cargo(["build", "--workspace", "--bin", "soak"]);
    // Those of the unit tests, so that both share the compiled dependencies.
    build.args(["--features", &context.workspace.server_features()]);
    let target = &context.workspace.target;
    let mut soak = context.environment.command(target.join("debug/soak"));
    soak.arg("--short")
        .arg("--app")
        .arg(target.join("debug/quick-start"))
        .arg("--output")
        .arg(target.join("soak"));
    run(&mut build)?;
    run(&mut soak)?;
    Ok(Report::passed())
}
