//! Mutation tests of the files that verify, seal and guard, with cargo-mutants.

use std::{fs, process::Command};

use crate::{
    environment::Environment,
    error::{Error, Result},
    output::say,
    process::{run, status},
    workspace::Workspace,
};

/// A file to mutate, with the tests that are most likely to fail.
struct Target {
    name: &'static str,
    /// A file, or all files of a folder.
    path: &'static str,
    /// Cargo's option that selects test binaries. Fewer binaries build faster.
    binaries: &'static str,
    /// Substrings of test names.
    tests: &'static [&'static str],
}

const fn target(
    name: &'static str,
    path: &'static str,
    binaries: &'static str,
    tests: &'static [&'static str],
) -> Target {
    Target {
        name,
        path,
        binaries,
        tests,
    }
}

const TARGETS: &[Target] = &[
    target(
        "id_token",
        "crates/logto/src/id_token.rs",
        "--test=it",
        &["id_token", "keys", "algorithms", "session"],
    ),
    target(
        "logout_token",
        "crates/logto/src/logout_token.rs",
        "--test=it",
        &["logout_token"],
    ),
    target("callback", "crates/logto/src/callback.rs", "--tests", &["callback"]),
    target(
        "transaction",
        "crates/logto/src/sign_in/transaction.rs",
        "--lib",
        &["transaction"],
    ),
    target(
        "jwks",
        "crates/logto/src/jwks.rs",
        "--test=it",
        &["keys", "logout_token"],
    ),
    target(
        "discovery",
        "crates/logto/src/discovery.rs",
        "--tests",
        &["discovery", "metadata"],
    ),
    target(
        "metadata",
        "crates/logto/src/metadata.rs",
        "--tests",
        &["discovery", "metadata"],
    ),
    target(
        "signature",
        "crates/logto/src/signature.rs",
        "--test=it",
        &["algorithms", "keys", "id_token"],
    ),
    target(
        "jwt",
        "crates/logto/src/jwt.rs",
        "--tests",
        &["jwt", "id_token", "access_token", "logout_token"],
    ),
    target("seal", "crates/logto/src/seal/*.rs", "--lib", &["seal"]),
    target(
        "deny_list",
        "crates/logto/src/session/deny_list/*.rs",
        // Its effect on requests is tested in logto-axum.
        "--test=it",
        &["deny_list", "backchannel_logout", "sign_out", "sign_in"],
    ),
    target(
        "return_to",
        "crates/logto-axum/src/return_to.rs",
        "--tests",
        &["return_to", "return_paths"],
    ),
    target(
        "cookie_header",
        "crates/logto-axum/src/cookie/header.rs",
        "--tests",
        &["cookie::header", "planted_cookies", "cookies::"],
    ),
    target(
        "session_cookie",
        "crates/logto-axum/src/cookie/session.rs",
        "--tests",
        &["cookie::session", "cookies", "large_sessions", "next_js"],
    ),
    target(
        "transaction_cookie",
        "crates/logto-axum/src/cookie/transaction.rs",
        "--tests",
        &["cookie::transaction", "sign_in::"],
    ),
    target("chunks", "crates/logto-axum/src/cookie/chunks.rs", "--lib", &["chunks"]),
    target(
        "guard",
        "crates/logto-axum/src/guard/mod.rs",
        "--tests",
        &["guard", "cross_site"],
    ),
    target(
        "fetch_metadata",
        "crates/logto-axum/src/guard/fetch_metadata.rs",
        "--tests",
        &["fetch_metadata", "cross_site"],
    ),
];

/// `[--continue] [FILE…]`: mutates the named files, or all of them.
pub(crate) fn main(arguments: &[&str]) -> Result {
    let (continues, names) = match arguments {
        ["--continue", names @ ..] => (true, names),
        names => (false, names),
    };
    let targets = select(names)?;
    let environment = Environment::default();
    if !environment.has("cargo-mutants") {
        let advice = ["Run: cargo install --locked cargo-mutants"];
        return Err(Error::advised("cargo-mutants is missing", advice));
    }
    let target_directory = Workspace::load()?.target;
    if !continues {
        for name in ["mutants.out", "mutants.out.old"] {
            // They do not exist before the first run.
            let _ = fs::remove_dir_all(target_directory.join(name));
        }
    }
    let mutants = || {
        let mut command = environment.command("cargo");
        let timeout = environment.get("MUTANTS_TIMEOUT").unwrap_or_else(|| "120".to_owned());
        command
            .args(["mutants", "--in-place", "--iterate", "--timeout", &timeout, "--output"])
            .arg(&target_directory)
            .args(["-p", "logto", "-p", "logto-axum", "--test-package", "logto,logto-axum"])
            // Thousands of backtraces would take longer than the tests.
            .env("RUST_BACKTRACE", "0")
            .env("CARGO_PROFILE_DEV_DEBUG", "0");
        command
    };
    for target in &targets {
        say(target.name);
        run_first_round(mutants(), target)?;
    }
    say("Surviving mutants, against all tests of their package");
    let mut command = mutants();
    for target in targets {
        command.args(["-f", target.path]);
    }
    run(command.args(["--cargo-arg=--lib", "--cargo-arg=--test=it"]))
}

fn run_first_round(mut command: Command, target: &Target) -> Result {
    let binaries = format!("--cargo-arg={}", target.binaries);
    command
        .args(["-f", target.path, &binaries, "--", "--"])
        .args(target.tests);
    match status(&mut command)? {
        // 2: missed mutants, 3: timeouts. The second round tests both again.
        status if matches!(status.code(), Some(0 | 2 | 3)) => Ok(()),
        status => Err(Error::Exit {
            program: "cargo mutants".to_owned(),
            status,
        }),
    }
}

/// The targets with these names; all of them if there are no names.
fn select(names: &[&str]) -> Result<Vec<&'static Target>> {
    if names.is_empty() {
        return Ok(TARGETS.iter().collect());
    }
    let find = |name: &&str| {
        TARGETS.iter().find(|target| target.name == *name).ok_or_else(|| {
            let names: Vec<_> = TARGETS.iter().map(|target| target.name).collect();
            Error::advised(
                format!("there is no file named {name}"),
                [format!("Files: {}", names.join(" "))],
            )
        })
    };
    names.iter().map(find).collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_to_mutate_exists() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        for target in TARGETS {
            let path = root.join(target.path.trim_end_matches("/*.rs"));
            assert!(path.exists(), "{} has moved or is gone", target.path);
        }
    }

    #[test]
    fn selects_files_by_name() {
        let selected = select(&["seal", "guard"]).unwrap();
        assert_eq!(
            selected.iter().map(|target| target.name).collect::<Vec<_>>(),
            ["seal", "guard"]
        );
        assert_eq!(select(&[]).unwrap().len(), TARGETS.len());
        assert!(select(&["nothing"]).is_err());
    }
}
