//! Programs of the system: where they are, as whom they run, signals to them.

use std::{
    env,
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Command, Stdio},
};

/// The first of these programs that there is.
pub(super) fn program(names: &[&str]) -> PathBuf {
    let path = env::var_os("PATH").unwrap_or_default();
    let mut directories: Vec<PathBuf> = env::split_paths(&path).collect();
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    directories.extend(versions.map(|version| version.path().join("bin")));
    directories
        .iter()
        .flat_map(|directory| names.iter().map(|name| directory.join(name)))
        .find(|path| path.is_file())
        .unwrap_or_else(|| {
            panic!(
                "{} is missing; script/test installs it, or tells how",
                names.join(" or ")
            )
        })
}

/// User and group to run as, when this process is root.
pub(super) fn owner() -> Option<(u32, u32)> {
    let number = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).output().expect("id can be started");
        String::from_utf8_lossy(&output.stdout).trim().parse().ok()
    };
    (number(&["-u"]) == Some(0)).then(|| {
        let of_postgres = |what| number(&[what, "postgres"]).expect("there is a user postgres");
        (of_postgres("-u"), of_postgres("-g"))
    })
}

pub(super) fn run_as(command: &mut Command, owner: Option<(u32, u32)>) -> &mut Command {
    if let Some((user, group)) = owner {
        command.uid(user).gid(group);
    }
    command
}

/// Sends a signal to a process and its children; those of PostgreSQL are in groups of their own.
pub(super) fn signal(name: &str, process: u32) {
    let process = process.to_string();
    let output = Command::new("ps").args(["-A", "-o", "pid=", "-o", "ppid="]).output();
    let list = output.expect("ps can be started").stdout;
    let list = String::from_utf8_lossy(&list);
    let children = list.lines().filter_map(|line| {
        let (pid, parent) = line.trim().split_once(char::is_whitespace)?;
        (parent.trim() == process).then_some(pid)
    });
    // The parent first: it would take the end of a child for a crash, and start another.
    let _ = Command::new("kill")
        .args(["-s", name, &process])
        .args(children)
        .stderr(Stdio::null())
        .status();
}
