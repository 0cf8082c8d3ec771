//! Node, and the packages of `end2end/`: the local provider and the browser tests.

use std::{collections::BTreeMap, fs};

use semver::Version;
use serde::Deserialize;

use crate::{
    environment::Environment,
    error::{Error, Result},
    output::{note, say},
    process::{output, run_to_stderr},
    version::version_in,
};

const MINIMAL: Version = Version::new(20, 0, 0);
const RECOMMENDED: Version = Version::new(22, 0, 0);

pub(super) fn set_up(environment: &Environment) -> Result {
    let advice = format!(
        "Install Node.js {} from https://nodejs.org, with a version manager or from your distribution.",
        RECOMMENDED.major
    );
    let text = output(environment.command("node").arg("--version")).filter(|_| environment.has("npm"));
    let Some(found) = text.as_deref().and_then(version_in) else {
        return Err(Error::advised("Node.js with npm is not on PATH", [advice]));
    };
    if found < MINIMAL {
        let problem = format!("Node.js {found} is too old: {} or newer is needed", MINIMAL.major);
        return Err(Error::advised(problem, [advice]));
    }
    if found < RECOMMENDED {
        note(&format!(
            "node {found} (below {}, the local provider's library warns)",
            RECOMMENDED.major
        ));
    } else {
        note(&format!("node {found}"));
    }
    set_up_packages(environment)
}

fn set_up_packages(environment: &Environment) -> Result {
    let wanted = fs::read_to_string("end2end/package-lock.json").unwrap_or_default();
    let found = fs::read_to_string("end2end/node_modules/.package-lock.json").unwrap_or_default();
    if are_current(&wanted, &found) {
        note("end2end/node_modules");
        return Ok(());
    }
    say("Installing the packages of end2end/: the local provider and the browser tests");
    let mut command = environment.command("npm");
    command.args(["ci", "--no-audit", "--no-fund"]).current_dir("end2end");
    run_to_stderr(&mut command).map_err(|error| {
        let problem = format!("the packages of end2end/ could not be installed: {error}");
        Error::advised(problem, ["By hand: cd end2end && npm ci"])
    })
}

#[derive(Deserialize)]
struct Lock {
    packages: BTreeMap<String, Locked>,
}

#[derive(Deserialize)]
struct Locked {
    version: Option<String>,
    #[serde(default)]
    optional: bool,
}

/// Whether npm has installed what its lock file names. npm records that in
/// `node_modules/.package-lock.json`, without optional packages of other platforms.
fn are_current(wanted: &str, found: &str) -> bool {
    let read = |text| serde_json::from_str::<Lock>(text).map(|lock| lock.packages);
    let (Ok(wanted), Ok(found)) = (read(wanted), read(found)) else {
        return false;
    };
    let is_installed = |(name, package): (&String, &Locked)| match found.get(name) {
        Some(found) => found.version == package.version,
        None => package.optional,
    };
    wanted.iter().filter(|(name, _)| !name.is_empty()).all(is_installed)
        && found.keys().all(|name| wanted.contains_key(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    const WANTED: &str = r#"{ "packages": { "": {}, "node_modules/a": { "version": "1.0.0" },
        "node_modules/b": { "version": "2.0.0", "optional": true } } }"#;

    #[test]
    fn packages_are_current_if_the_lock_file_and_the_installation_agree() {
        for (found, expected) in [
            (r#"{ "packages": { "node_modules/a": { "version": "1.0.0" } } }"#, true),
            (r#"{ "packages": { "node_modules/a": { "version": "1.0.1" } } }"#, false),
            (r#"{ "packages": {} }"#, false),
            (
                r#"{ "packages": { "node_modules/a": { "version": "1.0.0" }, "node_modules/c": {} } }"#,
                false,
            ),
            ("", false),
        ] {
            assert_eq!(are_current(WANTED, found), expected, "{found}");
        }
        assert!(!are_current("", WANTED));
    }
}
