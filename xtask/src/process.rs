//! Starting programs and waiting for them.

use std::{
    io,
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
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

/// Runs a command of the set-up, such as a download, and kills it after `seconds`. Its output goes
/// to standard error.
pub(crate) fn run_limited(seconds: u64, command: &mut Command) -> Result {
    wait_limited(seconds, command.stdout(io::stderr()))
}

/// Whether a command succeeds within `seconds`. Its output is discarded.
pub(crate) fn succeeds_within(seconds: u64, command: &mut Command) -> bool {
    wait_limited(seconds, command.stdout(Stdio::null()).stderr(Stdio::null())).is_ok()
}

fn wait_limited(seconds: u64, command: &mut Command) -> Result {
    command.stdin(Stdio::null());
    let program = name(command);
    let mut child = command.spawn().map_err(|source| Error::Start {
        program: program.clone(),
        source,
    })?;
    let deadline = Instant::now() + Duration::from_secs(seconds);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(Error::Exit { program, status }),
            Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(50)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(Error::Timeout { program, seconds });
            }
            Err(source) => return Err(Error::Start { program, source }),
        }
    }
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
    fn kills_a_command_that_takes_too_long() {
        let error = run_limited(0, &mut shell("exec sleep 600")).unwrap_err();
        assert!(matches!(error, Error::Timeout { .. }), "{error}");
    }

    #[test]
    fn the_output_of_a_failed_command_is_not_used() {
        assert_eq!(output(&mut shell("echo text")).unwrap(), "text\n");
        assert_eq!(output(&mut shell("echo text; exit 1")), None);
        assert_eq!(output(&mut Command::new("/nonexistent")), None);
    }
}
