//! Starting programs and waiting for them.

use std::{
    io,
    process::{Command, ExitStatus, Stdio},
};

use crate::error::{Error, Result};

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

/// Runs a command to its end, with the output of this process.
pub(crate) fn status(command: &mut Command) -> Result<ExitStatus> {
    command.stdin(Stdio::null()).status().map_err(|source| Error::Start {
        program: name(command),
        source,
    })
}

/// Runs a command that has to succeed.
pub(crate) fn run(command: &mut Command) -> Result {
    match status(command)? {
        status if status.success() => Ok(()),
        status => Err(Error::Exit {
            program: name(command),
            status,
        }),
    }
}

/// The standard output of a command that succeeds; `None` if it does not or cannot be started.
pub(crate) fn output(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    output.status.success().then_some(text)
}

/// Whether a command succeeds. Its output is discarded.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    output(command).is_some()
}

/// Runs a command of the set-up, such as a download. Its output goes to standard error, because a
/// script evaluates the standard output.
pub(crate) fn run_to_stderr(command: &mut Command) -> Result {
    run(command.stdout(io::stderr()))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn reports_the_exit_code_of_a_failed_command() {
        let error = run(&mut shell("exit 3")).unwrap_err().to_string();
        assert!(error.contains("sh") && error.contains('3'), "{error}");
        assert!(run(&mut shell("exit 0")).is_ok());
    }

    #[test]
    fn the_output_of_a_failed_command_is_not_used() {
        assert_eq!(output(&mut shell("echo text")).unwrap(), "text\n");
        assert_eq!(output(&mut shell("echo text; exit 1")), None);
        assert_eq!(output(&mut Command::new("/nonexistent")), None);
    }
}
