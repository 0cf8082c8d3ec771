//! The browsers for the tour, besides Chromium: Firefox, and WebKitGTK with its driver.

use super::apt;
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::note,
    process::succeeds,
};

const VARIABLE: &str = "FIREFOX_PATH";
const FIREFOXES: [&str; 3] = [
    "firefox-esr",
    "firefox",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
];
/// The driver of WebKitGTK, and a display without a screen for its windows.
const WEBKIT: [&str; 2] = ["WebKitWebDriver", "Xvfb"];
const WEBKIT_PACKAGES: [&str; 2] = ["webkit2gtk-driver", "xvfb"];

pub(super) fn set_up_firefox(environment: &mut Environment) -> Result {
    if let Some(file) = environment.get(VARIABLE) {
        if works(environment, &file) {
            note(&file);
            return Ok(());
        }
        let problem = format!("{VARIABLE}={file} cannot be run");
        return Err(Error::advised(problem, ["set it to a Firefox, or unset it"]));
    }
    if use_installed(environment) || apt::install(environment, &["firefox-esr"]) && use_installed(environment) {
        return Ok(());
    }
    Err(Error::advised(
        "Firefox is not installed",
        [
            "Debian: apt-get install firefox-esr".to_owned(),
            format!("{VARIABLE}=… names one that is not on PATH"),
        ],
    ))
}

fn use_installed(environment: &mut Environment) -> bool {
    let mut files = FIREFOXES.into_iter().filter_map(|program| environment.find(program));
    let Some(file) = files.find(|file| works(environment, &file.to_string_lossy())) else {
        return false;
    };
    let file = file.to_string_lossy().into_owned();
    note(&file);
    environment.set(VARIABLE, file);
    true
}

/// Whether the program starts. On some distributions `firefox` only says how to install it.
fn works(environment: &Environment, program: &str) -> bool {
    succeeds(environment.command(program).arg("--version"))
}

pub(super) fn set_up_webkit(environment: &Environment) -> Result {
    let has_all = || WEBKIT.iter().all(|program| environment.has(program));
    if has_all() || apt::install(environment, &WEBKIT_PACKAGES) && has_all() {
        note("WebKitGTK");
        return Ok(());
    }
    Err(Error::advised(
        "the driver of WebKitGTK or Xvfb is not installed",
        [format!("Debian, Ubuntu: apt-get install {}", WEBKIT_PACKAGES.join(" "))],
    ))
}
