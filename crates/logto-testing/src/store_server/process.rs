//! Programs of the operating system: their paths, their user, and signals to them.

use std::{
    env,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Command, Stdio},
};

use super::error::{StoreServerError, io};

/// The directory where Debian installs each version of PostgreSQL, outside `PATH`.
const DEBIAN_POSTGRES: &str = "/usr/lib/postgresql";

/// The first program with one of these names, on `PATH` or among Debian's PostgreSQL programs.
pub(super) fn find_program(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut directories: Vec<PathBuf> = env::split_paths(&path).collect();
    let versions = std::fs::read_dir(DEBIAN_POSTGRES).into_iter().flatten().flatten();
    directories.extend(versions.map(|version| version.path().join("bin")));
    directories
        .iter()
        .flat_map(|directory| names.iter().map(|name| directory.join(name)))
        .find(|path| path.is_file())
}

/// Numeric ids of a user and their group.
#[derive(Clone, Copy)]
pub(super) struct Account {
    pub(super) user: u32,
    pub(super) group: u32,
}

/// The account PostgreSQL must run as when this process is root; `None` for any other user.
pub(super) fn postgres_account() -> Result<Option<Account>, StoreServerError> {
    if id(&["-u"])? != Some(0) {
        return Ok(None);
    }
    match (id(&["-u", "postgres"])?, id(&["-g", "postgres"])?) {
        (Some(user), Some(group)) => Ok(Some(Account { user, group })),
        _ => Err(StoreServerError::UserMissing),
    }
}

/// The output of `id`, as a number.
fn id(arguments: &[&str]) -> Result<Option<u32>, StoreServerError> {
    let output = Command::new("id").args(arguments).output().map_err(io("starting id"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().parse().ok())
}

pub(super) fn run_as(command: &mut Command, account: Option<Account>) -> &mut Command {
    if let Some(Account { user, group }) = account {
        command.uid(user).gid(group);
    }
    command
}

/// Sends a signal to a process and its children. PostgreSQL puts each child into a process group
/// of its own, so that signalling the group would miss them.
pub(super) fn signal(name: &str, process: u32) -> std::io::Result<()> {
    let process = process.to_string();
    let output = Command::new("ps").args(["-A", "-o", "pid=", "-o", "ppid="]).output()?;
    let list = String::from_utf8_lossy(&output.stdout);
    let children = list.lines().filter_map(|line| {
        let (pid, parent) = line.trim().split_once(char::is_whitespace)?;
        (parent.trim() == process).then_some(pid)
    });
    // The parent first: otherwise it would see a crashed child and start another one.
    Command::new("kill")
        .args(["-s", name, &process])
        .args(children)
        .stderr(Stdio::null())
        .status()?;
    Ok(())
}
