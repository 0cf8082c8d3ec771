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

/// On `PATH`, or where Debian keeps the programs of each version.
fn has_initdb(environment: &Environment) -> bool {
    let mut versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    environment.has("initdb") || versions.any(|version| version.path().join("bin/initdb").is_file())
}
