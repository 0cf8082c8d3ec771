//! `cargo install` with one line of progress; its whole output goes to a log file.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, IsTerminal as _, Write as _, stderr},
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use semver::Version;

use super::directories::cache;
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::{note, say},
    process::run_limited,
};

/// Lines of the log that are shown after a failure.
const SHOWN: usize = 20;

/// Installs a package into `root`: a prebuilt one with cargo-binstall if that is there, else from
/// source.
pub(super) fn install(
    environment: &Environment,
    package: &str,
    version: &Version,
    root: &Path,
    arguments: &[&str],
) -> Result {
    say(&format!("Installing {package} {version} into {}/bin", root.display()));
    if environment.has("cargo-binstall") {
        let mut command = environment.command("cargo");
        command.args([
            "binstall",
            "--no-confirm",
            "--disable-telemetry",
            "--disable-strategies",
            "compile",
        ]);
        command.arg("--root").arg(root).arg(format!("{package}@{version}"));
        match run_limited(180, &mut command) {
            Ok(()) => return Ok(()),
            Err(error) => note(&format!("No prebuilt program: {error}")),
        }
    }
    let logs = cache(environment)?;
    fs::create_dir_all(&logs).map_err(Error::file(&logs))?;
    let version = version.to_string();
    let mut command = environment.command("cargo");
    command
        .args(["install", package, "--version", &version])
        .args(arguments)
        .arg("--root")
        .arg(root)
        // Link-time optimization alone would take over ten minutes, for a tool that runs for
        // seconds.
        .env("CARGO_PROFILE_RELEASE_LTO", "off")
        .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
        .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1")
        .env("CARGO_RESOLVER_INCOMPATIBLE_RUST_VERSIONS", "fallback")
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never");
    run_logged(&mut command, &logs.join(format!("{package}-{version}.log"))).map_err(|error| {
        let by_hand = format!(
            "By hand: cargo install {package} --version {version} {}",
            arguments.join(" ")
        );
        let needs = "It needs a C compiler, and pkg-config and libssl-dev if its output says so.";
        Error::advised(
            format!("{package} {version} could not be installed: {error}"),
            [by_hand.trim_end(), needs],
        )
    })
}

/// Runs Cargo, writes its messages to `log`, and shows the number of crates it has compiled.
fn run_logged(command: &mut Command, log: &Path) -> Result {
    let failed_to_start = |source| Error::Start {
        program: "cargo".to_owned(),
        source,
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed_to_start)?;
    let mut file = File::create(log).map_err(Error::file(log))?;
    let mut progress = Progress::start();
    for line in child
        .stderr
        .take()
        .into_iter()
        .flat_map(|stderr| BufReader::new(stderr).lines())
    {
        let line = line.map_err(Error::file(log))?;
        writeln!(file, "{line}").map_err(Error::file(log))?;
        progress.read(&line);
    }
    let status = child.wait().map_err(failed_to_start)?;
    progress.end();
    if status.success() {
        return Ok(());
    }
    let text = fs::read_to_string(log).map_err(Error::file(log))?;
    eprintln!("{}", end_of(&text));
    note(&format!("All of it is in {}", log.display()));
    Err(Error::Exit {
        program: "cargo install".to_owned(),
        status,
    })
}

/// The last lines of a log, indented.
fn end_of(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    let end = &lines[lines.len().saturating_sub(SHOWN)..];
    let indented: Vec<_> = end.iter().map(|line| format!("       {line}")).collect();
    indented.join("\n")
}

/// One line that grows on a terminal, and is written once elsewhere.
struct Progress {
    compiled: usize,
    started: Instant,
}

impl Progress {
    fn start() -> Self {
        let progress = Self {
            compiled: 0,
            started: Instant::now(),
        };
        progress.redraw();
        progress
    }

    fn read(&mut self, line: &str) {
        if is_compilation(line) {
            self.compiled += 1;
            self.redraw();
        }
    }

    fn redraw(&self) {
        if stderr().is_terminal() {
            eprint!("\r{}", self.line());
        }
    }

    fn end(&self) {
        let start = if stderr().is_terminal() { "\r" } else { "" };
        eprintln!("{start}{}", self.line());
    }

    fn line(&self) -> String {
        let seconds = self.started.elapsed().as_secs();
        format!(
            "    Compiling, once, for some minutes: {} crates in {seconds} s",
            self.compiled
        )
    }
}

fn is_compilation(line: &str) -> bool {
    line.trim_start().starts_with("Compiling ")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A stand-in for `cargo install`: as many lines as a real installation, then this exit code.
    fn install_with_exit_code(code: u8, log: &Path) -> Result {
        let script = format!(
            "for i in $(seq 300); do echo \"  Downloaded crate-$i v1.0.0\"; done >&2
             for i in $(seq 300); do echo \"   Compiling crate-$i v1.0.0\"; done >&2
             echo 'error: the reason' >&2
             exit {code}"
        );
        run_logged(Command::new("sh").args(["-c", &script]), log)
    }

    #[test]
    fn the_whole_output_of_an_installation_is_in_its_log() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("log");
        install_with_exit_code(0, &log).unwrap();
        assert_eq!(fs::read_to_string(&log).unwrap().lines().count(), 601);
        assert!(
            install_with_exit_code(101, &log)
                .unwrap_err()
                .to_string()
                .contains("101")
        );
    }

    #[test]
    fn a_failed_installation_shows_the_end_of_its_log() {
        let lines: Vec<_> = (1..=100).map(|line| format!("line {line}")).collect();
        let shown = end_of(&lines.join("\n"));
        assert_eq!(shown.lines().count(), SHOWN);
        assert!(shown.ends_with("       line 100"), "{shown}");
        assert_eq!(end_of("one"), "       one");
    }

    #[test]
    fn progress_counts_compiled_crates() {
        let mut progress = Progress::start();
        for line in [
            "   Compiling a v1.0.0",
            "  Downloaded b v1.0.0",
            "   Compiling c v1.0.0",
        ] {
            progress.read(line);
        }
        assert!(progress.line().contains("2 crates"), "{}", progress.line());
    }
}
