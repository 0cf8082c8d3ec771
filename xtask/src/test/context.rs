//! Shared by the steps: the workspace, the environment and the ways to start programs.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader, IsTerminal as _, Write as _, stdout},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

use super::{
    counts::{self, Counts},
    judge::Report,
};
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::note,
    process::run,
    workspace::Workspace,
};

pub(super) struct Context {
    pub(super) workspace: Workspace,
    pub(super) environment: Environment,
    reports: TempDir,
}

impl Context {
    pub(super) fn new() -> Result<Self> {
        let mut environment = Environment::default();
        if stdout().is_terminal() {
            // Some output is read on its way to the terminal, which would turn its colours off.
            environment.set("CARGO_TERM_COLOR", "always");
            environment.set("FORCE_COLOR", "1");
        }
        Ok(Self {
            workspace: Workspace::load()?,
            environment,
            reports: tempfile::tempdir().map_err(Error::file("a temporary directory"))?,
        })
    }

    pub(super) fn has(&self, program: &str) -> bool {
        self.environment.has(program)
    }

    pub(super) fn command(&self, program: &str) -> Command {
        self.environment.command(program)
    }

    pub(super) fn cargo<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = self.command("cargo");
        command.args(arguments);
        command
    }

    /// Runs each of the commands, even after one has failed, and returns the first failure.
    pub(super) fn run_all(commands: impl IntoIterator<Item = Command>) -> Result<Report> {
        let mut first = None;
        for mut command in commands {
            note(&shown(&command));
            if let Err(error) = run(&mut command) {
                first.get_or_insert(error);
            }
        }
        first.map_or(Ok(Report::Success), Err)
    }

    /// Runs a test program that writes a `JUnit` report to the file.
    pub(super) fn run_with_junit(command: &mut Command, report: &Path) -> Result<Report> {
        // A report of an earlier run must not count.
        let _ = fs::remove_file(report);
        let error = match run(command) {
            Err(error @ Error::Exit { .. }) => Some(error),
            result => result.map(|()| None)?,
        };
        let text = fs::read_to_string(report).ok();
        let counts = text.as_deref().and_then(counts::in_junit);
        Ok(Report::Tests { counts, error })
    }

    /// Runs `cargo test`, and reads the results from its output while passing that on.
    pub(super) fn run_cargo_test(command: &mut Command) -> Result<Report> {
        let start = |source| Error::Start {
            program: "cargo".to_owned(),
            source,
        };
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(start)?;
        let mut counts = Counts::default();
        for line in child
            .stdout
            .take()
            .into_iter()
            .flat_map(|output| BufReader::new(output).lines())
        {
            let line = line.map_err(start)?;
            counts += counts::in_cargo_test(&line);
            writeln!(stdout(), "{line}").map_err(start)?;
        }
        let status = child.wait().map_err(start)?;
        let error = (!status.success()).then(|| Error::Exit {
            program: "cargo test".to_owned(),
            status,
        });
        Ok(Report::Tests {
            counts: Some(counts),
            error,
        })
    }

    /// A file for the report of a step.
    pub(super) fn report_file(&self, name: &str) -> PathBuf {
        self.reports.path().join(name)
    }
}

fn shown(command: &Command) -> String {
    let words = [command.get_program()].into_iter().chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::tests::shell;

    #[test]
    fn all_commands_run_even_after_a_failure() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("ran");
        let commands = [shell("exit 3"), shell(&format!("touch {}", file.display()))];
        let error = Context::run_all(commands).unwrap_err().to_string();
        assert!(error.contains('3') && file.is_file(), "{error}");
    }

    #[test]
    fn a_report_of_an_earlier_run_does_not_count() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("report.xml");
        fs::write(&file, "<testsuites><testcase/></testsuites>").unwrap();
        let report = Context::run_with_junit(&mut shell("exit 1"), &file).unwrap();
        assert!(
            matches!(
                report,
                Report::Tests {
                    counts: None,
                    error: Some(_)
                }
            ),
            "{report:?}"
        );
    }

    #[test]
    fn the_results_of_cargo_test_are_read_from_its_output() {
        let script = "echo 'test result: ok. 4 passed; 0 failed; 0 ignored'; exit 101";
        let report = Context::run_cargo_test(&mut shell(script)).unwrap();
        let expected = Counts { passed: 4, failed: 0 };
        assert!(
            matches!(report, Report::Tests { counts: Some(counts), error: Some(_) } if counts == expected),
            "{report:?}"
        );
    }
}
