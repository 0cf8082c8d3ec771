//! A Redis or PostgreSQL of the test's own, to be killed, frozen and started again. Both are the
//! real programs.

mod processes;

use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use self::processes::{owner, program, run_as, signal};
use crate::random;

/// A server on a free port of 127.0.0.1, with its data in a directory of its own. Both end with
/// this value.
///
/// What it has acknowledged outlives a kill, as on a server that is set up for that.
#[derive(Debug)]
#[must_use = "it ends when dropped"]
pub struct StoreServer {
    kind: Kind,
    port: u16,
    directory: PathBuf,
    process: Option<Child>,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Redis,
    Postgres,
}

impl StoreServer {
    /// Redis or Valkey, found on `PATH`.
    pub fn redis() -> Self {
        Self::start_new(Kind::Redis)
    }

    /// PostgreSQL, found on `PATH` or where Debian keeps it. It does not run as root: there it is
    /// the user `postgres`.
    pub fn postgres() -> Self {
        Self::start_new(Kind::Postgres)
    }

    fn start_new(kind: Kind) -> Self {
        let directory = std::env::temp_dir().join(format!("logto-testing-{}", random::id()));
        fs::create_dir(&directory).expect("a directory for temporary files");
        let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = free.local_addr().expect("a bound socket has an address").port();
        drop(free);
        let mut server = Self {
            kind,
            port,
            directory,
            process: None,
        };
        if matches!(kind, Kind::Postgres) {
            server.prepare_postgres();
        }
        server.start();
        server
    }

    /// The connection string.
    pub fn url(&self) -> String {
        match self.kind {
            Kind::Redis => format!("redis://127.0.0.1:{}", self.port),
            Kind::Postgres => format!("postgres://postgres@127.0.0.1:{}/postgres", self.port),
        }
    }

    /// Starts it with the data it had, and waits until it takes connections.
    pub fn start(&mut self) {
        for _ in 0..600 {
            if let Some(process) = &mut self.process {
                // After a kill what was left of PostgreSQL may stand in the way for a moment: then
                // it ends, and is started again.
                if process.try_wait().expect("a child of this process").is_some() {
                    self.process = None;
                } else if TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok() {
                    return;
                }
            } else {
                self.process = Some(self.command().spawn().expect("a program that was found can be started"));
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{:?} does not take connections after 30 seconds", self.kind);
    }

    /// Kills it with SIGKILL, with everything it has started.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            signal("KILL", process.id());
            let _ = process.wait();
        }
    }

    /// Stops it with SIGSTOP: connections stay open, and nothing answers.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        signal(name, self.process.as_ref().expect("a server that runs").id());
    }

    fn prepare_postgres(&self) {
        let data = self.data();
        fs::create_dir(&data).expect("a directory of our own");
        let mut command = Command::new(program(&["initdb"]));
        if let Some((user, group)) = owner() {
            std::os::unix::fs::chown(&data, Some(user), Some(group)).expect("root may give a directory away");
        }
        command
            .arg("-D")
            .arg(&data)
            .args(["-A", "trust", "-U", "postgres", "--no-sync"]);
        let output = run_as(&mut command, owner()).output().expect("initdb can be started");
        assert!(
            output.status.success(),
            "initdb failed: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }

    fn data(&self) -> PathBuf {
        self.directory.join("data")
    }

    fn command(&self) -> Command {
        let mut command = match self.kind {
            Kind::Redis => {
                let mut command = Command::new(program(&["redis-server", "valkey-server"]));
                // Written before the answer goes out.
                let durable = ["--appendonly", "yes", "--appendfsync", "always", "--save", ""];
                command
                    .args(["--bind", "127.0.0.1", "--port", &self.port.to_string()])
                    .args(durable)
                    .arg("--dir")
                    .arg(&self.directory);
                command
            }
            Kind::Postgres => {
                let mut command = Command::new(program(&["postgres"]));
                // Not to disk at once: processes are killed here, not machines.
                let settings = [
                    "listen_addresses=127.0.0.1",
                    "fsync=off",
                    "dynamic_shared_memory_type=mmap",
                ];
                command
                    .args(["-p", &self.port.to_string(), "-k", "", "-D"])
                    .arg(self.data());
                for setting in settings {
                    command.args(["-c", setting]);
                }
                run_as(&mut command, owner());
                command
            }
        };
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.current_dir(Path::new("/"));
        command
    }
}

impl Drop for StoreServer {
    fn drop(&mut self) {
        self.kill();
        let _ = fs::remove_dir_all(&self.directory);
    }
}
