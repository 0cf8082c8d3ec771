//! Servers for tests: those of the session stores, and a proxy.

use std::path::Path;

use super::apt;
use crate::{
    environment::Environment,
    error::{Error, Result},
};

pub(super) fn set_up_redis(environment: &Environment) -> Result {
    if environment.has("valkey-server") {
        return Ok(());
    }
    apt::set_up_program(
        environment,
        "redis-server",
        "redis-server",
        "redis-server is missing",
        "macOS: brew install redis",
    )
}

pub(super) fn set_up_postgres(environment: &Environment) -> Result {
    if has_initdb(environment) || apt::install(environment, &["postgresql"]) && has_initdb(environment) {
        return Ok(());
    }
    Err(Error::advised(
        "PostgreSQL's initdb is missing",
        [
            "Debian, Ubuntu: apt-get install postgresql",
            "macOS: brew install postgresql",
        ],
    ))
}

pub(super) fn set_up_nginx(environment: &mut Environment) -> Result {
    // On Debian only root has this directory on its path.
    environment.append_path(Path::new("/usr/sbin"));
    apt::set_up_program(
        environment,
        "nginx",
        "nginx",
        "nginx is missing",
        "macOS: brew install nginx",
    )
}

/// A connection pooler, for tests of the PostgreSQL store behind one.
pub(super) fn set_up_pgbouncer(environment: &Environment) -> Result {
    // Debian installs it where the `PATH` of users does not lead.
    let has_it = || environment.has("pgbouncer") || Path::new("/usr/sbin/pgbouncer").is_file();
    if has_it() || apt::install(environment, &["pgbouncer"]) && has_it() {
        return Ok(());
    }
    Err(Error::advised(
        "pgbouncer is not installed",
        [
            "Debian, Ubuntu: apt-get install pgbouncer",
            "macOS: brew install pgbouncer",
        ],
    ))
}

/// On `PATH`, or where Debian keeps the programs of each version.
fn has_initdb(environment: &Environment) -> bool {
    let mut versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    environment.has("initdb") || versions.any(|version| version.path().join("bin/initdb").is_file())
}
