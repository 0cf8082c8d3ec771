//! A `PgBouncer` on an unused port.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use sqlx::{Connection as _, PgConnection};
use url::Url;

use crate::suite::{self, unique};

/// In transaction mode, with two connections to the server for each database. Killed when it is
/// dropped.
pub(crate) struct PgBouncer {
    port: u16,
    directory: PathBuf,
    process: Child,
}

impl PgBouncer {
    pub(crate) fn start(server: &str) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let directory = std::env::temp_dir().join(format!("logto-pgbouncer-{}", unique()));
        fs::create_dir(&directory).unwrap();
        let program = program();
        let settings = settings(&Url::parse(server).unwrap(), port, &directory, &program);
        let file = directory.join("pgbouncer.ini");
        fs::write(&file, settings).unwrap();
        let mut command = Command::new(program);
        if is_root() {
            // It refuses to run as root.
            command.args(["--user", "nobody"]);
        }
        let log = fs::File::create(directory.join("log")).unwrap();
        command.arg("--quiet").arg(&file).stdin(Stdio::null());
        command.stdout(Stdio::null()).stderr(log);
        let process = command.spawn().expect("the program pgbouncer");
        let mut pgbouncer = Self {
            port,
            directory,
            process,
        };
        pgbouncer.wait();
        pgbouncer
    }

    fn wait(&mut self) {
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            let status = self.process.try_wait().unwrap();
            assert!(status.is_none(), "pgbouncer has ended: {}", self.log());
            thread::sleep(Duration::from_millis(50));
        }
        panic!("pgbouncer does not answer: {}", self.log());
    }

    fn log(&self) -> String {
        fs::read_to_string(self.directory.join("log")).unwrap()
    }

    /// The connection string of the server, with the pooler in its place, and another parameter.
    pub(crate) fn address(&self, server: &str, parameter: &str) -> String {
        let mut url = Url::parse(server).unwrap();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.set_query(Some(parameter));
        url.into()
    }

    /// The number of connections from the pooler to the server.
    pub(crate) async fn server_connections(&self, database: &str) -> i64 {
        let mut connection = PgConnection::connect(&suite::address("DATABASE_URL")).await.unwrap();
        let query = "SELECT count(*) FROM pg_stat_activity WHERE datname = $1";
        sqlx::query_scalar(query)
            .bind(database)
            .fetch_one(&mut connection)
            .await
            .unwrap()
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.directory);
    }
}

fn settings(server: &Url, port: u16, directory: &Path, program: &Path) -> String {
    let users = directory.join("users");
    let password = server.password().unwrap_or_default();
    fs::write(&users, format!("\"{}\" \"{password}\"\n", server.username())).unwrap();
    let mut settings = format!(
        "[databases]\n* = host={} port={}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n\
         unix_socket_dir =\nauth_type = trust\nauth_file = {}\npool_mode = transaction\ndefault_pool_size = 2\n\
         max_client_conn = 1000\n",
        server.host_str().unwrap(),
        server.port().unwrap_or(5432),
        users.display()
    );
    if knows_prepared_statements(program) {
        settings.push_str("max_prepared_statements = 0\n");
    }
    settings
}

/// Since version 1.21. An earlier one rejects the setting.
fn knows_prepared_statements(program: &Path) -> bool {
    let output = Command::new(program).arg("--version").output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let version = text
        .split_whitespace()
        .nth(1)
        .and_then(|version| version.strip_prefix("1."));
    let minor = version.and_then(|minor| minor.split('.').next()?.parse::<u32>().ok());
    minor.expect("a version of pgbouncer") >= 21
}

/// Debian installs it where the `PATH` of users does not lead.
fn program() -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut files = std::env::split_paths(&path)
        .chain(["/usr/sbin".into()])
        .map(|directory| directory.join("pgbouncer"));
    files
        .find(|file| file.is_file())
        .expect("pgbouncer is missing. Debian, Ubuntu: apt-get install pgbouncer. macOS: brew install pgbouncer.")
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output().unwrap();
    output.stdout.starts_with(b"0\n")
}
