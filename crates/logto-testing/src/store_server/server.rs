//! A running server, and the signals that tests send to it.

use std::{
    fs::{self, Permissions},
    net::{Ipv4Addr, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Stdio},
    thread,
};

use super::{
    error::{StoreServerError, io},
    kind::StoreKind,
    ports,
    process::signal,
    programs::{Ports, Program},
    resp,
    wait::{POLL_INTERVAL, POLLS},
};
use crate::random;

/// A real Redis or PostgreSQL server on an unused port of 127.0.0.1, for tests and scripts.
///
/// Its data is in a temporary directory. Dropping this value kills the server and removes the
/// directory.
///
/// By default acknowledged writes survive [`kill`](Self::kill), as on a durable production server;
/// see [`StoreServerBuilder::in_memory`](crate::StoreServerBuilder::in_memory).
///
/// The server runs in the process group of this process: Ctrl-C in a terminal reaches it too. A
/// program that handles SIGINT or SIGTERM has to drop this value before it exits.
///
/// ```no_run
/// use logto_testing::StoreServer;
///
/// let mut redis = StoreServer::redis();
/// let url = redis.url(); // redis://127.0.0.1:49152
/// redis.kill();
/// // The app under test answers 503 …
/// redis.start();
/// // … and recovers.
/// ```
#[derive(Debug)]
#[must_use = "the server is killed when this value is dropped"]
pub struct StoreServer {
    program: Program,
    ports: Ports,
    directory: PathBuf,
    process: Option<Child>,
}

impl StoreServer {
    /// Starts Redis or Valkey, found on `PATH`.
    ///
    /// # Panics
    ///
    /// If the server cannot be started; [`builder`](Self::builder) returns the error instead.
    pub fn redis() -> Self {
        Self::start_or_panic(StoreKind::Redis)
    }

    /// Starts PostgreSQL, found on `PATH` or in `/usr/lib/postgresql/*/bin`. As root it runs as
    /// the user `postgres`, because PostgreSQL refuses to run as root.
    ///
    /// # Panics
    ///
    /// If the server cannot be started; [`builder`](Self::builder) returns the error instead.
    pub fn postgres() -> Self {
        Self::start_or_panic(StoreKind::Postgres)
    }

    fn start_or_panic(kind: StoreKind) -> Self {
        Self::builder(kind).start().unwrap_or_else(|error| panic!("{error}"))
    }

    pub(super) fn start_new(program: Program) -> Result<Self, StoreServerError> {
        let port = ports::unused().map_err(io("finding an unused port"))?;
        Self::start_at(port, program)
    }

    /// Starts a node of a cluster, whose bus needs a second unused port.
    pub(super) fn start_node(program: Program) -> Result<Self, StoreServerError> {
        let port = ports::unused_in_cluster().map_err(io("finding an unused port"))?;
        Self::start_at(port, program)
    }

    fn start_at(main: u16, program: Program) -> Result<Self, StoreServerError> {
        let plain = if program.has_tls() {
            ports::unused().map_err(io("finding an unused port"))?
        } else {
            main
        };
        let mut server = Self {
            program,
            ports: Ports { main, plain },
            directory: temporary_directory()?,
            process: None,
        };
        server.program.prepare(server.ports, &server.directory)?;
        server.try_start()?;
        Ok(server)
    }

    /// The connection string.
    pub fn url(&self) -> String {
        self.program.url(self.ports.main)
    }

    /// The port of the connection string.
    pub fn port(&self) -> u16 {
        self.ports.main
    }

    /// Sends a command to Redis or a sentinel, and returns the answer as text: the elements of an
    /// array in lines. The connection is not encrypted, and the user is `default`.
    ///
    /// # Errors
    ///
    /// If the server is not reachable, answers with an error, or is PostgreSQL.
    pub fn command(&self, arguments: &[&str]) -> std::io::Result<String> {
        resp::command(self.ports.plain, arguments)
    }

    /// Starts the server with the data it had, and waits until it accepts connections. No-op if it
    /// is running.
    ///
    /// # Panics
    ///
    /// If the server does not accept connections within 30 seconds.
    pub fn start(&mut self) {
        self.try_start().unwrap_or_else(|error| panic!("{error}"));
    }

    fn try_start(&mut self) -> Result<(), StoreServerError> {
        for _ in 0..POLLS {
            if self.has_exited()? {
                // Never started, or the remaining processes of a killed PostgreSQL made it exit.
                self.process = Some(self.spawn()?);
            } else if TcpStream::connect((Ipv4Addr::LOCALHOST, self.ports.main)).is_ok() {
                return Ok(());
            }
            thread::sleep(POLL_INTERVAL);
        }
        Err(StoreServerError::NotListening {
            kind: self.program.kind(),
            output: fs::read_to_string(self.output_path()).unwrap_or_default(),
        })
    }

    fn has_exited(&mut self) -> Result<bool, StoreServerError> {
        let Some(process) = &mut self.process else {
            return Ok(true);
        };
        let status = process.try_wait().map_err(io("waiting for the server"))?;
        Ok(status.is_some())
    }

    fn spawn(&self) -> Result<Child, StoreServerError> {
        let output = fs::File::create(self.output_path()).map_err(io("creating the server's log"))?;
        let errors = output.try_clone().map_err(io("creating the server's log"))?;
        self.program
            .command(self.ports, &self.directory)?
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .current_dir(Path::new("/"))
            .spawn()
            .map_err(io("starting the server"))
    }

    fn output_path(&self) -> PathBuf {
        self.directory.join("output.log")
    }

    /// Sends SIGKILL to the server and its child processes.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            // The children of PostgreSQL exit by themselves if `ps` or `kill` is missing.
            let _ = signal("KILL", process.id());
            let _ = process.kill();
            let _ = process.wait();
        }
    }

    /// Sends SIGSTOP to the server: connections stay open, but requests get no answer.
    ///
    /// # Panics
    ///
    /// If the server is not running, or the programs `ps` and `kill` are missing.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Sends SIGCONT to a server that [`freeze`](Self::freeze) stopped.
    ///
    /// # Panics
    ///
    /// If the server is not running, or the programs `ps` and `kill` are missing.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let process = self.process.as_ref().expect("the server is running");
        signal(name, process.id()).expect("the programs ps and kill are installed");
    }
}

impl Drop for StoreServer {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

/// PostgreSQL, which may run as another user, must be able to enter the directory.
fn temporary_directory() -> Result<PathBuf, StoreServerError> {
    let directory = std::env::temp_dir().join(format!("logto-testing-{}", random::id()));
    fs::create_dir(&directory)
        .and_then(|()| fs::set_permissions(&directory, Permissions::from_mode(0o755)))
        .map_err(io("creating a temporary directory"))?;
    Ok(directory)
}
