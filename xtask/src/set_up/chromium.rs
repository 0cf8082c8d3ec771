//! The browser for the tests: `CHROMIUM_PATH`, a Chromium of the system, or the one of Playwright.

use super::apt;
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::{note, say},
    process::{run_to_stderr, succeeds},
};

const VARIABLE: &str = "CHROMIUM_PATH";
const PROGRAMS: [&str; 5] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

pub(super) fn set_up(environment: &mut Environment) -> Result {
    if let Some(file) = environment.get(VARIABLE) {
        if !works(environment, &file) {
            let problem = format!("{VARIABLE}={file} cannot be run");
            return Err(Error::advised(
                problem,
                ["Set it to a Chromium or Chrome, or unset it."],
            ));
        }
        note(&file);
        return Ok(());
    }
    if use_that_of_the_system(environment) {
        return Ok(());
    }
    if playwright_has_one(environment) {
        note("the Chromium of Playwright");
        return Ok(());
    }
    if apt::install(environment, &["chromium"]) && use_that_of_the_system(environment) {
        return Ok(());
    }
    say("Downloading a Chromium with Playwright for the browser tests");
    let mut command = environment.command("npx");
    command
        .args(["--no-install", "playwright", "install", "chromium"])
        .current_dir("end2end");
    if run_to_stderr(&mut command).is_ok() && playwright_has_one(environment) {
        return Ok(());
    }
    Err(Error::advised(
        "there is no Chromium for the browser tests",
        [
            "Debian: apt-get install chromium".to_owned(),
            "Elsewhere: install Chromium or Chrome, or: cd end2end && npx playwright install --with-deps chromium"
                .to_owned(),
            format!("{VARIABLE}=… names one that is not on PATH"),
        ],
    ))
}

fn use_that_of_the_system(environment: &mut Environment) -> bool {
    let mut files = PROGRAMS.into_iter().filter_map(|program| environment.find(program));
    let Some(file) = files.find(|file| works(environment, &file.to_string_lossy())) else {
        return false;
    };
    let file = file.to_string_lossy().into_owned();
    note(&file);
    environment.set(VARIABLE, file);
    true
}

/// Whether the program starts. On some distributions `chromium-browser` only prints how to install
/// it.
fn works(environment: &Environment, program: &str) -> bool {
    succeeds(environment.command(program).arg("--version"))
}

fn playwright_has_one(environment: &Environment) -> bool {
    let script = "const { existsSync } = require('node:fs'); \
                  process.exit(existsSync(require('@playwright/test').chromium.executablePath()) ? 0 : 1)";
    succeeds(environment.command("node").args(["-e", script]).current_dir("end2end"))
}
