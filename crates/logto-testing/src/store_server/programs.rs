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
    tls::StoreTls,
};

/// The name under which the sentinels know the primary.
pub(super) const PRIMARY_NAME: &str = "mymaster";

/// How long a server is down until others take its place, in milliseconds.
pub(super) const FAILOVER_AFTER_MS: u32 = 1_000;

/// How a server is started.
#[derive(Clone, Debug)]
pub(super) enum Program {
    Redis(RedisSettings),
    /// A sentinel, with a file of settings that it changes itself.
    Sentinel(SentinelSettings),
    Postgres,
}

#[derive(Clone, Debug, Default)]
pub(super) struct RedisSettings {
    pub(super) in_memory: bool,
    pub(super) tls: Option<StoreTls>,
    /// Further settings, with their values.
    pub(super) further: Vec<[String; 2]>,
}

#[derive(Clone, Debug)]
pub(super) struct SentinelSettings {
    /// The port of the primary.
    pub(super) primary: u16,
    pub(super) tls: Option<StoreTls>,
}

/// The ports of a server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ports {
    /// The one of the connection string.
    pub(super) main: u16,
    /// Another one without TLS, for commands of the test.
    pub(super) plain: u16,
}

impl Program {
    pub(super) fn kind(&self) -> StoreKind {
        match self {
            Self::Redis(_) | Self::Sentinel(_) => StoreKind::Redis,
            Self::Postgres => StoreKind::Postgres,
        }
    }

    pub(super) fn has_tls(&self) -> bool {
        match self {
            Self::Redis(RedisSettings { tls, .. }) | Self::Sentinel(SentinelSettings { tls, .. }) => tls.is_some(),
            Self::Postgres => false,
        }
    }

    pub(super) fn url(&self, port: u16) -> String {
        match self {
            Self::Postgres => format!("postgres://postgres@127.0.0.1:{port}/postgres"),
            _ if self.has_tls() => format!("rediss://localhost:{port}"),
            _ => format!("redis://127.0.0.1:{port}"),
        }
    }

    /// Creates the data that the server needs for its first start.
    pub(super) fn prepare(&self, ports: Ports, directory: &Path) -> Result<(), StoreServerError> {
        match self {
            Self::Redis(_) => Ok(()),
            Self::Sentinel(settings) => settings.write(ports, directory),
            Self::Postgres => init_db(&postgres_data(directory), postgres_account()?),
        }
    }

    /// The command that starts the server.
    pub(super) fn command(&self, ports: Ports, directory: &Path) -> Result<Command, StoreServerError> {
        match self {
            Self::Redis(settings) => settings.command(ports, directory),
            Self::Sentinel(_) => {
                let mut command = Command::new(find_redis()?);
                command.arg(sentinel_file(directory)).arg("--sentinel");
                Ok(command)
            }
            Self::Postgres => postgres(ports.main, directory),
        }
    }
}

impl RedisSettings {
    fn command(&self, ports: Ports, directory: &Path) -> Result<Command, StoreServerError> {
        let mut command = Command::new(find_redis()?);
        command.args(["--save", ""]).arg("--dir").arg(directory);
        if self.in_memory {
            command.args(["--appendonly", "no"]);
        } else {
            // Each write is on disk before the client gets its answer.
            command.args(["--appendonly", "yes", "--appendfsync", "always"]);
        }
        for [setting, value] in network(ports, self.tls.as_ref(), directory)?
            .iter()
            .chain(&self.further)
        {
            command.arg(format!("--{setting}")).args(value.split(' '));
        }
        Ok(command)
    }
}

impl SentinelSettings {
    fn write(&self, ports: Ports, directory: &Path) -> Result<(), StoreServerError> {
        let setting = |name: &str, value: String| [name.to_owned(), value];
        let primary = |value: String| setting("sentinel", value);
        let mut settings = network(ports, self.tls.as_ref(), directory)?;
        settings.extend([
            setting("dir", directory.display().to_string()),
            primary(format!("monitor {PRIMARY_NAME} 127.0.0.1 {} 2", self.primary)),
            primary(format!("down-after-milliseconds {PRIMARY_NAME} {FAILOVER_AFTER_MS}")),
            primary(format!("failover-timeout {PRIMARY_NAME} 5000")),
        ]);
        let text = settings
            .iter()
            .map(|setting| setting.join(" "))
            .collect::<Vec<_>>()
            .join("\n");
        fs::write(sentinel_file(directory), text).map_err(io("writing the sentinel's settings"))
    }
}

/// Addresses and certificates. With TLS, servers encrypt connections to each other too.
fn network(ports: Ports, tls: Option<&StoreTls>, directory: &Path) -> Result<Vec<[String; 2]>, StoreServerError> {
    let setting = |name: &str, value: String| [name.to_owned(), value];
    let mut settings = vec![
        setting("bind", "127.0.0.1".to_owned()),
        setting("port", ports.plain.to_string()),
    ];
    if let Some(tls) = tls {
        settings.push(setting("tls-port", ports.main.to_string()));
        settings.push(setting("tls-replication", "yes".to_owned()));
        settings.extend(tls.write(directory)?);
    }
    Ok(settings)
}

fn find_redis() -> Result<PathBuf, StoreServerError> {
    find_program(&["redis-server", "valkey-server"]).ok_or(StoreServerError::ProgramMissing {
        program: "redis-server",
        debian: "redis-server",
        homebrew: "redis",
    })
}

fn sentinel_file(directory: &Path) -> PathBuf {
    directory.join("sentinel.conf")
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
