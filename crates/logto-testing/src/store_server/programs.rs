//! The servers' programs, arguments and data directories.

use std::{
    fs,
    os::unix::fs::chown,
    path::{Path, PathBuf},
    process::Command,
};

use super::{
    error::{StoreServerError, io},
    kind::StoreKind,
    process::{Account, find_program, postgres_account, run_as},
};

/// Creates the data that the server needs for its first start.
pub(super) fn prepare(kind: StoreKind, directory: &Path) -> Result<(), StoreServerError> {
    match kind {
        StoreKind::Redis => Ok(()),
        StoreKind::Postgres => init_db(&postgres_data(directory), postgres_account()?),
    }
}

/// The command that starts the server.
pub(super) fn command(
    kind: StoreKind,
    port: u16,
    directory: &Path,
    in_memory: bool,
) -> Result<Command, StoreServerError> {
    match kind {
        StoreKind::Redis => redis(port, directory, in_memory),
        StoreKind::Postgres => postgres(port, directory),
    }
}

fn redis(port: u16, directory: &Path, in_memory: bool) -> Result<Command, StoreServerError> {
    let program = find_program(&["redis-server", "valkey-server"]).ok_or(StoreServerError::ProgramMissing {
        program: "redis-server",
        debian: "redis-server",
        homebrew: "redis",
    })?;
    let mut command = Command::new(program);
    command
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", ""])
        .arg("--dir")
        .arg(directory);
    if in_memory {
        command.args(["--appendonly", "no"]);
    } else {
        // Each write is on disk before the client gets its answer.
        command.args(["--appendonly", "yes", "--appendfsync", "always"]);
    }
    Ok(command)
}

fn postgres(port: u16, directory: &Path) -> Result<Command, StoreServerError> {
    let mut command = Command::new(find_postgres_program("postgres")?);
    command
        .args(["-p", &port.to_string(), "-k", "", "-D"])
        .arg(postgres_data(directory));
    let settings = [
        "listen_addresses=127.0.0.1",
        // The kernel completes the writes of a killed process.
        "fsync=off",
        // Keeps shared memory in files of the data directory, which is removed with the server. A
        // killed server would leave POSIX shared memory behind.
        "dynamic_shared_memory_type=mmap",
    ];
    for setting in settings {
        command.args(["-c", setting]);
    }
    run_as(&mut command, postgres_account()?);
    Ok(command)
}

fn init_db(data: &Path, account: Option<Account>) -> Result<(), StoreServerError> {
    let program = find_postgres_program("initdb")?;
    fs::create_dir(data).map_err(io("creating PostgreSQL's data directory"))?;
    if let Some(Account { user, group }) = account {
        chown(data, Some(user), Some(group)).map_err(io("giving PostgreSQL its data directory"))?;
    }
    let mut command = Command::new(program);
    command
        .arg("-D")
        .arg(data)
        .args(["-A", "trust", "-U", "postgres", "--no-sync"])
        .current_dir("/");
    let output = run_as(&mut command, account).output().map_err(io("starting initdb"))?;
    if output.status.success() {
        Ok(())
    } else {
        let message = String::from_utf8_lossy(&output.stderr);
        Err(StoreServerError::InitDb(message.trim().to_owned()))
    }
}

fn postgres_data(directory: &Path) -> PathBuf {
    directory.join("data")
}

fn find_postgres_program(program: &'static str) -> Result<PathBuf, StoreServerError> {
    find_program(&[program]).ok_or(StoreServerError::ProgramMissing {
        program,
        debian: "postgresql",
        homebrew: "postgresql",
    })
}
