//! Shared by the steps: the workspace, the environment and the ways to start programs.

use std::{
    ffi::OsStr,
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    counts::{self, Counts},
    report::Report,
};
use crate::{
    environment::Environment,
    error::{Error, Result},
    output::note,
    process::{run, status},
    workspace::Workspace,
};

pub(super) struct Context {
    pub(super) workspace: Workspace,
    pub(super) environment: Environment,
}

impl Context {
    pub(super) fn new() -> Result<Self> {
        Ok(Self {
            workspace: Workspace::load()?,
            environment: Environment::default(),
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

    /// A file for the report of a test program.
    pub(super) fn report_file(&self, name: &str) -> PathBuf {
        self.workspace.target.join(name)
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
        first.map_or_else(|| Ok(Report::passed()), Err)
    }

    /// Runs a test program that writes a `JUnit` report to the file.
    pub(super) fn run_with_junit(command: &mut Command, report: &Path) -> Result<Report> {
        // A report of an earlier run must not count.
        let _ = fs::remove_file(report);
        let status = status(command)?;
        let text = fs::read_to_string(report).unwrap_or_default();
        Ok(Report::tests(counts::in_junit(&text).unwrap_or_default(), status))
    }

    /// Runs `cargo test`, and reads the results from its output while passing that on.
    pub(super) fn run_cargo_test(command: &mut Command) -> Result<Report> {
        let failed = |source| Error::Start {
            program: "cargo test".to_owned(),
            source,
        };
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command.spawn().map_err(failed)?;
        let output = child
            .stdout
            .take()
            .into_iter()
            .flat_map(|output| BufReader::new(output).lines());
        let counts: Counts = output
            .map_while(std::result::Result::ok)
            .inspect(|line| println!("{line}"))
            .map(|line| counts::in_cargo_test(&line))
            .sum();
        Ok(Report::tests(counts, child.wait().map_err(failed)?))
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
        assert_eq!(report.counts, Counts { passed: 0, failed: 1 });
    }

    #[test]
    fn the_results_of_cargo_test_are_read_from_its_output() {
        let script = "echo 'test result: ok. 4 passed; 0 failed; 0 ignored'; exit 101";
        let report = Context::run_cargo_test(&mut shell(script)).unwrap();
        assert_eq!(report.counts, Counts { passed: 4, failed: 1 });
    }
}
